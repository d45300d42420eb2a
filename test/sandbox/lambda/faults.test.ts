import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAlive } from '../../support/processes.ts';
import { startLambdaWorld } from './lambdaWorld.ts';
import type { LambdaWorld } from './lambdaWorld.ts';

let world: LambdaWorld;
beforeAll(async () => {
  world = await startLambdaWorld();
});
afterAll(() => world.close());

let number = 0;
let strays = 0;
/** Elsewhere processes can't be found by what started them. */
const onLinux = process.platform === 'linux';
async function run(
  code: string | Record<string, string>,
  settings: Parameters<LambdaWorld['create']>[2] = {},
  event: unknown = {},
) {
  const name = `fault-${++number}`;
  await world.create(name, code, settings);
  return world.invoke(name, event);
}

describe('A function that fails to start', () => {
  it.each([
    [
      'has no such export',
      'exports.other = async () => 1;',
      'Runtime.HandlerNotFound',
      'index.handler is undefined or not exported',
    ],
    [
      'exports no function',
      'exports.handler = 1;',
      'Runtime.HandlerNotFound',
      'index.handler is not a function',
    ],
    [
      'requires what is not there',
      "require('sharpest'); exports.handler = async () => 1;",
      'Runtime.ImportModuleError',
      "Error: Cannot find module 'sharpest'",
    ],
    [
      'is no JavaScript',
      'exports.handler = async () => {{;',
      'Runtime.UserCodeSyntaxError',
      'SyntaxError',
    ],
    ['throws while it is loaded', "throw new RangeError('no luck');", 'RangeError', 'no luck'],
    ['throws what is no error', "throw 'text';", 'string', 'text'],
    [
      'takes a callback',
      'exports.handler = (event, context, callback) => callback(null, 1);',
      'Runtime.CallbackHandlerDeprecated',
      'removed support for callback-based function handlers',
    ],
  ])('because it %s', async (_what, code, errorType, message) => {
    const result = await run(code);
    expect(result).toMatchObject({ status: 200, functionError: 'Unhandled' });
    const payload = result.payload as { errorType: string; errorMessage: string; trace: string[] };
    expect(payload.errorType).toBe(errorType);
    expect(payload.errorMessage).toContain(message);
    expect(payload.trace).toBeInstanceOf(Array);
    // Lambda starts it twice, and says so; the log's tail may begin after the first report.
    expect(result.log).toMatch(
      /INIT_REPORT Init Duration: [\d.]+ ms\tPhase: invoke\tStatus: error/,
    );
    expect(result.log).toMatch(
      new RegExp(`REPORT RequestId: .*\\tStatus: error\\tError Type: ${errorType}\\t`),
    );
  });

  it('because its module is not there', async () => {
    const result = await run({ 'other.js': '' });
    expect(result.payload).toMatchObject({
      errorType: 'Runtime.ImportModuleError',
      errorMessage: expect.stringContaining("Cannot find module 'index'") as string,
    });
  });

  it('does not find packages of folders above its own', async () => {
    // The tests' packages are above in a checkout; a data folder may lie there.
    const cache = join(import.meta.dirname, '../../../node_modules/.cache');
    mkdirSync(cache, { recursive: true });
    const dataDir = mkdtempSync(join(cache, 'lambda-above-'));
    const nested = await startLambdaWorld({ dataDir });
    try {
      await nested.create('above', {
        'index.mjs': "import 'yazl'; export const handler = async () => 1;",
      });
      expect((await nested.invoke('above')).payload).toMatchObject({
        errorType: 'Runtime.ImportModuleError',
      });
      await nested.create('above-cjs', "require('yazl'); exports.handler = async () => 1;");
      expect((await nested.invoke('above-cjs')).payload).toMatchObject({
        errorType: 'Runtime.ImportModuleError',
      });
    } finally {
      await nested.close();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  it('because it never ends to load: after ten seconds and its time-out once more', async () => {
    const result = await run('while (true);', { Timeout: 1 });
    expect(result.functionError).toBe('Unhandled');
    expect(result.payload).toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect(result.log).toMatch(
      /INIT_REPORT Init Duration: (9|1\d)\d{3}\.\d\d ms\tPhase: init\tStatus: timeout/,
    );
    expect(result.log).toContain('Task timed out after 1.00 seconds');
  });
});

describe('A handler that fails', () => {
  it('by throwing: its error, and the process stays', async () => {
    const code = `let calls = 0;
      exports.handler = async () => {
        calls += 1;
        throw Object.assign(new TypeError('call ' + calls), { code: 'ODD' });
      };`;
    const result = await run(code);
    expect(result.payload).toMatchObject({ errorType: 'TypeError', errorMessage: 'call 1' });
    expect(result.log).toMatch(
      /\tERROR\tInvoke Error \t\{"errorType":"TypeError","errorMessage":"call 1","code":"ODD","stack":\[/,
    );
    const again = await world.invoke(`fault-${number}`);
    expect(again.payload).toMatchObject({ errorMessage: 'call 2' });
  });

  it.each([
    [
      'a stray rejection',
      'Promise.reject(new Error("stray")); await new Promise(() => setTimeout(() => {}, 1e4));',
      'Runtime.UnhandledPromiseRejection',
      'Error: stray',
    ],
    [
      'a stray error',
      'setTimeout(() => { throw new Error("late"); }, 10); await new Promise(r => setTimeout(r, 1e4));',
      'Error',
      'late',
    ],
    [
      'a promise that never settles',
      'await new Promise(() => {});',
      'Runtime.NodeJsExit',
      'never settled',
    ],
    [
      'process.exit(3)',
      'process.exit(3);',
      'Runtime.ExitError',
      'Runtime exited with error: exit status 3',
    ],
    [
      'process.exit()',
      'process.exit();',
      'Runtime.ExitError',
      'Runtime exited without providing a reason',
    ],
    [
      'process.abort()',
      'process.abort();',
      'Runtime.ExitError',
      'Runtime exited with error: signal: aborted',
    ],
    [
      'a circular result',
      'const a = {}; a.a = a; return a;',
      'Error',
      'Unable to stringify response body',
    ],
    ['a BigInt', 'return 1n;', 'Error', 'Unable to stringify response body'],
    [
      'a result over 6 MB',
      'return "x".repeat(6300000);',
      'Function.ResponseSizeTooLarge',
      '6291556 bytes',
    ],
  ])('by %s', async (_what, body, errorType, message) => {
    const result = await run(`exports.handler = async () => { ${body} };`);
    expect(result.functionError).toBe('Unhandled');
    const payload = result.payload as { errorType: string; errorMessage: string };
    expect(payload.errorType).toBe(errorType);
    expect(payload.errorMessage).toContain(message);
    expect(result.log).toMatch(/REPORT RequestId: .*\tStatus: error\tError Type: /);
    // The next invocation gets a process that works.
    const next = await world.invoke(`fault-${number}`);
    expect(next.payload).toMatchObject({ errorType });
  });

  it.each([
    ['waits', 'await new Promise(resolve => setTimeout(resolve, 60000));'],
    ['computes', 'for (;;);'],
  ])('by taking too long while it %s', async (_what, body) => {
    const result = await run(`exports.handler = async () => { ${body} };`, { Timeout: 1 });
    expect(result.payload).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${result.requestId ?? ''} Error: Task timed out after 1.00 seconds`,
    });
    expect(result.log).toMatch(/^\S+Z \S+ Task timed out after 1.00 seconds$/m);
    expect(result.log).toMatch(
      /Duration: 1000.00 ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\tStatus: timeout/,
    );
  });

  it.each([
    [
      'outside of the heap',
      'const kept = []; for (;;) { kept.push(Buffer.alloc(1e6, 1)); await new Promise(r => setImmediate(r)); }',
      'killed',
    ],
    ['in one turn', 'const kept = []; for (;;) kept.push(Buffer.alloc(1e6, 1));', 'killed'],
    [
      'on the heap',
      'const kept = []; for (;;) kept.push(new Array(1000).fill(0).map(Math.random));',
      '(killed|aborted)',
    ],
  ])('by eating memory %s', async (_what, body, signal) => {
    const result = await run(`exports.handler = async () => { ${body} };`, { MemorySize: 128 });
    expect(result.functionError).toBe('Unhandled');
    const payload = result.payload as { errorType: string; errorMessage: string };
    expect(payload.errorType).toBe('Runtime.ExitError');
    expect(payload.errorMessage).toMatch(
      new RegExp(`^RequestId: \\S+ Error: Runtime exited with error: signal: ${signal}$`),
    );
    if (signal === 'killed') {
      expect(result.log).toMatch(/Max Memory Used: 128 MB\t.*Error Type: Runtime.OutOfMemory/);
    }
  });

  it('writes log without end: what is kept is bounded, and the end is there', async () => {
    const result = await run(
      `exports.handler = async () => {
         const line = 'x'.repeat(100000);
         for (let written = 0; written < 3e8; written += line.length) console.log(line);
         return 'done';
       };`,
      { Timeout: 60 },
    );
    expect(result.payload).toBe('done');
    expect(result.log).toMatch(
      /LOGS_DROPPED RequestId: \S+ Dropped Records: \d+ Dropped Bytes: 29\d{7}/,
    );
    expect(result.log).toMatch(/REPORT RequestId/);
    expect(process.memoryUsage().rss).toBeLessThan(1e9);
  });

  it('writes lines without text: those are counted too', async () => {
    const result = await run(
      `exports.handler = async () => {
         for (let times = 0; times < 2; times += 1)
           await new Promise(resolve => process.stdout.write('\\n'.repeat(1e6), resolve));
         console.log('more');
       };`,
      { Timeout: 60 },
    );
    expect(result.log).toMatch(/LOGS_DROPPED RequestId: \S+ Dropped Records: 1\d{6} /);
  });

  it.runIf(onLinux).each([
    ['ends', 'process.exit(1);', 'process.env'],
    ['takes too long', 'for (;;);', 'process.env'],
    ['ends, of those that have emptied their environment', 'process.exit(1);', '{}'],
  ])('leaves no process behind when it %s', async (_what, end, env) => {
    const file = join(world.directory, `strays-${++strays}`);
    await run(
      `const { spawn } = require('child_process');
       exports.handler = async () => {
         const child = spawn('/bin/sh', ['-c', 'sleep 300 & echo $! $$ > ${file}; wait'], { detached: true, stdio: 'ignore', cwd: '/', env: ${env} });
         while (!require('fs').existsSync('${file}')) await new Promise(r => setTimeout(r, 20));
         ${end}
       };`,
      { Timeout: 5 },
    );
    const pids = readFileSync(file, 'utf8').trim().split(' ').map(Number);
    expect(pids).toHaveLength(2);
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  });

  it('leaves no temporary folder behind', async () => {
    await run(
      "require('fs').writeFileSync(process.env.TMPDIR + '/x', 'x'); exports.handler = async () => process.exit(1);",
    );
    const folder = join(world.directory, 'lambda', 'tmp');
    await expect
      .poll(() => readdirSync(folder).length)
      .toBeLessThanOrEqual(world.sandbox.services.lambda.processes);
  });
});
