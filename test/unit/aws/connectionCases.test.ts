import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { ListJobsCommand } from '@aws-sdk/client-s3-control';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createClients, type AwsClients } from '../../../src/aws/clients.ts';
import { clientSettings } from '../../../src/aws/connection/clientSettings.ts';
import { readConfigFiles } from '../../../src/aws/connection/configFiles.ts';
import { ConfigFault } from '../../../src/aws/connection/configProblem.ts';
import { resolveConnection } from '../../../src/aws/connection/resolveConnection.ts';
import { renewingCredentials } from '../../../src/aws/connection/credentials.ts';
import { AWS_CONFIG_CASES, type AwsConfigCase } from '../../support/awsConfigCases.ts';
import { describeRequest, makeWorld } from '../../support/awsConfigWorld.ts';

const OPERATIONS: Readonly<Record<string, (clients: AwsClients) => Promise<unknown>>> = {
  s3: clients => clients.s3().send(new ListBucketsCommand({})),
  s3_control: clients =>
    clients.s3Control().send(new ListJobsCommand({ AccountId: '123456789012' })),
  sts: clients => clients.sts().send(new GetCallerIdentityCommand({})),
  lambda: clients => clients.lambda().send(new ListFunctionsCommand({})),
  cloudwatch_logs: clients => clients.logs().send(new DescribeLogGroupsCommand({})),
};

/** Ours of what `askCli` is: the first request, or the kind of problem. */
async function ask(of: AwsConfigCase): Promise<{ sends?: string; problem?: string }> {
  using world = makeWorld(of);
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
  }
  for (const [name, value] of Object.entries(world.env)) vi.stubEnv(name, value);
  const sent: string[] = [];
  vi.spyOn(NodeHttpHandler.prototype, 'handle').mockImplementation(request => {
    const { protocol, hostname, port, headers } = request;
    const at = port === undefined ? '' : `:${port}`;
    sent.push(describeRequest(`${protocol}//${hostname}${at}`, headers['authorization'] ?? ''));
    return Promise.reject(new Error('Not sent'));
  });
  try {
    const settings = resolveConnection(
      { profile: of.profile },
      await readConfigFiles(world.env),
      world.env,
    );
    const region = settings.region?.value;
    if (region === undefined) return { problem: 'noRegion' };
    const credentials = renewingCredentials(() =>
      Promise.resolve({
        ...{ source: settings.credentials, region },
        settings: clientSettings(settings, settings.credentialEndpoints),
      }),
    );
    const clients = createClients(
      { region, credentials, settings: clientSettings(settings) },
      { accountId: '123456789012', partition: 'aws' },
    );
    await OPERATIONS[of.service ?? 's3']?.(clients).catch(() => undefined);
    clients.destroy();
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (!(cause instanceof ConfigFault)) throw error;
    return { problem: cause.problem.kind };
  }
  return { sends: sent[0] };
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('a connection is resolved as the AWS CLI does it', () => {
  it.each(AWS_CONFIG_CASES.map(of => [of.name, of] as const))('%s', async (_name, of) => {
    const { sends, problem } = of.ours ?? of;
    expect(await ask(of)).toEqual(problem === undefined ? { sends } : { problem });
  });
});
