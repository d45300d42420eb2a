import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { readFunctionLogs } from '../../src/aws/functions/functionLogs.ts';
import { getFunction } from '../../src/aws/functions/functions.ts';
import { waitUntilActive } from '../../src/aws/functions/functionStates.ts';
import { invokeFunction } from '../../src/aws/functions/invokeFunction.ts';
import { startScriptedServer as serve } from '../support/scriptedServer.ts';

const json = (response: ServerResponse, body: unknown): void => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
};

describe('a function that is getting ready', () => {
  it('is waited for through Pending and InProgress', async () => {
    const states = [
      { State: 'Pending' },
      { State: 'Active', LastUpdateStatus: 'InProgress' },
      { State: 'Active', LastUpdateStatus: 'Successful' },
    ];
    const { clients, requests } = await serve((_, response) => {
      json(response, { FunctionName: 'f', ...states[requests.length - 1] });
    });
    expect(await waitUntilActive(clients(), { functionName: 'f' })).toMatchObject({
      state: 'Active',
    });
    expect(requests).toHaveLength(3);
  });

  it.each([
    { State: 'Failed', StateReason: 'No subnet' },
    { State: 'Active', LastUpdateStatus: 'Failed', LastUpdateStatusReason: 'No subnet' },
  ])('is FunctionFailed with Lambda’s reason: %o', async state => {
    const { clients } = await serve((_, response) =>
      json(response, { FunctionName: 'f', ...state }),
    );
    const settled = waitUntilActive(clients(), { functionName: 'f' });
    await expect(settled).rejects.toMatchObject({
      code: 'FunctionFailed',
      subject: 'f',
      message: 'No subnet',
    });
  });

  it('is no longer waited for when that is cancelled', async () => {
    const controller = new AbortController();
    const { clients } = await serve((_, response) => {
      json(response, { FunctionName: 'f', State: 'Pending' });
      setTimeout(() => controller.abort(), 20);
    });
    const { signal } = controller;
    const settled = waitUntilActive(clients(), { functionName: 'f' }, { signal });
    await expect(settled).rejects.toMatchObject({ code: 'Cancelled' });
  });
});

describe('a function’s tags', () => {
  it('are unknown, not empty, where they may not be read', async () => {
    const { clients } = await serve((_, response) => {
      const TagsError = { ErrorCode: 'AccessDeniedException', Message: 'no' };
      json(response, { Configuration: { FunctionName: 'f' }, TagsError });
    });
    const found = await getFunction(clients(), { functionName: 'f' });
    expect(found.tags).toBeUndefined();
  });
});

describe('an invocation', () => {
  it('whose answer is lost is not sent again: the function has run', async () => {
    const { clients, requests } = await serve((_, response) => response.destroy());
    const invoked = invokeFunction(clients(), { functionName: 'f', payload: {} });
    await expect(invoked).rejects.toMatchObject({ code: 'Network' });
    expect(requests).toHaveLength(1);
  });

  it('that is refused names the permission and the function', async () => {
    const arn = 'arn:aws:lambda:us-east-1:123456789012:function:f';
    const { clients } = await serve((_, response) => {
      response.writeHead(403, { 'x-amzn-errortype': 'AccessDeniedException' });
      const Message = `User: arn:aws:iam::123456789012:user/u is not authorized to perform: lambda:InvokeFunction on resource: ${arn} because no identity-based policy allows the lambda:InvokeFunction action`;
      response.end(JSON.stringify({ Message }));
    });
    const invoked = invokeFunction(clients(), { functionName: 'f', payload: {} });
    await expect(invoked).rejects.toMatchObject({
      code: 'AccessDenied',
      action: 'lambda:InvokeFunction',
      resource: arn,
    });
  });
});

describe('log lines', () => {
  const event = (timestamp: number, message: string) => ({
    timestamp,
    message,
    logStreamName: 's',
  });

  it('are found behind empty pages, oldest first', async () => {
    const pages = [
      { events: [], nextToken: '1' },
      { nextToken: '2' },
      { events: [event(2, 'two\n'), event(1, 'one\n')], nextToken: '3' },
    ];
    const { clients, requests } = await serve((_, response) => {
      json(response, pages[requests.length - 1]);
    });
    const query = { functionName: 'f', requestId: 'a-b', startTime: new Date(1), limit: 7 };
    const page = await readFunctionLogs(clients(), query);
    expect(page.lines.map(({ message }) => message)).toEqual(['one', 'two']);
    expect(page.nextToken).toBe('3');
    expect(requests.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
      { logGroupName: '/aws/lambda/f', filterPattern: '"a-b"', startTime: 1, limit: 7 },
      { nextToken: '1' },
      { nextToken: '2' },
    ]);
  });

  it('end where the token is the same again', async () => {
    const { clients, requests } = await serve((_, response) => {
      json(response, { events: [], nextToken: 'same' });
    });
    const page = await readFunctionLogs(clients(), { functionName: 'f' });
    expect(page).toEqual({ lines: [] });
    expect(requests).toHaveLength(2);
  });
});
