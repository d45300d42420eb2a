/** What the commands of versions do, loaded when the first of them is run. */
export { compareSelected, compareWithCurrent } from './compareVersions.ts';
export { copyVersionIds, copyVersionUris } from './versionUri.ts';
export { deleteVersionsPermanently } from './deleteVersions.ts';
export { downloadVersions } from './downloadVersions.ts';
export { hideVersions, showVersions } from './showVersions.ts';
export { openVersions } from './openVersions.ts';
export { restoreVersions } from './restoreVersions.ts';
export { undelete } from './undelete.ts';
