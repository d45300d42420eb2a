import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';

/**
 * The files under a folder that this process has loaded, ES modules included. The debugger knows:
 * on enabling it reports every script that lives in the process.
 */
export async function loadedFiles(folder: string): Promise<string[]> {
  const session = new Session();
  session.connect();
  const files = new Set<string>();
  session.on('Debugger.scriptParsed', ({ params: { url } }) => {
    if (!url.startsWith('file:')) return;
    const file = fileURLToPath(url.replace(/[?#].*$/, ''));
    if (file.startsWith(folder)) files.add(file);
  });
  await session.post('Debugger.enable');
  await session.post('Debugger.disable');
  session.disconnect();
  return [...files];
}

/** Whether a bundle holds parts of the AWS SDK: SigV4's name is in all of it, minified or not. */
export function holdsAwsSdk(file: string): boolean {
  return /AWS4-HMAC-SHA256|aws-sdk-js/.test(readFileSync(file, 'utf8'));
}
