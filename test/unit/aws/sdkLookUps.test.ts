import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListUsersCommand } from '@aws-sdk/client-iam';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { HeadBucketCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { ListJobsCommand } from '@aws-sdk/client-s3-control';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createClients, type AwsClients } from '../../../src/aws/clients.ts';
import {
  plainSettings,
  sdkSettings,
  type ClientSettings,
} from '../../../src/aws/connection/clientSettings.ts';
import { SERVICES } from '../../../src/aws/connection/services.ts';

const PACKAGES = path.resolve(import.meta.dirname, '../../../node_modules/@aws-sdk');

/** The programs that decide what a client of the SDK looks up, of our services and of sign-in. */
const RUNTIME_CONFIGS = [
  ...readdirSync(PACKAGES)
    .filter(name => name.startsWith('client-'))
    .map(name => `${name}/dist-es/runtimeConfig.js`),
  ...['sso', 'sso-oidc', 'signin'].map(
    name => `nested-clients/dist-es/submodules/${name}/runtimeConfig.js`,
  ),
];

/** What we always give by other ways than `sdkSettings`. */
const GIVEN = ['region'];

describe('the SDK’s clients look nothing up by themselves', () => {
  it.each(RUNTIME_CONFIGS)('%s: every option that it would load is given', file => {
    const text = readFileSync(path.join(PACKAGES, file), 'utf8');
    const loaded = [...text.matchAll(/(\w+): config\?\.\1 \?\?\s*loadNodeConfig\(/g)];
    expect(loaded).toHaveLength(text.match(/loadNodeConfig\(/g)?.length ?? 0);
    const given = Object.entries(sdkSettings('s3', plainSettings()))
      .filter(([, value]) => value !== undefined)
      .map(([name]) => name);
    for (const [, name = ''] of loaded) expect([...given, ...GIVEN]).toContain(name);
  });

  const CALLS: Readonly<Record<string, (clients: AwsClients) => Promise<unknown>>> = {
    s3: clients => clients.s3().send(new ListBucketsCommand({})),
    'a bucket': clients => clients.s3().send(new HeadBucketCommand({ Bucket: 'bucket' })),
    s3_control: clients => clients.s3Control().send(new ListJobsCommand({ AccountId: ACCOUNT })),
    sts: clients => clients.sts().send(new GetCallerIdentityCommand({})),
    iam: clients => clients.iam().send(new ListUsersCommand({})),
    lambda: clients => clients.lambda().send(new ListFunctionsCommand({})),
    cloudwatch: clients => clients.cloudWatch().send(new ListMetricsCommand({})),
    cloudwatch_logs: clients => clients.logs().send(new DescribeLogGroupsCommand({})),
    cloudtrail: clients => clients.cloudTrail().send(new LookupEventsCommand({})),
  };
  const ACCOUNT = '123456789012';

  afterEach(() => vi.restoreAllMocks());

  it.each(Object.keys(CALLS))('%s: no variable of AWS’s is read for a call', async service => {
    const read = new Set<string>();
    const before = process.env;
    process.env = new Proxy(before, {
      get: (env, name: string) => {
        if (typeof name === 'string' && /AWS|AMZN/.test(name)) read.add(name);
        return env[name];
      },
      has: (env, name) => {
        if (typeof name === 'string' && /AWS|AMZN/.test(name)) read.add(name);
        return name in env;
      },
    });
    const handle = vi
      .spyOn(NodeHttpHandler.prototype, 'handle')
      .mockRejectedValue(new Error('Not sent'));
    try {
      const clients = createClients(
        { region: 'eu-west-1', credentials: { accessKeyId: 'A', secretAccessKey: 'S' } },
        { accountId: ACCOUNT, partition: 'aws' },
      );
      await expect(CALLS[service]?.(clients)).rejects.toThrow('Not sent');
    } finally {
      process.env = before;
    }
    expect(handle).toHaveBeenCalled();
    // They name the program in headers, silence warnings and set time limits: none decides where a
    // request goes or who signs it.
    const harmless = [
      ...['AWS_EXECUTION_ENV', 'AWS_LAMBDA_FUNCTION_NAME', '_X_AMZN_TRACE_ID'],
      ...['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED', 'AWS_LAMBDA_MAX_CONCURRENCY'],
      'AWS_ENABLE_DEFAULT_SOCKET_TIMEOUT_2026',
    ];
    expect([...read].filter(name => !harmless.includes(name))).toEqual([]);
  });

  it('each service has the endpoint of its own', () => {
    const endpoints = Object.fromEntries(
      SERVICES.map((id, index) => [id, `http://127.0.0.1:${index + 1}`]),
    ) as ClientSettings['endpoints'];
    const settings = { ...plainSettings(), endpoints };
    for (const id of SERVICES) expect(sdkSettings(id, settings).endpoint).toBe(endpoints[id]);
  });
});
