import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('prepareLongManifest.ts', import.meta.url));

// About six seconds on a machine with nothing else to do.
it('prepares a million tasks in a heap that could not hold them, and goes on answering', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--max-old-space-size=48',
    SCRIPT,
    '1000000',
  ]);
  const { status, total, longest } = JSON.parse(stdout) as Record<string, unknown>;
  expect({ status, total }).toEqual({ status: 'Suspended', total: 1_000_000 });
  // A request waits for one piece of the file at most; the rest is room for a busy machine.
  expect(longest).toBeLessThan(2000);
}, 240_000);
