// `npm test`: everything. `npm test -- STAGE [WORD …]`: one stage, of it the files with a WORD in
// their path, e.g. `npm test -- host jobs`. `npm test -- aws --profile NAME`: the sandbox beside an AWS account.
import { join } from 'node:path';
import { build, buildWhenStale } from './build.ts';
import { counted, type Counts } from './hostResults.ts';
import { OUT } from './paths.ts';
import { check, host, lab, minimum, ui, vitest, type Part, type Stage } from './stages.ts';
import { findMinimumVsCode, findVsCode, type VsCode } from './vsCode.ts';

interface Result extends Counts {
  readonly name: string;
  readonly seconds: number;
}

let found: Promise<VsCode> | undefined;

/** Looked for once; the stages' own processes get the answer by the environment. */
function vsCode(): Promise<VsCode> {
  found ??= findVsCode().then(answer => {
    process.env['BUCKET_BRIGADE_VSCODE'] ??= answer.kind === 'web' ? 'web' : answer.executable;
    console.log(`VS Code for the tests: ${answer.label}`);
    return answer;
  });
  return found;
}

/** A stage that needs a VS Code says so when there is none. */
function inVsCode(stage: Stage): Stage {
  return {
    name: stage.name,
    run: async (print, words) => {
      await vsCode();
      return stage.run(print, words);
    },
  };
}

const buildStage: Stage = {
  name: 'build',
  run: async () => {
    await build(true);
    return counted(1, 0);
  },
};

const CHECKS: readonly Stage[] = [
  check('types', 'typescript/bin/tsc', ['--noEmit', '-p', '.']),
  check('metrics webview', 'typescript/bin/tsc', ['--noEmit', '-p', 'media/metrics']),
  check('page webview', 'typescript/bin/tsc', ['--noEmit', '-p', 'media/page']),
  check('report webview', 'typescript/bin/tsc', ['--noEmit', '-p', 'media/report']),
  check('eslint', 'eslint/bin/eslint.js', ['.']),
  check('prettier', 'prettier/bin/prettier.cjs', ['--check', '.']),
  check('knip', 'knip/bin/knip.js', []),
];
const UNIT = vitest('unit');
const HOST = inVsCode(host(vsCode));
const SMALL: readonly Stage[] = [vitest('package'), lab(vsCode)].map(inVsCode);
/** Only when it is asked for: the continuous integration does, in a job of its own. */
const MINIMUM = inVsCode(minimum(async () => findMinimumVsCode(await vsCode())));
const IN_VS_CODE: readonly Stage[] = [HOST, MINIMUM, inVsCode(ui()), ...SMALL];
const STAGES: readonly Stage[] = [
  ...[...CHECKS, UNIT, vitest('sandbox')],
  ...[buildStage, ...IN_VS_CODE],
];
/** Small enough for two lanes to end together. */
const UI_PARTS = 8;
const SANDBOX_PARTS = 6;

function parts(of: number, stage: (part: Part) => Stage): Stage[] {
  return Array.from({ length: of }, (_, at) => stage({ number: at + 1, of }));
}

async function runStage(stage: Stage, words: readonly string[], alone: boolean): Promise<Result> {
  const lines: string[] = [];
  const print = alone
    ? (text: string) => console.log(text)
    : (text: string) => void lines.push(text);
  const start = Date.now();
  let counts: Counts;
  try {
    counts = await stage.run(print, words);
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    counts = counted(0, 1, 0, [error instanceof Error ? error.message : String(error)]);
  }
  const seconds = Math.round((Date.now() - start) / 1_000);
  if (!alone) console.log([`\n── ${stage.name} (${seconds} s)`, ...lines].join('\n'));
  return { name: stage.name, seconds, ...counts };
}

/** Runs a lane's stages one after another; then those that are left of the other lane's. */
async function runLane(own: Stage[], other: Stage[]): Promise<Result[]> {
  const results: Result[] = [];
  for (let next = own.shift(); next; next = own.shift() ?? other.shift()) {
    results.push(await runStage(next, [], false));
  }
  return results;
}

/** Lines of a failure that the summary repeats; the rest stands with its stage. */
const LINES = 15;

function summarize(results: readonly Result[]): number {
  console.log('');
  for (const { name, failures } of results) {
    for (const failure of failures) {
      console.log(`✗ ${name}: ${failure.split('\n').slice(0, LINES).join('\n')}\n`);
    }
  }
  const total = counted(0, 0);
  for (const { name, seconds, passed, failed, skipped } of results) {
    const parts = [`${passed} passed`];
    if (failed > 0) parts.push(`${failed} FAILED`);
    if (skipped > 0) parts.push(`${skipped} skipped`);
    console.log(`${name.padEnd(9)} ${parts.join(', ')} (${seconds} s)`);
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 ? 0 : 1;
}

async function main([name, ...words]: readonly string[]): Promise<number> {
  if (name === 'aws') {
    const { accountCompare } = await import('../aws/accountCompare.ts');
    return await accountCompare(words);
  }
  if (name !== undefined) {
    const chosen = STAGES.filter(
      stage => stage.name === name || (name === 'lint' && CHECKS.includes(stage)),
    );
    if (chosen.length === 0) {
      console.error(`No stage ${name}: ${STAGES.map(stage => stage.name).join(', ')}, lint.`);
      return 2;
    }
    if (IN_VS_CODE.some(stage => chosen.includes(stage))) await buildWhenStale();
    const results: Result[] = [];
    for (const stage of chosen) results.push(await runStage(stage, words, true));
    return summarize(results);
  }
  // Two lanes for two cores: what is computed, and what waits for a workbench. Small things come last, so
  // that both lanes end together.
  const computed = [...CHECKS, ...parts(SANDBOX_PARTS, part => vitest('sandbox', part)), UNIT];
  const uiParts = parts(UI_PARTS, part => inVsCode(ui(part)));
  const shown = [buildStage, HOST, ...uiParts, ...SMALL];
  const lanes = [runLane(computed, shown), runLane(shown, computed)];
  return summarize((await Promise.all(lanes)).flat());
}

// Every process of Node.js that a test starts, down to VS Code's, finds what others have compiled.
process.env['NODE_COMPILE_CACHE'] ??= join(OUT, 'compile-cache');
process.exitCode = await main(process.argv.slice(3));
