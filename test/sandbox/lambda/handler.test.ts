import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failure } from '../testSandbox.ts';
import { startLambdaWorld } from './lambdaWorld.ts';
import type { LambdaWorld } from './lambdaWorld.ts';

let world: LambdaWorld;
beforeAll(async () => {
  // Nothing of it may reach a function.
  process.env['SECRET_OF_THE_PARENT'] = 'leaked';
  world = await startLambdaWorld();
});
afterAll(async () => {
  delete process.env['SECRET_OF_THE_PARENT'];
  await world.close();
});

describe('A handler', () => {
  it.each<[string, Record<string, string>, string]>([
    [
      'an ES module',
      {
        'index.mjs':
          "import fs from 'node:fs'; export const handler = async () => typeof fs.statSync;",
      },
      'index.handler',
    ],
    [
      'an ES module by package.json',
      {
        'index.js': "await 0; export const handler = () => 'function';",
        'package.json': '{"type":"module"}',
      },
      'index.handler',
    ],
    [
      'ES module syntax in a .js file, as Node.js 24 on Lambda',
      { 'index.js': "export const handler = () => 'function';" },
      'index.handler',
    ],
    [
      'a .cjs file',
      { 'index.cjs': "module.exports = { handler: () => 'function' };" },
      'index.handler',
    ],
    [
      'a module in a folder',
      { 'src/deep/app.js': "exports.run = async () => 'function';" },
      'src/deep/app.run',
    ],
    [
      'a nested export',
      { 'app.js': "exports.api = { v1: { get: async () => 'function' } };" },
      'app.api.v1.get',
    ],
    [
      'packages of its own',
      {
        'index.js': "const x = require('x'); exports.handler = async () => x;",
        'node_modules/x/index.js': "module.exports = 'function';",
      },
      'index.handler',
    ],
    [
      'the ES module packages of its own',
      {
        'index.mjs': "import x from 'x'; export const handler = async () => x;",
        'node_modules/x/index.mjs': "export default 'function';",
        'node_modules/x/package.json': '{"exports":"./index.mjs"}',
      },
      'index.handler',
    ],
  ])('loads %s', async (what, files, Handler) => {
    const name = `load-${what.replace(/\W/g, '-')}`;
    await world.create(name, files, { Handler });
    expect(await world.invoke(name)).toMatchObject({
      functionError: undefined,
      payload: 'function',
    });
  });

  it('takes a callback before Node.js 24, and no require of ES modules', async () => {
    await world.create(
      'callback',
      `exports.handler = (event, context, callback) => {
         let esm;
         try { require('./m.mjs'); esm = 'loaded'; } catch (error) { esm = error.code; }
         setTimeout(() => callback(event.fail ? new Error('no') : null, { esm }), 5);
       };`,
      { Runtime: 'nodejs22.x' },
    );
    expect((await world.invoke('callback')).payload).toEqual({ esm: 'MODULE_NOT_FOUND' });
    expect((await world.invoke('callback', { fail: true })).payload).toMatchObject({
      errorMessage: 'no',
    });
  });

  it('answers null for a handler that returns nothing', async () => {
    await world.create('nothing', 'exports.handler = async () => {};');
    expect((await world.invoke('nothing')).text).toBe('null');
  });

  it('gives functions the environment of AWS and nothing of its own', async () => {
    await world.create(
      'env',
      `exports.handler = async () => ({ env: process.env, cwd: process.cwd(), offset: new Date().getTimezoneOffset(), argv: process.execArgv });`,
      { Environment: { Variables: { WIDTHS: '200' } }, MemorySize: 512 },
    );
    const { env, cwd, offset, argv } = (await world.invoke('env')).payload as {
      env: Record<string, string>;
      cwd: string;
      offset: number;
      argv: string[];
    };
    expect(env).toMatchObject({
      WIDTHS: '200',
      _HANDLER: 'index.handler',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_NAME: 'env',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/env',
      AWS_ENDPOINT_URL: world.sandbox.endpoint,
      LAMBDA_TASK_ROOT: cwd,
      PWD: cwd,
      TZ: ':UTC',
      LANG: 'en_US.UTF-8',
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/) as string,
      AWS_SESSION_TOKEN: expect.any(String) as string,
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-/) as string,
    });
    expect(env['SECRET_OF_THE_PARENT']).toBeUndefined();
    // It is there for JSON only.
    expect(env['AWS_LAMBDA_LOG_FORMAT']).toBeUndefined();
    const known =
      /^(AWS_|_HANDLER|_X_AMZN|LAMBDA_|NODE_PATH|PATH|PWD|LANG|TZ|TMP|TEMP|WIDTHS|ELECTRON_RUN_AS_NODE)/;
    expect(Object.keys(env).filter(key => !known.test(key))).toEqual([]);
    expect(offset).toBe(0);
    expect(argv).toContain('--max-old-space-size=461');
  });

  it('gives each environment a folder for temporary files of its own', async () => {
    await world.create(
      'tmp',
      `const fs = require('fs'), path = require('path'), os = require('os');
       exports.handler = async ({ meet, guests }) => {
         fs.writeFileSync(path.join(meet, String(process.pid)), '');
         while (fs.readdirSync(meet).length < guests) await new Promise(r => setTimeout(r, 20));
         const found = fs.readdirSync(os.tmpdir());
         fs.writeFileSync(path.join(os.tmpdir(), 'file'), 'x');
         return { folder: os.tmpdir(), found };
       };`,
    );
    // Both run at the same time: each ends when the other is there.
    const meet = await mkdtemp(join(world.directory, 'meet-'));
    const [one, two] = await Promise.all([
      world.invoke('tmp', { meet, guests: 2 }),
      world.invoke('tmp', { meet, guests: 2 }),
    ]);
    const folders = [one, two].map(({ payload }) => payload as { folder: string; found: string[] });
    expect(folders[0]!.folder).not.toBe(folders[1]!.folder);
    expect(folders.map(({ found }) => found)).toEqual([[], []]);
    // Warm, what an invocation left is there.
    expect((await world.invoke('tmp', { meet, guests: 1 })).payload).toMatchObject({
      found: ['file'],
    });
  });

  it('logs what is written in any way, in its order', async () => {
    await world.create(
      'writes',
      `exports.handler = async () => {
         console.warn('two\\nlines', { a: 1 });
         console.error(new Error('shown').message);
         process.stdout.write('raw line\\n');
         process.stderr.write('raw error');
         console.debug('last');
       };`,
    );
    const { log } = await world.invoke('writes');
    expect(log).toMatch(/\tWARN\ttwo\nlines \{ a: 1 \}\n/);
    expect(log).toMatch(/\tERROR\tshown\n/);
    expect(log).toMatch(/^raw line$/m);
    expect(log).toMatch(/\tDEBUG\tlast\n/);
    expect(log.indexOf('raw line')).toBeLessThan(log.indexOf('END RequestId'));
  });

  it('logs JSON when it is told to, at its level and above', async () => {
    await world.create(
      'json',
      `exports.handler = async () => {
         console.debug('hidden');
         console.log('text %d', 5);
         console.info({ key: 'value' });
         console.error('failed:', new TypeError('why'));
       };`,
      { LoggingConfig: { LogFormat: 'JSON' } },
    );
    const { log, requestId } = await world.invoke('json');
    const records = log
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Record<string, unknown>);
    expect(records).toMatchObject([
      { type: 'platform.initStart' },
      { type: 'platform.start', record: { requestId, version: '$LATEST' } },
      { level: 'INFO', requestId, message: 'text 5' },
      { level: 'INFO', requestId, message: { key: 'value' } },
      {
        level: 'ERROR',
        requestId,
        errorType: 'TypeError',
        errorMessage: 'why',
        stackTrace: expect.any(Array) as unknown[],
      },
      {
        type: 'platform.report',
        record: { requestId, status: 'success', metrics: { memorySizeMB: 256 } },
      },
    ]);
  });

  it('passes the client context on', async () => {
    await world.create(
      'context',
      'exports.handler = async (event, context) => context.clientContext;',
    );
    const ClientContext = Buffer.from('{"custom":{"a":"ü"}}').toString('base64');
    expect((await world.invoke('context', {}, { ClientContext })).payload).toEqual({
      custom: { a: 'ü' },
    });
    const long = Buffer.from(`{"custom":{"a":"${'x'.repeat(2672)}"}}`).toString('base64');
    expect(long).toHaveLength(3588);
    for (const wrong of ['bm8=', long]) {
      expect(await failure(world.invoke('context', {}, { ClientContext: wrong }))).toMatchObject({
        name: 'InvalidRequestContentException',
        status: 400,
      });
    }
  });
});
