import { join } from 'node:path';
import { run } from './exec.ts';
import { counted, type Counts } from './hostResults.ts';
import { hostTestFiles, runHostTests } from './hostTests.ts';
import { ROOT } from './paths.ts';
import { runVitest, type Again } from './vitestRun.ts';
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

/**
 * Tests of the sandbox repeat themselves; those of the package need a VS Code that starts, as those that click do.
 */
const AGAIN: Readonly<Record<string, Again>> = { sandbox: 'hooks', package: 'files', ui: 'files' };

/** A project of vitest.config.ts. @param part all of the files when absent */
export function vitest(project: string, part?: Part): Stage {
  const name = named(project, part);
  return {
    name,
    run: async (print, words) => {
      const args = [...shardOf(part), ...words];
      return await runVitest({ project, name, print, args, env: envOf(project) }, AGAIN[project]);
    },
  };
}

function named(stage: string, part: Part | undefined): string {
  return part ? `${stage} ${part.number}/${part.of}` : stage;
}

function shardOf(part: Part | undefined): string[] {
  return part ? [`--shard=${part.number}/${part.of}`] : [];
}

/** The tests that click. @param part all of the files when absent */
export function ui(part?: Part): Stage {
  const { name, run } = vitest('ui', part);
  return {
    name,
    run: async (print, words) => {
      if (process.platform === 'linux') return await run(print, words);
      print('UI tests need the web workbench, which is available for Linux only.');
      return counted(0, 0, 1);
    },
  };
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
  const run = { project: 'package', name: 'minimum package', print, args: ['vsix'], env };
  return runVitest(run, 'files');
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
