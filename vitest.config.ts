import { defineConfig } from 'vitest/config';

/** What makes sentences only runs without a VS Code. */
const resolve = {
  alias: { vscode: new URL('test/support/vscodeText.ts', import.meta.url).pathname },
};

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        // Some parse every source file, which takes its time on a busy machine.
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          setupFiles: ['test/support/seed.ts'],
          testTimeout: 120_000,
        },
      },
      {
        resolve,
        test: {
          name: 'sandbox',
          include: ['test/sandbox/**/*.test.ts'],
          setupFiles: ['test/support/seed.ts'],
          // Sockets, processes and kills on a busy machine; the report names what was repeated.
          retry: 1,
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        resolve,
        // One workbench at a time: each is a server, an extension host and a browser.
        test: {
          name: 'ui',
          include: ['test/ui/**/*.test.ts'],
          setupFiles: ['test/support/leaveNothingOpen.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'package',
          include: ['test/package/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
