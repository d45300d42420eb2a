/** What `copiesCommands.ts` loads when the first of its commands is run. */
export { CopyClipboard } from './clipboard.ts';
export { paste, putOnClipboard } from './clipboardCommands.ts';
export { duplicate } from './duplicateCommand.ts';
export { newFolder } from './newFolder.ts';
export { rename } from './renameCommand.ts';
export { showContinued } from './runTransfer.ts';
