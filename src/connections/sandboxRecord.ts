import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseAddress, type SandboxAddress } from './sandboxProcess.ts';

/** Says to other windows which process serves a data folder, and which port to take again. */
export interface SandboxRecord {
  readonly pid: number;
  readonly address: SandboxAddress;
}

const fileIn = (dataDir: string): string => path.join(dataDir, 'sandbox.json');

/** The record in a data folder, or undefined where there is none that can be read. */
export async function readSandboxRecord(dataDir: string): Promise<SandboxRecord | undefined> {
  try {
    const json = await readFile(fileIn(dataDir), 'utf8');
    const address = parseAddress(json);
    const { pid } = JSON.parse(json) as { pid?: unknown };
    return address && typeof pid === 'number' ? { pid, address } : undefined;
  } catch {
    return undefined;
  }
}

/** Only the user may read it: it holds the sandbox's keys. */
export async function writeSandboxRecord(dataDir: string, record: SandboxRecord): Promise<void> {
  const temporary = `${fileIn(dataDir)}.${process.pid}`;
  const json = JSON.stringify({ ...record.address, pid: record.pid }, undefined, 2);
  await writeFile(temporary, `${json}\n`, { mode: 0o600 });
  await rename(temporary, fileIn(dataDir));
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
