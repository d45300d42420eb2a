import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RuntimeMessage } from '../../../../src/sandbox/lambda/environments/runtimeApi.ts';
import { RuntimeApi } from '../../../../src/sandbox/lambda/environments/runtimeApi.ts';

const NEXT = '/2018-06-01/runtime/invocation/next';
const WORK = {
  requestId: '8476a536-e9f4-11e8-9739-2dfe598c3fcd',
  deadline: 0,
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:f',
  traceHeader: 'Root=1',
  clientContext: undefined,
  payload: Buffer.from('{"secret":1}'),
};

let api: RuntimeApi;
let port: string;
let messages: RuntimeMessage[];
beforeEach(async () => {
  messages = [];
  api = new RuntimeApi(message => messages.push(message));
  port = (await api.listen()).split(':')[1]!;
});
afterEach(() => api.close());

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

function call(method: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, response => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

const waits = () => expect.poll(() => messages).toEqual([{ kind: 'ready' }]);

describe('the Runtime API', () => {
  it.each([
    ['a script of a page', { origin: 'https://example.com' }],
    ['an image of a page', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['a name that was made to mean this machine', { host: 'rebound.example.com' }],
    ['another port of this machine', { host: '127.0.0.1:1' }],
  ])('gives no event to %s', async (_what, headers) => {
    expect((await call('GET', NEXT, headers)).status).toBe(403);
    expect(messages).toEqual([]);
  });

  it('gives an event to the runtime that waits, not to who asks after it', async () => {
    const runtime = call('GET', NEXT);
    await waits();
    expect(await call('GET', NEXT)).toMatchObject({
      status: 403,
      body: expect.stringContaining('InvalidStateTransition') as string,
    });
    expect(api.give(WORK)).toBe(true);
    expect((await runtime).body).toBe('{"secret":1}');
  });

  it('gives nothing more before the event is answered, and takes one answer', async () => {
    const runtime = call('GET', NEXT);
    await waits();
    api.give(WORK);
    await runtime;
    expect((await call('GET', NEXT)).status).toBe(403);
    const answer = `/2018-06-01/runtime/invocation/${WORK.requestId}/response`;
    const other = '/2018-06-01/runtime/invocation/00000000-0000-0000-0000-000000000000/response';
    expect((await call('POST', other)).status).toBe(400);
    expect((await call('POST', answer)).status).toBe(202);
    expect((await call('POST', answer)).status).toBe(400);
    expect(messages.map(({ kind }) => kind)).toEqual(['ready', 'response']);
  });

  it('waits for a runtime again whose connection was cut', async () => {
    const gone = request({ host: '127.0.0.1', port, path: NEXT });
    gone.on('error', () => undefined);
    gone.end();
    await waits();
    gone.destroy();
    messages = [];
    // Until the API has noticed, the former one is thought to wait.
    const asked = async (): Promise<boolean> => {
      const answer = call('GET', NEXT).then(({ status }) => status === 200);
      return Promise.race([answer, waits().then(() => true)]);
    };
    await expect.poll(asked).toBe(true);
    expect(api.give(WORK)).toBe(true);
  });
});
