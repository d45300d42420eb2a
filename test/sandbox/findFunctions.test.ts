import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { describeFunction, findFunctions } from '../../src/jobs/create/findFunctions.ts';
import { s3Error, startScriptedServer, type ScriptedRequest } from '../support/scriptedServer.ts';

/** The functions that a resize job is offered, by what Lambda and S3 answer. */
const arnOf = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;
const ours = new Set(['our-zip=']);

interface Shown {
  readonly sha?: string;
  readonly handler?: string;
  readonly tags?: Record<string, string>;
}

/** An account with functions, and a bucket that invokes some. */
interface Account {
  readonly functions: Record<string, Shown>;
  readonly wired?: readonly string[];
  readonly denied?: 'list' | 'get' | 'notifications';
}

function configuration(name: string, { sha = 'other=', handler = 'app.run' }: Shown) {
  const FunctionArn = arnOf(name);
  return { FunctionName: name, FunctionArn, CodeSha256: sha, Handler: handler, State: 'Active' };
}

function answer({ functions, wired = [], denied }: Account) {
  const deny = (response: ServerResponse): void => {
    response.writeHead(403, { 'x-amzn-errortype': 'AccessDeniedException' });
    response.end('{"Message":"not authorized"}');
  };
  return ({ url }: ScriptedRequest, response: ServerResponse): void => {
    if (url.searchParams.has('notification')) {
      if (denied === 'notifications') {
        s3Error(response, 403, 'AccessDenied');
        return;
      }
      const entries = wired.map(
        arn =>
          `<CloudFunctionConfiguration><Id>${arn}</Id><CloudFunction>${arn}</CloudFunction><Event>s3:ObjectCreated:*</Event></CloudFunctionConfiguration>`,
      );
      response.end(`<NotificationConfiguration>${entries.join('')}</NotificationConfiguration>`);
      return;
    }
    const one = /\/functions\/(.+)$/.exec(decodeURIComponent(url.pathname))?.[1];
    response.setHeader('content-type', 'application/json');
    if (one === undefined) {
      if (denied === 'list') {
        deny(response);
        return;
      }
      const list = Object.entries(functions).map(([name, shown]) => configuration(name, shown));
      response.end(JSON.stringify({ Functions: list }));
      return;
    }
    if (denied === 'get') {
      deny(response);
      return;
    }
    const name = one.split(':')[6] ?? '';
    const shown = functions[name];
    if (shown === undefined) {
      response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' });
      response.end('{"Type":"User","Message":"Function not found"}');
      return;
    }
    response.end(JSON.stringify({ Configuration: configuration(name, shown), Tags: shown.tags }));
  };
}

async function find(account: Account) {
  const server = await startScriptedServer(answer(account));
  const { signal } = new AbortController();
  const found = await findFunctions(server.clients(), { bucket: 'images' }, ours, signal);
  return found.map(({ called, wired }) => [called.name, called.answersBatch, wired]);
}

describe('the functions offered to a job', () => {
  const tags = { 'bucket-brigade:deployment': 'images' };

  it('are first those that the bucket invokes, then those known to answer', async () => {
    expect(
      await find({
        functions: {
          another: {},
          deployed: { handler: 'index.handler', tags },
          'from-our-zip': { sha: 'our-zip=' },
          stranger: { handler: 'index.handler' },
          wired: {},
        },
        wired: [`${arnOf('wired')}:live`, `${arnOf('wired')}:live`],
      }),
    ).toEqual([
      ['wired:live', 'unknown', true],
      ['deployed', 'yes', false],
      ['from-our-zip', 'yes', false],
      ['another', 'unknown', false],
      ['stranger', 'unknown', false],
    ]);
  });

  it('leave out what the bucket still names but is gone', async () => {
    const wired = [arnOf('gone'), arnOf('ours')];
    expect(await find({ functions: { ours: { tags } }, wired })).toEqual([['ours', 'yes', true]]);
  });

  it.each([
    ['list', [['ours', 'yes', true]]],
    [
      'notifications',
      [
        ['other', 'unknown', false],
        ['ours', 'yes', false],
      ].toReversed(),
    ],
    [
      'get',
      [
        ['ours', 'unknown', true],
        ['other', 'unknown', false],
      ],
    ],
  ] as const)('are what may still be seen where %s is denied', async (denied, seen) => {
    const functions = { other: {}, ours: { handler: 'index.handler', tags } };
    expect(await find({ functions, wired: [arnOf('ours')], denied })).toEqual(seen);
  });
});

describe('a function that was entered', () => {
  it('is known by its tag, with the bucket that it was deployed for', async () => {
    const tags = { 'bucket-brigade:deployment': 'images' };
    const server = await startScriptedServer(answer({ functions: { f: { tags } } }));
    expect(await describeFunction(server.clients(), `${arnOf('f')}:live`, ours)).toEqual({
      arn: `${arnOf('f')}:live`,
      name: 'f:live',
      answersBatch: 'yes',
      deployedFor: 'images',
    });
  });

  it('that is not there is said to be so', async () => {
    const server = await startScriptedServer(answer({ functions: {} }));
    const gone = describeFunction(server.clients(), arnOf('gone'), ours);
    await expect(gone).rejects.toMatchObject({ code: 'NotFound', subject: arnOf('gone') });
  });
});
