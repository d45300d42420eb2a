import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from './exec.ts';
import type { Counts } from './hostResults.ts';
import { hostTestFiles, runHostTests } from './hostTests.ts';
import { OUT, ROOT } from './paths.ts';
import type { VsCode } from './vsCode.ts';

/** Where a stage's lines go: at once when it runs alone, together when it ends otherwise. */
export type Print = (text: string) => void;

export interface Stage {
  readonly name: string;
  readonly run: (print: Print, words: readonly string[]) => Promise<Counts>;
}

const bin = (name: string): string => join(ROOT, 'node_modules', name);

/** A tool that checks the whole repository; it counts as one test. */
export function check(name: string, script: string, args: readonly string[]): Stage {
  return {
    name,
    run: async print => {
      const { code, text } = await run(process.execPath, [bin(script), ...args], { cwd: ROOT });
      if (code !== 0) print(text.trimEnd());
      return code === 0 ? counted(1, 0) : counted(0, 1, 0, [text.trimEnd()]);
    },
  };
}

/** Which of how many equal parts of a stage's files. */
export interface Part {
  readonly number: number;
  readonly of: number;
}

/** A project of vitest.config.ts, with those whose names begin with its own and a hyphen. */
export function vitest(project: string, part?: Part): Stage {
  const name = named(project, part);
  return {
    name,
    run: async (print, words) =>
      await runVitest(project, print, [...shardOf(part), ...words], name),
  };
}

function named(stage: string, part: Part | undefined): string {
  return part ? `${stage} ${part.number}/${part.of}` : stage;
}

function shardOf(part: Part | undefined): string[] {
  return part ? [`--shard=${part.number}/${part.of}`] : [];
}

/**
 * The tests that click. A browser on a busy machine loses a click now and then, and what follows in that
 * workbench fails as well: a file that fails is run once more, in a new workbench, and said to be.
 *
 * @param part all of the files when absent
 */
export function ui(part?: Part): Stage {
  const name = named('ui', part);
  return {
    name,
    run: async (print, words) => {
      if (process.platform !== 'linux') {
        print('UI tests need the web workbench, which is available for Linux only.');
        return counted(0, 0, 1);
      }
      const first = await runVitest('ui', print, [...shardOf(part), ...words], name);
      const files = new Set(first.failures.map(failure => failure.split(': ', 1)[0]!));
      if (files.size === 0) return first;
      print(`Retrying: ${[...files].join(', ')}\n${first.failures.join('\n')}`);
      const again = await runVitest('ui', print, [...files], name);
      return { ...again, passed: first.passed + first.failed - again.failed };
    },
  };
}

async function runVitest(
  project: string,
  print: Print,
  words: readonly string[],
  name = project,
  env = envOf(project),
): Promise<Counts> {
  const results = join(OUT, 'results', `${name.replace(/\W/g, '-')}.json`);
  mkdirSync(join(OUT, 'results'), { recursive: true });
  rmSync(results, { force: true });
  const projects = ['--project', project, '--project', `${project}-*`];
  const flags = [...projects, '--passWithNoTests', '--reporter=default'];
  const json = ['--reporter=json', `--outputFile.json=${results}`];
  const args = [bin('vitest/vitest.mjs'), 'run', ...flags, ...json, ...words];
  const { code } = await run(process.execPath, args, { cwd: ROOT, print, env });
  return countVitest(results, code);
}

/** Also where the other tests run in a desktop VS Code, those that click run in the web workbench. */
function envOf(project: string): NodeJS.ProcessEnv {
  const { BUCKET_BRIGADE_VSCODE: named, ...env } = process.env;
  if (project !== 'ui') return process.env;
  return { ...env, BUCKET_BRIGADE_VSCODE: named === 'minimum' ? named : 'web' };
}

export function host(vsCode: () => Promise<VsCode>): Stage {
  return {
    name: 'host',
    run: async (print, words) => {
      const files = hostTestFiles(words);
      if (files.length === 0) return counted(0, 0);
      return runHostTests(await vsCode(), { files, print });
    },
  };
}

/** Of each feature one file, and all commands: the host tests that the oldest VS Code runs as well. */
const ON_MINIMUM = [
  ...['activation', 'everyCommand', 'explorerFiles', 'explorerFind', 'explorerTransfers'],
  ...['explorerVersions', 'explorerNotifications', 'jobsReports', 'keys', 'metricsPanel'],
  ...['properties', 'resize', 'severalConnections'],
];

/**
 * Host tests in the oldest VS Code, then the `.vsix` installed into it.
 *
 * @param vsCode undefined where there is none of that version, and nothing is run
 */
export function minimum(vsCode: () => Promise<VsCode | undefined>): Stage {
  return {
    name: 'minimum',
    run: async (print, words) => {
      const wanted = words.length > 0 ? words : ON_MINIMUM.map(name => `${name}.test.ts`);
      const files = hostTestFiles(wanted);
      const found = await vsCode();
      if (found === undefined) return counted(0, 0, files.length);
      const host = await runHostTests(found, { files, print, name: 'minimum' });
      if (words.length > 0 && !words.includes('vsix')) return host;
      return sum(host, await installedInto(found, print));
    },
  };
}

async function installedInto(found: VsCode, print: Print): Promise<Counts> {
  const named = found.kind === 'web' ? 'minimum' : found.executable;
  const env = { ...process.env, BUCKET_BRIGADE_VSCODE: named };
  return runVitest('package', print, ['vsix'], 'minimum package', env);
}

function sum(one: Counts, other: Counts): Counts {
  const { passed, failed, skipped, failures } = other;
  return counted(...([one.passed + passed, one.failed + failed, one.skipped + skipped] as const), [
    ...one.failures,
    ...failures,
  ]);
}

/** The lab, as `npm run lab` runs it. */
export function lab(vsCode: () => Promise<VsCode>): Stage {
  const files = [join(ROOT, 'test', 'lab', 'lab.test.ts')];
  return {
    name: 'lab',
    run: async print => runHostTests(await vsCode(), { files, print, name: 'lab' }),
  };
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[] | null;
    }[];
  }[];
}

/** A run that ended badly without a failed test (a file that does not load) counts as one failure. */
function countVitest(path: string, code: number): Counts {
  try {
    const report = JSON.parse(readFileSync(path, 'utf8')) as VitestReport;
    const failed = Math.max(report.numFailedTests, code === 0 ? 0 : 1);
    const skipped = report.numPendingTests + report.numTodoTests;
    return counted(report.numPassedTests, failed, skipped, failuresOf(report));
  } catch {
    return counted(0, code === 0 ? 0 : 1);
  }
}

function failuresOf({ testResults }: VitestReport): string[] {
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const file = relative(ROOT, name);
    const failed = assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) =>
        [`${file}: ${fullName}`, ...(failureMessages ?? [])].join('\n'),
      );
    // A file that does not load has no tests, only a message.
    return assertionResults.length === 0 && message ? [`${file}: ${message}`] : failed;
  });
}

export function counted(
  passed: number,
  failed: number,
  skipped = 0,
  failures: string[] = [],
): Counts {
  return { passed, failed, skipped, failures };
}
