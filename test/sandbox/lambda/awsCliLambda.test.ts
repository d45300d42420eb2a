import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeRole, ROLE, zipOf } from './lambdaWorld.ts';
import { aws as runAws, cliInstalled } from '../pythonClients.ts';
import { startTestSandbox } from '../testSandbox.ts';
import type { TestSandbox } from '../testSandbox.ts';

describe.runIf(cliInstalled)('the AWS CLI', () => {
  let test: TestSandbox;
  beforeAll(async () => {
    test = await startTestSandbox();
    await makeRole(test.sandbox);
  });
  afterAll(() => test.close());

  const aws = (...args: string[]) => runAws(test.sandbox, ...args);
  const name = ['--function-name', 'cli'];

  it('makes, waits for, calls and changes a function', async () => {
    const zip = join(test.directory, 'function.zip');
    const code = `exports.handler = async event => { console.log('called'); return { got: event, size: process.env.SIZE }; };`;
    // Larger than a megabyte: the CLI announces no hash of what it sends.
    await writeFile(zip, await zipOf({ 'index.js': code, 'ballast.bin': randomBytes(2_000_000) }));
    const made = await aws(
      ...['lambda', 'create-function', ...name, '--runtime', 'nodejs24.x', '--role', ROLE],
      ...['--handler', 'index.handler', '--zip-file', `fileb://${zip}`, '--tags', 'a=b'],
    );
    expect(made).toMatchObject({ FunctionName: 'cli', State: 'Pending' });
    await aws('lambda', 'wait', 'function-active-v2', ...name);
    const out = join(test.directory, 'out.json');
    // The two versions of the CLI read a payload in the command line in two ways.
    const event = join(test.directory, 'event.json');
    await writeFile(event, '{"a":"ü"}');
    const called = await aws(
      ...['lambda', 'invoke', ...name, '--payload', `fileb://${event}`],
      ...['--log-type', 'Tail', out],
    );
    expect(called).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    const { LogResult } = called as { LogResult: string };
    expect(Buffer.from(LogResult, 'base64').toString()).toMatch(/\tINFO\tcalled\n/);
    expect(JSON.parse(await readFile(out, 'utf8'))).toEqual({ got: { a: 'ü' } });
    await aws(
      ...['lambda', 'update-function-configuration', ...name],
      ...['--environment', 'Variables={SIZE=200}'],
    );
    await aws('lambda', 'wait', 'function-updated-v2', ...name);
    await aws('lambda', 'invoke', ...name, out);
    expect(JSON.parse(await readFile(out, 'utf8'))).toEqual({ got: {}, size: '200' });
  }, 120_000);

  it('gives and reads permissions, settings and logs', async () => {
    await aws(
      ...['lambda', 'add-permission', ...name, '--statement-id', 's3', '--action'],
      ...['lambda:InvokeFunction', '--principal', 's3.amazonaws.com'],
      ...['--source-arn', 'arn:aws:s3:::images', '--source-account', '123456789012'],
    );
    const { Policy } = (await aws('lambda', 'get-policy', ...name)) as { Policy: string };
    expect(JSON.parse(Policy)).toMatchObject({ Statement: [{ Sid: 's3' }] });
    await aws(
      'lambda',
      'put-function-event-invoke-config',
      ...name,
      '--maximum-retry-attempts',
      '0',
    );
    expect(await aws('lambda', 'get-function-event-invoke-config', ...name)).toMatchObject({
      MaximumRetryAttempts: 0,
    });
    expect(await aws('lambda', 'list-functions')).toMatchObject({
      Functions: [{ FunctionName: 'cli' }],
    });
    const logs = await aws(
      'logs',
      'filter-log-events',
      '--log-group-name',
      '/aws/lambda/cli',
      '--filter-pattern',
      'REPORT',
    );
    expect(logs).toMatchObject({
      events: [{ message: expect.stringMatching(/^REPORT RequestId: .*\n$/) as string }, {}],
    });
    await aws('lambda', 'delete-function', ...name);
    await expect(aws('lambda', 'get-function', ...name)).rejects.toThrow(
      'An error occurred (ResourceNotFoundException) when calling the GetFunction operation: Function not found: arn:aws:lambda:us-east-1:123456789012:function:cli',
    );
  }, 120_000);
});
