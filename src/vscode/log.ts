import { window, type LogOutputChannel } from 'vscode';

/**
 * The extension's one log channel (Output view, "Bucket Brigade"). Its lines are English and never
 * hold secrets, presigned URLs or what an object contains.
 */
export const log: LogOutputChannel = window.createOutputChannel('Bucket Brigade', { log: true });
