import { build } from 'esbuild';
import { globSync, mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatEvent, readEvents, type Counts } from './hostResults.ts';
import { openHost, type HostRun, type HostTestOptions, type OpenedHost } from './openHost.ts';
import { newTemporaryFolder, OUT, ROOT } from './paths.ts';
import type { VsCode } from './vsCode.ts';

const MOCHA = 'mocha/lib/mocha.cjs';
const START_TIMEOUT_MS = 180_000;
/** More than any test may take. */
const SILENCE_TIMEOUT_MS = 240_000;

/** The host tests whose path contains one of `words`; all without words. */
export function hostTestFiles(words: readonly string[] = []): string[] {
  const files = globSync('test/host/**/*.test.ts', { cwd: ROOT }).sort();
  return files
    .filter(file => words.length === 0 || words.some(word => file.includes(word)))
    .map(file => join(ROOT, file));
}

/**
 * Runs host tests with mocha in a real extension host, printing each test as it ends. Mocha repeats a test that
 * fails; where the workbench does not start, or what prepares tests fails, all are run once more in a new one.
 */
export async function runHostTests(vsCode: VsCode, options: HostTestOptions = {}): Promise<Counts> {
  const { print = console.log } = options;
  const first = await runOnce(vsCode, options);
  const isOutsideOfTests = first.failures.every(failure => OUTSIDE.test(failure));
  if (first.failed === 0 || !isOutsideOfTests) return first;
  print(`Retrying all:\n${first.failures.join('\n')}`);
  return await runOnce(vsCode, options);
}

/** How what follows says that it failed. */
const NOT_RUN = 'The tests did not run:';
const OUTSIDE = new RegExp(`^${NOT_RUN}|^[^\\n]*"(before|after) (all|each)" hook`);

async function runOnce(vsCode: VsCode, options: HostTestOptions): Promise<Counts> {
  const { name = 'host', files = hostTestFiles(), print = console.log } = options;
  const counts: Counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
  if (files.length === 0) return counts;
  const run = await prepare(name, files);
  const opened = openHost(vsCode, run, options);
  try {
    await follow(run.results, counts, opened, print);
  } catch (error) {
    const message = `${NOT_RUN} ${error instanceof Error ? error.message : String(error)}`;
    counts.failed++;
    counts.failures.push(message);
    print(`  ✗ ${message}`);
  }
  const workbench = await opened.catch((): OpenedHost => ({}));
  if (counts.failed > 0) {
    const picture = join(OUT, 'screenshots', `failed-${name}.png`);
    await workbench.screenshot?.(picture).then(() => print(`  screenshot: ${picture}`));
    print(`  logs: ${run.folder}`);
  }
  await workbench.close?.();
  if (counts.failed === 0) rmSync(run.folder, { recursive: true, force: true, maxRetries: 3 });
  return counts;
}

async function prepare(name: string, files: readonly string[]): Promise<HostRun> {
  const folder = newTemporaryFolder(name);
  const testsPath = join(OUT, 'host', `${basename(folder)}.cjs`);
  mkdirSync(join(folder, 'workspace'));
  await build({
    stdin: { contents: entry(files), resolveDir: ROOT, loader: 'ts' },
    outfile: testsPath,
    bundle: true,
    platform: 'node',
    // Of the oldest VS Code that they run in.
    target: 'node22',
    format: 'cjs',
    mainFields: ['module', 'main'],
    // An ES module in front of it is not the same thing to require() in each Node.js.
    alias: { mocha: MOCHA },
    external: ['vscode', MOCHA],
    // Sources that look for files beside them, such as the sandbox's, ask where they are.
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: `const importMetaUrl = require('node:url').pathToFileURL(__filename).href;` },
    sourcemap: 'inline',
    logLevel: 'error',
  });
  return { folder, results: join(folder, 'results.jsonl'), testsPath };
}

/** `require` keeps the tests from loading before mocha is ready for them. */
function entry(files: readonly string[]): string {
  const loads = files.map(file => `require(${JSON.stringify(file)});`).join('\n');
  const support = JSON.stringify(join(ROOT, 'test', 'support', 'hostEntry.ts'));
  return `import { runMocha } from ${support};
export const run = () => runMocha(() => { ${loads} });`;
}

/** Prints events as they come; ends with the tests, or fails when nothing more can come. */
async function follow(
  results: string,
  counts: Counts,
  opened: Promise<OpenedHost>,
  print: (text: string) => void,
): Promise<void> {
  let failure: unknown;
  opened.catch((error: unknown) => (failure = error));
  let seen = 0;
  let last = Date.now();
  for (;;) {
    const failedBefore = failure;
    for (const event of readEvents(results, seen)) {
      seen++;
      last = Date.now();
      const text = formatEvent(event);
      if (text !== undefined) print(text);
      if (event.type === 'ended') return;
      if (event.type === 'passed' || event.type === 'skipped') counts[event.type]++;
      if (event.type === 'failed') {
        counts.failed++;
        counts.failures.push(`${event.title}\n${event.message}`);
      }
    }
    if (failedBefore !== undefined) throw failedBefore as Error;
    const limit = seen === 0 ? START_TIMEOUT_MS : SILENCE_TIMEOUT_MS;
    if (Date.now() - last > limit) {
      throw new Error(`nothing heard from the extension host for ${limit / 1_000} s`);
    }
    await sleep(100);
  }
}
