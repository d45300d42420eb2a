import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseAddress, type SandboxAddress } from './sandboxProcess.ts';

/** What a running sandbox says of itself in its data folder, for windows that did not start it. */
export interface SandboxRecord {
  readonly pid: number;
  readonly address: SandboxAddress;
}

/** The record in a data folder, or undefined where there is none that can be read. */
export async function readSandboxRecord(dataDir: string): Promise<SandboxRecord | undefined> {
  try {
    const json = await readFile(path.join(dataDir, 'sandbox.json'), 'utf8');
    const address = parseAddress(json);
    const { pid } = JSON.parse(json) as { pid?: unknown };
    return address && typeof pid === 'number' ? { pid, address } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process of that id exists (not: whether it is a sandbox). */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
