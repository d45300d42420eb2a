import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import {
  CreateLogGroupCommand,
  type CreateLogGroupCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  PutRolePolicyCommand,
  type CreateRoleCommandInput,
} from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  InvokeCommand,
  waitUntilFunctionActiveV2,
  type AddPermissionCommandInput,
  type CreateFunctionCommandInput,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketTaggingCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { buffer } from 'node:stream/consumers';
import { cloudFormationTemplate } from '../../src/aws/export/cloudFormation.ts';
import { NOTIFICATION_HANDLER } from '../../src/aws/export/notificationHandler.ts';
import { planFacts } from '../../src/aws/export/planFacts.ts';
import { readNotifications } from '../../src/aws/notifications/notifications.ts';
import { applyDeployment } from '../../src/aws/resizeDeployment/applyDeployment.ts';
import { planDeployment } from '../../src/aws/resizeDeployment/planDeployment.ts';
import { HANDLER, startDeploymentWorld, zipOf, type DeploymentWorld } from './deploymentWorld.ts';

let world: DeploymentWorld;
let server: Server;
/** What the custom resource answered CloudFormation. */
const answers: Record<string, unknown>[] = [];
let responseUrl: string;

beforeAll(async () => {
  world = await startDeploymentWorld({ settles: true });
  server = createServer((request, response) => {
    void json(request).then(answer => {
      answers.push(answer as Record<string, unknown>);
      response.end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  responseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  server.close();
  await world.close();
});

type Properties = Record<string, unknown>;
interface Resource {
  readonly Type: string;
  readonly Properties: Properties;
}

/** What CloudFormation would put in the place of a template's functions. */
function resolved(value: unknown, refs: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map(item => resolved(item, refs));
  if (typeof value !== 'object' || value === null) return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Sub': text } = value as Properties;
  if (typeof Ref === 'string') return refs.get(Ref);
  if (Array.isArray(attribute)) return refs.get(attribute.join('.'));
  if (typeof text === 'string') {
    return text.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, name: string) =>
      literal === '' ? (refs.get(name) ?? '') : `\${${name}}`,
    );
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolved(item, refs)]),
  );
}

/** The handler as Lambda would run it, with the SDK that its runtime brings. */
async function handlerZip(code: string): Promise<Uint8Array> {
  const stdin = { contents: code, resolveDir: import.meta.dirname };
  const bundle = { bundle: true, platform: 'node', format: 'cjs', minify: true } as const;
  const { outputFiles } = await build({ stdin, ...bundle, write: false });
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(outputFiles[0]!.contents), 'index.js');
  zip.end();
  return await buffer(zip.outputStream);
}

/** Makes a resource of the template from its properties alone; answers what it is referred to by. */
async function create({ Type, Properties: given }: Resource): Promise<Record<string, string>> {
  const { clients } = world;
  switch (Type) {
    case 'AWS::S3::Bucket': {
      const Bucket = String(given['BucketName']);
      await clients.s3().send(new CreateBucketCommand({ Bucket }));
      const TagSet = given['Tags'] as { Key: string; Value: string }[];
      await clients.s3().send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
      return {};
    }
    case 'AWS::IAM::Role': {
      const { Policies = [], ManagedPolicyArns = [], ...rest } = given;
      const { RoleName = 'stack-notification-role' } = rest as { RoleName?: string };
      const AssumeRolePolicyDocument = JSON.stringify(rest['AssumeRolePolicyDocument']);
      const input = { ...rest, RoleName, AssumeRolePolicyDocument } as CreateRoleCommandInput;
      const { Role } = await clients.iam().send(new CreateRoleCommand(input));
      for (const { PolicyName, PolicyDocument } of Policies as Record<string, string>[]) {
        const document = JSON.stringify(PolicyDocument);
        const put = { RoleName, PolicyName, PolicyDocument: document };
        await clients.iam().send(new PutRolePolicyCommand(put));
      }
      for (const PolicyArn of ManagedPolicyArns as string[]) {
        await clients.iam().send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
      }
      return { Arn: Role?.Arn ?? '' };
    }
    case 'AWS::Logs::LogGroup': {
      const { LogGroupName: logGroupName } = given;
      const input = { logGroupName } as CreateLogGroupCommandInput;
      await clients.logs().send(new CreateLogGroupCommand(input));
      return {};
    }
    case 'AWS::Lambda::Function': {
      const { Code, Tags = [], FunctionName = 'stack-notifications', ...rest } = given;
      const { ZipFile: code } = Code as { ZipFile?: string };
      const tags = (Tags as { Key: string; Value: string }[]).map(tag => [tag.Key, tag.Value]);
      const made = await clients.lambda().send(
        new CreateFunctionCommand({
          ...rest,
          FunctionName,
          Code: code === undefined ? Code : { ZipFile: await handlerZip(code) },
          Tags: Object.fromEntries(tags) as Record<string, string>,
        } as CreateFunctionCommandInput),
      );
      const wait = { client: clients.lambda(), maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
      await waitUntilFunctionActiveV2(wait, { FunctionName: String(FunctionName) });
      return { Arn: made.FunctionArn ?? '' };
    }
    case 'AWS::Lambda::Permission': {
      const input = { StatementId: 'stack', ...given } as AddPermissionCommandInput;
      await clients.lambda().send(new AddPermissionCommand(input));
      return {};
    }
    default:
      throw new Error(`Nobody makes a ${Type}`);
  }
}

/** Calls the custom resource as CloudFormation does. */
async function request(RequestType: string, properties: Properties, old?: Properties) {
  const event = {
    ...{ RequestType, ResponseURL: responseUrl, StackId: 'stack', RequestId: RequestType },
    ...{ LogicalResourceId: 'Notifications', ResourceProperties: properties },
    ...(old && { OldResourceProperties: old }),
  };
  const { FunctionError } = await world.clients
    .lambda()
    .send(
      new InvokeCommand({ FunctionName: 'stack-notifications', Payload: JSON.stringify(event) }),
    );
  expect(FunctionError).toBeUndefined();
  return answers.at(-1);
}

it('is made resource by resource, and its notifications come and go with it alone', async () => {
  const { clients } = world;
  const other = await world.target();
  const otherArn = (await applyDeployment(clients, await planDeployment(clients, other)))
    .functionArn;
  const target = await world.target({ prefix: `in/it's $1/` });
  const Bucket = target.bucket;
  await clients.lambda().send(
    new AddPermissionCommand({
      ...{
        FunctionName: other.functionName,
        StatementId: 'more',
        SourceAccount: clients.accountId,
      },
      ...{ Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' },
      SourceArn: `arn:aws:s3:::${Bucket}`,
    }),
  );
  const theirs = {
    EventBridgeConfiguration: {},
    LambdaFunctionConfigurations: [
      { Id: 'theirs', LambdaFunctionArn: otherArn, Events: ['s3:ObjectRemoved:*' as const] },
    ],
  };
  const notifying = { Bucket, NotificationConfiguration: theirs };
  await clients.s3().send(new PutBucketNotificationConfigurationCommand(notifying));
  const Body = await zipOf(HANDLER);
  await clients.s3().send(new PutObjectCommand({ Bucket: other.bucket, Key: 'f.zip', Body }));

  const plan = await planDeployment(clients, target);
  const template = cloudFormationTemplate(await planFacts(clients, plan, { name: 'f.zip' }));
  const refs = new Map([
    ['CodeBucket', other.bucket],
    ['CodeKey', 'f.zip'],
    ['AWS::Partition', clients.partition],
    ['AWS::Region', clients.region],
    ['AWS::AccountId', clients.accountId],
  ]);
  const { Notifications, ...resources } = template['Resources'] as unknown as Record<
    string,
    Resource
  >;
  for (const [name, resource] of Object.entries(resources)) {
    const attributes = await create(resolved(resource, refs) as Resource);
    for (const [key, value] of Object.entries(attributes)) refs.set(`${name}.${key}`, value);
  }
  const properties = resolved(Notifications!.Properties, refs) as Properties;
  expect(await request('Create', properties)).toMatchObject({ Status: 'SUCCESS' });

  // All is as the extension itself would have made it.
  const { steps } = await planDeployment(clients, { ...target, code: { kind: 'deployed' } });
  expect(steps.filter(({ action }) => action !== 'keep')).toEqual([]);
  expect(await readNotifications(clients, Bucket)).toMatchObject({
    EventBridgeConfiguration: {},
    LambdaFunctionConfigurations: [{ Id: 'theirs' }, {}, {}],
  });

  // Again, as CloudFormation does when an answer got lost: nothing is there twice.
  expect(await request('Create', properties)).toMatchObject({ Status: 'SUCCESS' });
  const entries = properties['Entries'] as Properties[];
  const next = { ...properties, Entries: entries.slice(0, 1) };
  const updated = await request('Update', next, properties);
  expect(updated).toMatchObject({ PhysicalResourceId: `notifications-of-${Bucket}` });
  const now = await readNotifications(clients, Bucket);
  expect(now.LambdaFunctionConfigurations).toHaveLength(2);

  // An entry of others with an id of ours stays theirs, and so does all after a deletion.
  const clash = { ...properties, Entries: [{ ...entries[0], Id: 'theirs' }] };
  expect(await request('Create', clash)).toMatchObject({
    Status: 'FAILED',
    Reason: expect.stringContaining('has another notification theirs') as string,
  });
  expect(await request('Delete', clash)).toMatchObject({ Status: 'SUCCESS' });
  expect(await readNotifications(clients, Bucket)).toEqual(now);
  expect(await request('Delete', next)).toMatchObject({ Status: 'SUCCESS' });
  expect(await readNotifications(clients, Bucket)).toEqual(theirs);
  const gone = { ...next, Bucket: 'no-such-bucket-here' };
  expect(await request('Delete', gone)).toMatchObject({ Status: 'SUCCESS' });
}, 300_000);

it('fits into the template as code', () => {
  expect(NOTIFICATION_HANDLER.length).toBeLessThan(4096);
});
