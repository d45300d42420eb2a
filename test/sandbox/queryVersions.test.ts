import {
  CreateRoleCommand,
  ListPoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import { ListJobsCommand } from '@aws-sdk/client-s3-control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { controlClient, iamClient } from './controlClients.ts';
import { sendSigned } from './signedRequest.ts';
import type { TestSandbox } from './testSandbox.ts';
import { failure, startTestSandbox } from './testSandbox.ts';

let test: TestSandbox;
let iam: ReturnType<typeof iamClient>;
beforeAll(async () => {
  test = await startTestSandbox();
  iam = iamClient(test.sandbox);
});
afterAll(async () => {
  iam.destroy();
  await test.close();
});

describe('a request of the query protocol', () => {
  const SERVICES = [
    ['iam', 'ListRoles', '2010-05-08'],
    ['sts', 'GetCallerIdentity', '2011-06-15'],
    ['monitoring', 'ListMetrics', '2010-08-01'],
  ] as const;
  const send = (service: string, body: string) =>
    sendSigned(
      test.sandbox,
      { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body },
      { service },
    );

  it.each(SERVICES)('of %s names its version: %s of %s', async (service, action, version) => {
    expect(await send(service, `Action=${action}&Version=${version}`)).toMatchObject({
      status: 200,
    });
    const others = SERVICES.map(([, , each]) => each).filter(each => each !== version);
    for (const other of [...others, '', 'latest']) {
      const answer = await send(service, `Action=${action}&Version=${other}`);
      expect(answer.status).toBe(400);
      expect(answer.body).toContain('<Code>InvalidAction</Code>');
      expect(answer.body).toContain(`Could not find operation ${action} for version ${other}<`);
    }
    const answer = await send(service, `Action=${action}`);
    expect(answer.body).toContain('for version NO_VERSION_SPECIFIED<');
  });
});

describe('a marker that no answer held', () => {
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        ...{ Effect: 'Allow', Action: 'sts:AssumeRole' },
        Principal: { Service: 'lambda.amazonaws.com' },
      },
    ],
  });
  beforeAll(async () => {
    for (const RoleName of ['one', 'two']) {
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
    }
  });

  it('is refused by IAM, one of another list too', async () => {
    const { Marker = '' } = await iam.send(new ListRolesCommand({ MaxItems: 1 }));
    const { Roles } = await iam.send(new ListRolesCommand({ Marker }));
    expect(Roles?.map(({ RoleName }) => RoleName)).toEqual(['two']);
    const refused = { name: 'ValidationError', status: 400, message: 'Invalid Marker.' };
    for (const wrong of ['x', 'MQ', `${Marker}!`, Marker.slice(0, -2)]) {
      expect(await failure(iam.send(new ListRolesCommand({ Marker: wrong })))).toMatchObject(
        refused,
      );
    }
    expect(await failure(iam.send(new ListPoliciesCommand({ Marker })))).toMatchObject(refused);
    const policies = new ListRolePoliciesCommand({ RoleName: 'one', Marker });
    expect(await failure(iam.send(policies))).toMatchObject(refused);
  });

  it('is refused by S3 Control', async () => {
    const client = controlClient(test.sandbox);
    for (const NextToken of ['x', 'am9iOjE', 'WyJqb2IiLCJ4Il0']) {
      const list = new ListJobsCommand({ AccountId: test.sandbox.accountId, NextToken });
      expect(await failure(client.send(list))).toMatchObject({
        name: 'InvalidNextTokenException',
        status: 400,
      });
    }
    client.destroy();
  });
});
