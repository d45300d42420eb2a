import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newTemporaryFolder, ROOT } from '../support/paths.ts';

let folder: string;
let npm: ChildProcess | undefined;

beforeEach(() => {
  folder = newTemporaryFolder('npm');
});
afterEach(() => {
  npm?.kill();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** On Windows npm needs a shell, and neither hands on that it was ended: there, what npm would run. */
function command(options: readonly string[]): [program: string, args: string[]] {
  if (process.platform !== 'win32') return ['npm', ['run', 'sandbox', '--', ...options]];
  return [process.execPath, [join('test', 'support', 'bootstrap.mjs'), 'sandbox', ...options]];
}

async function start(): Promise<Record<string, string>> {
  const options = ['--port', '0', '--data', folder];
  npm = spawn(...command(options), { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] });
  const lines = createInterface({ input: npm.stdout! });
  const [line] = (await once(lines, 'line')) as [string];
  return JSON.parse(line) as Record<string, string>;
}

/** Ends npm; standard output closes when the last process that holds it is gone. */
async function stop(): Promise<void> {
  const closed = once(npm!, 'close');
  npm!.kill('SIGTERM');
  await closed;
}

test('npm run sandbox prints JSON first, stops with npm and continues in its folder', async () => {
  const first = await start();
  expect(Object.keys(first)).toEqual([
    'endpoint',
    'region',
    'accountId',
    'accessKeyId',
    'secretAccessKey',
  ]);
  expect((await fetch(first['endpoint']!)).status).toBe(403);
  await stop();
  await expect(fetch(first['endpoint']!)).rejects.toThrow('fetch failed');

  const second = await start();
  expect(second['accessKeyId']).toBe(first['accessKeyId']);
  await stop();
});
