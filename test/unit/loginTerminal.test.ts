import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { loginTerminal } from '../../src/connections/loginTerminal.ts';
import { isAlive } from '../support/processes.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-login-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A terminal around a script, with what it has shown. */
async function terminalOf(script: string, limitMs?: number) {
  const file = join(folder, 'aws.cjs');
  await writeFile(file, script);
  const succeeded = vi.fn();
  const terminal = loginTerminal(process.execPath, [file], succeeded, limitMs);
  let shown = '';
  terminal.onDidWrite(text => (shown += text));
  terminal.open(undefined);
  return { terminal, succeeded, shown: () => shown };
}

const until = (check: () => boolean) => vi.waitUntil(check, { timeout: 20_000 });

it('outlives typing into a program that has closed its input or has just ended', async () => {
  const { terminal, shown, succeeded } = await terminalOf(
    `require('node:fs').closeSync(0); console.log('closed'); setTimeout(() => {}, 500)`,
  );
  await until(() => shown().includes('closed'));
  // Each write would be an uncaught EPIPE, which vitest reports as a failure of the run.
  while (!shown().includes('Signed in.')) {
    terminal.handleInput?.('y');
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  expect(succeeded).toHaveBeenCalledOnce();
});

it('ends a program that takes too long, and one whose terminal is closed', async () => {
  const pidFile = join(folder, 'pid');
  const hanging = `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, process.pid + '.');
    setInterval(() => {}, 1000)`;
  const pidOf = async (): Promise<number> =>
    parseInt(
      await vi.waitUntil(
        async () => {
          const text = await readFile(pidFile, 'utf8').catch(() => '');
          return text.endsWith('.') && text;
        },
        { timeout: 20_000 },
      ),
    );

  const closed = await terminalOf(hanging);
  const first = await pidOf();
  closed.terminal.close();
  await until(() => !isAlive(first));

  const late = await terminalOf(hanging, 1_000);
  await until(() => late.shown().includes('took too long'));
  expect(late.shown()).toContain('Press any key');
  const second = parseInt(await readFile(pidFile, 'utf8'));
  await until(() => !isAlive(second));
  expect(late.succeeded).not.toHaveBeenCalled();
}, 60_000);
