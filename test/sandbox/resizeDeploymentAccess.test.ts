import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClients, type AwsClients } from '../../src/aws/clients.ts';
import { applyDeployment } from '../../src/aws/resizeDeployment/applyDeployment.ts';
import { planDeployment } from '../../src/aws/resizeDeployment/planDeployment.ts';
import { createRole, putRolePolicy } from '../../src/aws/roles/roleChanges.ts';
import { MAX_DIRECT_ZIP_BYTES } from '../../src/aws/functions/functionWrites.ts';
import { getFunction } from '../../src/aws/functions/functions.ts';
import { listObjects } from '../../src/aws/objects/listing.ts';
import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { codeOf, HANDLER, startDeploymentWorld, type DeploymentWorld } from './deploymentWorld.ts';

/** What a caller may not do, and what a bucket is that is not where or whose it should be. */
let world: DeploymentWorld;
const opened: AwsClients[] = [];

beforeAll(async () => {
  world = await startDeploymentWorld({ settles: true });
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${world.clients.accountId}:root` },
        Action: 'sts:AssumeRole',
      },
    ],
  };
  await createRole(world.clients, { name: 'Deployer', description: '', trust, tags: {} });
});
afterAll(async () => {
  opened.forEach(each => each.destroy());
  await world.close();
});

/** Clients of someone who may do everything but this. */
async function without(action: string): Promise<AwsClients> {
  const Statement = [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: action, Resource: '*' },
  ];
  const document = JSON.stringify({ Version: '2012-10-17', Statement });
  await putRolePolicy(world.clients, { role: 'Deployer', policy: 'all-but', document });
  const { accountId, partition } = world.clients;
  const command = new AssumeRoleCommand({
    RoleArn: `arn:aws:iam::${accountId}:role/Deployer`,
    RoleSessionName: 'test',
  });
  const { Credentials: given } = await world.clients.sts().send(command);
  const { endpoint, region } = world.sandbox;
  const credentials = {
    accessKeyId: given?.AccessKeyId ?? '',
    secretAccessKey: given?.SecretAccessKey ?? '',
    sessionToken: given?.SessionToken,
  };
  const clients = createClients({ region, endpoint, credentials }, { accountId, partition });
  opened.push(clients);
  return clients;
}

describe('a caller without', () => {
  it.each([
    's3:CreateBucket',
    's3:PutBucketTagging',
    'iam:CreateRole',
    'iam:PutRolePolicy',
    'iam:PassRole',
    'lambda:CreateFunction',
    'lambda:AddPermission',
    's3:PutBucketNotification',
  ])('%s is told so, and everything is as before', async action => {
    const clients = await without(action);
    const target = await world.target();
    const before = await world.state(target);
    const plan = await planDeployment(clients, target);
    const applied = applyDeployment(clients, plan);
    await expect(applied).rejects.toMatchObject({ code: 'AccessDenied', action });
    expect(await world.state(target)).toEqual(before);
  });

  it.each(['s3:GetBucketNotification', 'iam:GetRole', 'lambda:GetFunction', 'lambda:GetPolicy'])(
    '%s cannot plan, and is told so',
    async action => {
      const target = await world.target();
      await applyDeployment(world.clients, await planDeployment(world.clients, target));
      const clients = await without(action);
      const planned = planDeployment(clients, target);
      await expect(planned).rejects.toMatchObject({ code: 'AccessDenied', action });
    },
  );

  it('iam:SimulatePrincipalPolicy gets a warning that the role was not checked', async () => {
    const own = await world.target();
    const { roleArn } = await applyDeployment(
      world.clients,
      await planDeployment(world.clients, own),
    );
    const clients = await without('iam:SimulatePrincipalPolicy');
    const target = await world.target({ role: { arn: roleArn } });
    const { warnings } = await planDeployment(clients, target);
    expect(warnings).toEqual([{ code: 'roleUnchecked', names: [roleArn] }]);
  });
});

describe('a destination bucket', () => {
  it('in another Region is a conflict', async () => {
    const destinationBucket = await world.bucket();
    const target = await world.target({ destinationBucket });
    const far: AwsClients = {
      ...world.clients,
      regionOfBucket: bucket =>
        Promise.resolve(bucket === destinationBucket ? 'eu-west-1' : 'us-east-1'),
    };
    const { steps } = await planDeployment(far, target);
    expect(steps[0]).toMatchObject({
      action: 'conflict',
      conflict: { code: 'otherRegion', names: [destinationBucket, 'eu-west-1', 'us-east-1'] },
    });
  });

  it('of another account is a conflict', async () => {
    const destinationBucket = await world.bucket();
    const target = await world.target({ destinationBucket });
    world.hook = async (name, send) => {
      if (name !== 'HeadBucketCommand' || ++heads !== 2) return send();
      throw Object.assign(new Error('Forbidden'), {
        name: '403',
        $metadata: { httpStatusCode: 403 },
      });
    };
    let heads = 0;
    const { steps } = await planDeployment(world.clients, target);
    world.hook = (_, send) => send();
    expect(steps[0]).toMatchObject({ conflict: { code: 'otherAccount' } });
  });
});

describe('a zip that is too large for a request', () => {
  it('goes through the destination bucket and is deleted there again', async () => {
    const zip = new ZipFile();
    zip.addBuffer(Buffer.from(HANDLER), 'index.mjs');
    zip.addBuffer(randomBytes(MAX_DIRECT_ZIP_BYTES), 'large', { compress: false });
    zip.end();
    const target = await world.target({ code: codeOf(await buffer(zip.outputStream)) });
    const plan = await planDeployment(world.clients, target);
    await applyDeployment(world.clients, plan);
    const { functionName, destinationBucket: bucket } = target;
    const found = await getFunction(world.clients, { functionName });
    expect(found.codeSize).toBeGreaterThan(MAX_DIRECT_ZIP_BYTES);
    const { objects } = await listObjects(world.clients.s3(), {
      bucket,
      prefix: '',
      delimiter: '',
    });
    expect(objects).toEqual([]);
    const again = await planDeployment(world.clients, target);
    expect(again.steps.every(({ action }) => action === 'keep')).toBe(true);
  });
});
