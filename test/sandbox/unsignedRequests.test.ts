import { afterAll, beforeAll, expect, it } from 'vitest';
import { sendRaw, sendSigned } from './signedRequest.ts';
import type { RawRequest } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { startTestSandbox } from './testSandbox.ts';

let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox();
});
afterAll(() => test.close());

const form = (body: string): RawRequest => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
  body,
});
const target = (name: string): RawRequest => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': name },
  body: '{}',
});

it.each([
  [target('DynamoDB_20120810.ListTables'), 501, '"__type":"NotImplemented"', 'ListTables'],
  [form('Action=ListQueues&Version=2012-11-05'), 501, '<Code>NotImplemented</Code>', 'ListQueues'],
  [
    form('Action=AssumeRoleWithWebIdentity&Version=2011-06-15'),
    501,
    '<Code>NotImplemented</Code>',
    'AssumeRoleWithWebIdentity',
  ],
  [
    form('Action=GetCallerIdentity&Version=2011-06-15'),
    403,
    '<Code>MissingAuthenticationToken</Code>',
    'Request is missing Authentication Token',
  ],
  [
    target('Logs_20140328.DescribeLogGroups'),
    400,
    '"__type":"MissingAuthenticationTokenException"',
    'Missing Authentication Token',
  ],
  [
    { path: '/2015-03-31/functions' },
    403,
    '"message":"Missing Authentication Token"',
    'Missing Authentication Token',
  ],
] as const)('%j unsigned answers as its own service', async (request, status, code, name) => {
  const answer = await sendRaw(test.sandbox, request);
  expect([answer.status, answer.body]).toEqual([status, expect.stringContaining(code)]);
  expect(answer.body).toContain(name);
});

it.each([
  [target('DynamoDB_20120810.ListTables'), 'dynamodb', 'dynamodb DynamoDB_20120810.ListTables'],
  [form('Action=ListQueues&Version=2012-11-05'), 'sqs', 'sqs ListQueues'],
  [{ path: '/restapis' }, 'apigateway', 'apigateway GET /restapis'],
] as const)('%j signed for %s is refused by its name', async (request, service, name) => {
  const answer = await sendSigned(test.sandbox, request, { service });
  expect(answer.status).toBe(501);
  expect(answer.body).toContain(`The sandbox does not implement ${name}.`);
});
