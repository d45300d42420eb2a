import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answers } from './differences.ts';

/** What AWS answered in one scenario. */
export interface Recording {
  readonly scenario: string;
  /** Some answers are of a Region: us-east-1 is not like the others. */
  readonly region: string;
  /** The month, by UTC: `2026-11`. */
  readonly recorded: string;
  readonly answers: Answers;
}

export const RECORDINGS = join(import.meta.dirname, 'recordings');

export function readRecordings(folder = RECORDINGS): Recording[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .sort()
    .map(name => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recording);
}

/**
 * Writes a recording so that a later one differs in lines: probes in their order, headers sorted.
 * @param secrets what it may not hold
 * @throws Error when it holds one
 */
export async function writeRecording(
  folder: string,
  recording: Recording,
  secrets: readonly string[],
): Promise<string> {
  const text = `${JSON.stringify(recording, undefined, 2)}\n`;
  if (secrets.some(secret => secret !== '' && text.includes(secret))) {
    throw new Error(`The recording ${recording.scenario} would contain account data.`);
  }
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${recording.scenario}.json`);
  await writeFile(file, text);
  return file;
}
