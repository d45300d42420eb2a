import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from './exec.ts';
import { counted, type Counts } from './hostResults.ts';
import { OUT, ROOT } from './paths.ts';

interface Run {
  /** A project of vitest.config.ts, with those whose names begin with its own and a hyphen. */
  readonly project: string;
  /** Names the file of its results. */
  readonly name: string;
  readonly print: (line: string) => void;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Which files are run once more, as `Retrying`, where some of it failed. */
export type Again = 'never' | 'files' | 'hooks';

/**
 * Runs a project. A browser on a busy machine loses a click now and then, and what follows in that workbench
 * fails as well: with `files`, those that fail are run once more. With `hooks`, only those that fail outside of
 * their tests, which Vitest does not repeat. What belongs to no file, as an error that nobody handled, has all
 * of it run once more.
 */
export async function runVitest(wanted: Run, again: Again = 'never'): Promise<Counts> {
  const first = await runOnce(wanted);
  if (first.failed === 0 || again === 'never') return first;
  const failed = first.files.filter(file => file.status === 'failed');
  const files = failed.filter(file => again === 'files' || failedTests(file) === 0);
  // A test that failed after its own repetition stays failed.
  if (files.length < failed.length) return first;
  const paths = files.map(({ name }) => relative(ROOT, name));
  wanted.print(`Retrying: ${paths.join(', ') || 'all'}\n${first.failures.join('\n')}`);
  if (files.length === 0) return await runOnce(wanted);
  const second = await runOnce({ ...wanted, args: paths });
  const others = first.files.filter(file => !files.includes(file));
  const passed = second.passed + sum(others, 'passed');
  return counted(
    passed,
    second.failed,
    second.skipped + sum(others, 'skipped', 'pending', 'todo'),
    [...second.failures],
  );
}

interface VitestFile {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly {
    readonly status: string;
    readonly fullName: string;
    readonly failureMessages: readonly string[] | null;
  }[];
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly VitestFile[];
}

interface VitestCounts extends Counts {
  readonly files: readonly VitestFile[];
}

async function runOnce({ project, name, print, args, env }: Run): Promise<VitestCounts> {
  const results = join(OUT, 'results', `${name.replace(/\W/g, '-')}.json`);
  mkdirSync(join(OUT, 'results'), { recursive: true });
  rmSync(results, { force: true });
  const projects = ['--project', project, '--project', `${project}-*`];
  const flags = [...projects, '--passWithNoTests', '--reporter=default'];
  const json = ['--reporter=json', `--outputFile.json=${results}`];
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const { code } = await run(process.execPath, [vitest, 'run', ...flags, ...json, ...args], {
    ...{ cwd: ROOT, print, env: env ?? process.env },
  });
  return count(results, code);
}

/** A run that ended badly without a failed test (a file that does not load) counts as one failure. */
function count(path: string, code: number): VitestCounts {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8')) as VitestReport;
    const failed = Math.max(report.numFailedTests, code === 0 ? 0 : 1);
    const skipped = report.numPendingTests + report.numTodoTests;
    const failures = report.testResults.flatMap(failuresOf);
    if (failed > 0 && failures.length === 0)
      failures.push('an error outside of the tests: see above');
    return {
      ...counted(report.numPassedTests, failed, skipped, failures),
      files: report.testResults,
    };
  } catch {
    return { ...counted(0, code === 0 ? 0 : 1), files: [] };
  }
}

function failuresOf(of: VitestFile): string[] {
  const file = relative(ROOT, of.name);
  const failed = of.assertionResults
    .filter(({ status }) => status === 'failed')
    .map(({ fullName, failureMessages }) =>
      [`${file}: ${fullName}`, ...(failureMessages ?? [])].join('\n'),
    );
  if (of.status !== 'failed' || failed.length > 0) return failed;
  // One that does not load has a message; of a hook the report has none.
  return [`${file}: ${of.message || 'a hook failed: see above'}`];
}

function failedTests({ assertionResults }: VitestFile): number {
  return assertionResults.filter(({ status }) => status === 'failed').length;
}

function sum(files: readonly VitestFile[], ...statuses: readonly string[]): number {
  const all = files.flatMap(({ assertionResults }) => assertionResults);
  return all.filter(({ status }) => statuses.includes(status)).length;
}
