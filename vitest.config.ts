import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** What makes sentences only runs without a VS Code. */
const resolve = {
  alias: { vscode: fileURLToPath(new URL('test/support/vscodeText.ts', import.meta.url)) },
};

/** As patterns: with slashes on Windows too. */
function files(glob: string): string[] {
  return globSync(glob, { cwd: import.meta.dirname }).map(file => file.replaceAll('\\', '/'));
}

/** Who puts another module in the place of one needs a process of its own: modules are loaded once in each. */
const MOCKING = files('test/unit/**/*.test.ts').filter(file =>
  readFileSync(new URL(file, import.meta.url), 'utf8').includes('vi.mock('),
);

/**
 * What a test waits for comes when it comes, on a busy machine in seconds: Vitest gives up after one. It
 * stays below the limits of a test, so that what was not there is named.
 */
const PATIENT = { poll: { timeout: 60_000 } };

const unit = {
  expect: PATIENT,
  setupFiles: ['test/support/seed.ts'],
  // Some parse every source file, which takes its time on a busy machine.
  testTimeout: 120_000,
};

/**
 * Who only speaks with a sandbox of its own, as a client does, may share a process with others. Who measures
 * memory, or starts and kills programs, stays alone.
 */
const SPEAKING = files('test/sandbox/{aws,cloud,s3}*.test.ts').filter(
  file => !file.startsWith('test/sandbox/awsCli'),
);

const sandbox = {
  expect: PATIENT,
  setupFiles: ['test/support/seed.ts'],
  // Sockets, processes and kills on a busy machine; the report names what was repeated.
  retry: 1,
  // These end what hangs, and say nothing of speed: with every core taken, 3 seconds of work take 30.
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

/** What a busy machine shows late is waited for: a second, as it is by default, is too short there. */
const patient = { poll: { timeout: 30_000, interval: 100 } };

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        // One process for all: most of the time would go into starting one for each, and into loading again.
        test: {
          ...unit,
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          exclude: MOCKING,
          isolate: false,
        },
      },
      { resolve, test: { ...unit, name: 'unit-mocking', include: MOCKING } },
      {
        resolve,
        test: {
          ...sandbox,
          name: 'sandbox',
          include: ['test/sandbox/**/*.test.ts'],
          exclude: SPEAKING,
        },
      },
      {
        resolve,
        test: { ...sandbox, name: 'sandbox-speaking', include: SPEAKING, isolate: false },
      },
      {
        resolve,
        // One workbench at a time: each is a server, an extension host and a browser.
        test: {
          name: 'ui',
          include: ['test/ui/**/*.test.ts'],
          setupFiles: ['test/support/leaveNothingOpen.ts'],
          fileParallelism: false,
          expect: patient,
          // Each step has its own limit: this one is for the sum of them.
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          fileParallelism: false,
          expect: patient,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
