import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateLogGroupCommand, PutRetentionPolicyCommand } from '@aws-sdk/client-cloudwatch-logs';
import { AttachRolePolicyCommand, TagRoleCommand } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  PutFunctionConcurrencyCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  PutBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployedFacts } from '../../src/aws/export/deployedFacts.ts';
import { planFacts } from '../../src/aws/export/planFacts.ts';
import { terraform } from '../../src/aws/export/terraform.ts';
import { readBucketFunctions } from '../../src/aws/notifications/bucketFunctions.ts';
import { readNotifications } from '../../src/aws/notifications/notifications.ts';
import { applyDeployment } from '../../src/aws/resizeDeployment/applyDeployment.ts';
import { planDeployment } from '../../src/aws/resizeDeployment/planDeployment.ts';
import { ALIASED, DEPLOYED, NEW } from '../support/exportFacts.ts';
import { HANDLER, startDeploymentWorld, zipOf, type DeploymentWorld } from './deploymentWorld.ts';
import { environment } from './pythonClients.ts';

const run = promisify(execFile);
/** Where providers are unpacked as `terraform providers mirror` lays them out. */
const MIRROR = process.env['TF_PLUGIN_MIRROR'] ?? '/opt/tf-plugins';
const PROVIDERS = join(MIRROR, 'registry.terraform.io/hashicorp/aws');
const installed =
  spawnSync('terraform', ['version']).status === 0 && spawnSync('ls', [PROVIDERS]).status === 0;

/** For an endpoint that is not AWS's own, and a provider that is older than the runtime. */
const OVERRIDE = `provider "aws" {
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  max_retries                 = 1
}

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}
`;
const OLDER_RUNTIME = `
resource "aws_lambda_function" "resize" {
  runtime = "nodejs22.x"
}
`;

// Skipped where Terraform is not on PATH, or its provider for AWS not in the mirror.
describe.runIf(installed)('a deployment as Terraform', () => {
  let world: DeploymentWorld;
  let folder: string;
  let zip: string;
  let provider: ChildProcess;
  let reattach: string;
  beforeAll(async () => {
    world = await startDeploymentWorld({ settles: true });
    folder = await mkdtemp(join(tmpdir(), 'terraform '));
    zip = join(folder, 'resize.zip');
    await writeFile(zip, await zipOf(HANDLER));
    await writeFile(
      join(folder, 'terraform.rc'),
      `provider_installation {\n  filesystem_mirror {\n    path = "${MIRROR}"\n  }\n}\n`,
    );
    ({ provider, reattach } = await startProvider(world));
  }, 120_000);
  afterAll(async () => {
    provider.kill();
    await world.close();
    await rm(folder, { recursive: true });
  });

  const tf = async (directory: string, ...args: readonly string[]): Promise<string> => {
    const env = {
      ...environment(world.sandbox),
      AWS_ENDPOINT_URL: undefined,
      CHECKPOINT_DISABLE: '1',
      TF_IN_AUTOMATION: '1',
      TF_CLI_ARGS: '-no-color',
      TF_CLI_CONFIG_FILE: join(folder, 'terraform.rc'),
      ...(args[0] !== 'init' && { TF_REATTACH_PROVIDERS: reattach }),
    };
    const { stdout } = await run('terraform', args, { cwd: directory, env, maxBuffer: 1e8 });
    return stdout;
  };
  const configure = async (text: string, more = ''): Promise<string> => {
    const directory = await mkdtemp(join(folder, 'root-'));
    await writeFile(join(directory, 'main.tf'), text);
    await writeFile(join(directory, 'test_override.tf'), OVERRIDE + more);
    await tf(directory, 'fmt', '-check', 'main.tf');
    await tf(directory, 'init');
    return directory;
  };
  const notify = (bucket: string, NotificationConfiguration: NotificationConfiguration) =>
    world.clients.s3().send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: bucket,
        NotificationConfiguration,
      }),
    );

  it('is applied as the extension would do it, has nothing left to do, and is destroyed', async () => {
    const { clients } = world;
    const target = await world.target({ prefix: `it's $\{a} %{b}/` });
    const { bucket } = target;
    await notify(bucket, { EventBridgeConfiguration: {} });
    const plan = await planDeployment(clients, target);
    const text = terraform(await planFacts(clients, plan, { name: 'resize.zip', path: zip }));
    const directory = await configure(text, OLDER_RUNTIME);
    const added = await tf(directory, 'apply', '-auto-approve');
    expect(added).toMatch(/Resources: 1 imported, 6 added, 1 changed, 0 destroyed/);
    const { steps } = await planDeployment(clients, { ...target, code: { kind: 'deployed' } });
    expect(steps.filter(({ action }) => action !== 'keep')).toEqual([]);
    expect(await tf(directory, 'plan', '-detailed-exitcode')).toContain('No changes.');
    await tf(directory, 'destroy', '-auto-approve');
    expect(await readNotifications(clients, bucket)).toEqual({});
    expect(await planDeployment(clients, target)).toMatchObject({
      steps: plan.steps.map(({ kind, action }) => ({ kind, action })),
    });
  }, 600_000);

  it('is valid with everything that a function can have', async () => {
    for (const facts of [NEW, DEPLOYED, ALIASED]) {
      const text = terraform({ ...facts, function: { ...facts.function, code: { name: zip } } });
      const directory = await configure(text, OLDER_RUNTIME);
      expect(await tf(directory, 'validate')).toContain('The configuration is valid.');
    }
  }, 600_000);

  it('takes over what was deployed by hand, and changes nothing', async () => {
    const { clients } = world;
    const target = await world.target({ prefix: 'in put/' });
    const { bucket, functionName: FunctionName } = target;
    const plan = await planDeployment(clients, target);
    const { functionArn } = await applyDeployment(clients, plan);
    const lambda = clients.lambda();
    const RoleName = 'name' in target.role ? target.role.name : '';
    await clients.iam().send(
      new AttachRolePolicyCommand({
        RoleName,
        PolicyArn: 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
      }),
    );
    const Tags = [{ Key: 'team', Value: 'a=b' }];
    await clients.iam().send(new TagRoleCommand({ RoleName, Tags }));
    await lambda.send(
      new TagResourceCommand({ Resource: functionArn, Tags: { team: 'pictures' } }),
    );
    await lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 3 }),
    );
    await lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName,
        Runtime: 'nodejs22.x',
        Environment: { Variables: { DESTINATION_BUCKET: 'elsewhere', API_KEY: 'secret' } },
      }),
    );
    await lambda.send(
      new RemovePermissionCommand({ FunctionName, StatementId: `bucket-brigade-${bucket}` }),
    );
    const permission = { FunctionName, StatementId: 'mine', Action: 'lambda:InvokeFunction' };
    const SourceArn = `arn:aws:s3:::${bucket}`;
    await lambda.send(
      new AddPermissionCommand({ ...permission, Principal: 's3.amazonaws.com', SourceArn }),
    );
    const logGroupName = `/aws/lambda/${FunctionName}`;
    await clients.logs().send(new CreateLogGroupCommand({ logGroupName, tags: { a: 'b' } }));
    await clients.logs().send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 7 }));
    const { LambdaFunctionConfigurations: ours = [] } = await readNotifications(clients, bucket);
    await notify(bucket, {
      EventBridgeConfiguration: {},
      LambdaFunctionConfigurations: [
        { Id: 'theirs', LambdaFunctionArn: functionArn, Events: ['s3:ObjectRemoved:*'] },
        ...ours,
      ],
    });
    const before = await world.state(target);
    const [found] = await readBucketFunctions(clients, bucket);
    const code = { name: 'resize.zip', path: zip };
    const text = terraform(await deployedFacts(clients, bucket, found!, code));
    expect(text).not.toContain('secret"');
    const directory = await configure(text);
    const applied = await tf(directory, 'apply', '-auto-approve');
    expect(applied).toMatch(/Resources: 6 imported, 0 added, 0 changed, 0 destroyed/);
    expect(await world.state(target)).toEqual(before);
  }, 600_000);
});

/**
 * Runs the provider once for all commands, as its developers do: to start it takes longer than all that it
 * does here.
 */
async function startProvider(world: DeploymentWorld) {
  const [version = ''] = await readdir(PROVIDERS);
  const [platform = ''] = await readdir(join(PROVIDERS, version));
  const files = await readdir(join(PROVIDERS, version, platform));
  const program = files.find(name => name.startsWith('terraform-provider-aws')) ?? '';
  const provider = spawn(join(PROVIDERS, version, platform, program), ['-debug'], {
    env: environment(world.sandbox),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const reattach = await new Promise<string>((resolve, reject) => {
    let said = '';
    provider.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      const found = /TF_REATTACH_PROVIDERS='(.+)'/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    provider.once('exit', () => reject(new Error(`The provider ended: ${said}`)));
  });
  return { provider, reattach };
}
