import { once } from 'node:events';
import { request } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import {
  GetFunctionConfigurationCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { CreateJobCommand, ListJobsCommand } from '@aws-sdk/client-s3-control';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createClients, type AwsClients } from '../../src/aws/clients.ts';
import { plainSettings } from '../../src/aws/connection/clientSettings.ts';
import { resolveSource } from '../../src/aws/connection/credentialProviders.ts';
import { identify } from '../../src/aws/identify.ts';
import { FakeClock } from '../../src/sandbox/clock.ts';
import { FunctionWorld } from './functionWorld.ts';
import { failedStart, startProcess } from './sandboxProcess.ts';
import { failure, startTestSandbox, type TestSandbox } from './testSandbox.ts';
import { isPosix } from '../support/posix.ts';

describe('a sandbox like AWS', () => {
  let test: TestSandbox;
  let clients: AwsClients;
  beforeAll(async () => {
    test = await startTestSandbox({ likeAws: 1000 });
    const { sandbox } = test;
    setDefaultCACertificates([...getCACertificates(), sandbox.authority!]);
    const { accessKeyId, secretAccessKey, region, endpoint } = sandbox;
    const credentials = { accessKeyId, secretAccessKey };
    const config = { region, credentials, proxyEnv: { HTTPS_PROXY: endpoint } };
    clients = createClients(config, await identify(config));
  });
  afterAll(async () => {
    clients.destroy();
    await test.close();
  });

  it('answers at the host of a bucket, whatever its name is', async () => {
    const Body = 'far';
    for (const Bucket of ['far-away', 'far.away', 's3.far']) {
      await clients.s3().send(new CreateBucketCommand({ Bucket }));
      const url = await getSignedUrl(clients.s3(), new GetObjectCommand({ Bucket, Key: 'k' }));
      // With a dot in it AWS's wildcard certificate would not do, so that the SDK leaves it in the path.
      if (!Bucket.includes('.')) {
        expect(new URL(url).host).toBe(`${Bucket}.s3.us-east-1.amazonaws.com`);
      }
      await clients.s3().send(new PutObjectCommand({ Bucket, Key: 'a b/ü', Body }));
      const got = await clients.s3().send(new GetObjectCommand({ Bucket, Key: 'a b/ü' }));
      expect(await got.Body!.transformToString()).toBe(Body);
    }
  });

  it("answers at the account's host of S3 Control", async () => {
    const { accountId: AccountId } = clients;
    const sent = new ListJobsCommand({ AccountId });
    expect((await clients.s3Control().send(sent)).Jobs).toEqual([]);
    const control = clients.s3Control('eu-west-1');
    const wrong = new CreateJobCommand({
      AccountId,
      Operation: { S3DeleteObjectTagging: {} },
      Report: { Enabled: false },
      Priority: 1,
      RoleArn: 'arn:aws:iam::210987654321:role/other',
    });
    expect((await failure(control.send(wrong))).status).toBe(400);
  });

  it('redirects who asks another Region for a bucket', async () => {
    const Bucket = 'far-in-europe';
    const LocationConstraint = 'eu-west-1';
    const CreateBucketConfiguration = { LocationConstraint } as const;
    const europe = clients.s3('eu-west-1');
    await europe.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    const { status } = await failure(clients.s3().send(new HeadBucketCommand({ Bucket })));
    expect(status).toBe(301);
    expect(await clients.regionOfBucket(Bucket)).toBe('eu-west-1');
    const client = await clients.s3ForBucket(Bucket);
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'far' }));
  });

  it('gives the credentials of a role through the proxy', async () => {
    const { accessKeyId, secretAccessKey, region, endpoint } = test.sandbox;
    const trust = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${clients.accountId}:root` },
      Action: 'sts:AssumeRole',
    };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
    const create = new CreateRoleCommand({ RoleName: 'far', AssumeRolePolicyDocument });
    const { Role } = await clients.iam().send(create);
    const origin = { kind: 'default' } as const;
    const keys = { kind: 'keys', origin, keys: () => ({ accessKeyId, secretAccessKey }) } as const;
    const source = { kind: 'role', origin, roleArn: Role!.Arn!, source: keys } as const;
    const proxyEnv = { HTTPS_PROXY: endpoint };
    const request = { source, region, settings: plainSettings(), proxyEnv };
    // AWS too knows a new role only after some seconds.
    const credentials = await vi.waitUntil(() => resolveSource(request).catch(() => undefined), {
      ...{ timeout: 60_000, interval: 100 },
    });
    const { arn } = await identify({ region, credentials, proxyEnv });
    expect(arn).toMatch(/:assumed-role\/far\/bucket-brigade-\d+$/);
  });

  it('tunnels to nobody else, and takes the names of AWS from a tunnel only', async () => {
    const { hostname, port } = new URL(test.sandbox.endpoint);
    const tunnel = async (path: string): Promise<number | undefined> => {
      const sent = request({ hostname, port, method: 'CONNECT', path }).end();
      const [answer, socket] = (await once(sent, 'connect')) as [
        { statusCode?: number },
        { destroy(): void },
      ];
      socket.destroy();
      return answer.statusCode;
    };
    const hosts = ['example.com:443', 'amazonaws.com.example.com:443', '127.0.0.1:443'];
    for (const host of [...hosts, 's3.amazonaws.com:80', 's3.amazonaws.com']) {
      expect(await tunnel(host)).toBe(403);
    }
    expect(await tunnel('s3.amazonaws.com:443')).toBe(200);
    const headers = { host: 'far-away.s3.amazonaws.com' };
    const sent = request({ hostname, port, path: '/', headers }).end();
    const [answer] = (await once(sent, 'response')) as [{ statusCode?: number; resume(): void }];
    answer.resume();
    expect(answer.statusCode).toBe(403);
  });
});

it('makes a function ready late, and sends events by a new configuration late', async () => {
  const clock = new FakeClock();
  await using late = await startTestSandbox({ clock });
  const { s3, sandbox } = late;
  const { faults } = sandbox.services;
  const Bucket = 'late';
  await s3.send(new CreateBucketCommand({ Bucket }));
  const world = await FunctionWorld.open(sandbox);
  const passing = setInterval(() => clock.advance(100), 20);
  const arn = await world.create('told', 'exports.handler = async event => record(event);', {
    buckets: [Bucket],
  });
  clearInterval(passing);

  faults.set({ seed: 1, rules: [{ fault: 'slowFunction', seconds: 300 }] });
  const FunctionName = 'told';
  const state = async (): Promise<string | undefined> => {
    const asked = new GetFunctionConfigurationCommand({ FunctionName });
    return (await world.lambda.send(asked)).LastUpdateStatus;
  };
  await world.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 9 }));
  expect(await state()).toBe('InProgress');
  clock.advance(299_000);
  expect(await state()).toBe('InProgress');
  clock.advance(1000);
  expect(await state()).toBe('Successful');

  faults.set({ seed: 1, rules: [{ fault: 'lateEvents', seconds: 20 }] });
  const entry = { LambdaFunctionArn: arn, Events: ['s3:ObjectCreated:*' as const] };
  const NotificationConfiguration = { LambdaFunctionConfigurations: [entry] };
  await s3.send(
    new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }),
  );
  await s3.send(new PutObjectCommand({ Bucket, Key: 'too-soon', Body: '' }));
  clock.advance(20_000);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'late-enough', Body: '' }));
  const [first] = await world.untilRecorded('told', 1);
  expect(first?.event.Records[0]?.s3.object.key).toBe('late-enough');
  await world.close();
});

it('is had by an option, which says whom to trust', async () => {
  await using other = await startTestSandbox();
  const data = join(other.directory, 'far');
  await using far = await startProcess('--data', data, '--like-aws', '--port', '0');
  const { caFile } = far.printed as { caFile?: string };
  expect(caFile).toBe(join(data, 'aws-ca.pem'));
  expect(await readFile(caFile!, 'utf8')).toMatch(/^-----BEGIN CERTIFICATE-----/);
  expect(await far.stop('SIGTERM')).toBe(isPosix ? 0 : null);
  const { code, stderr } = await failedStart('--data', data, '--like-aws', '0');
  expect([code, stderr]).toEqual([1, expect.stringMatching(/number up to 1000, not "0"/)]);
});
