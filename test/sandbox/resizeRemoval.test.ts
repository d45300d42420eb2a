import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findBucket, getBucketTags, putBucketTags } from '../../src/aws/objects/buckets.ts';
import { deleteFunction } from '../../src/aws/functions/functionWrites.ts';
import { getFunction } from '../../src/aws/functions/functions.ts';
import { untagFunction } from '../../src/aws/functions/functionTags.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { deleteObjects } from '../support/deleteKeys.ts';
import { applyDeployment } from '../../src/aws/resizeDeployment/applyDeployment.ts';
import { applyRemoval } from '../../src/aws/resizeDeployment/applyRemoval.ts';
import { planDeployment } from '../../src/aws/resizeDeployment/planDeployment.ts';
import { planRemoval } from '../../src/aws/resizeDeployment/planRemoval.ts';
import type { RemovalTarget } from '../../src/aws/resizeDeployment/removalPlan.ts';
import type { DeploymentTarget } from '../../src/aws/resizeDeployment/target.ts';
import { putRolePolicy } from '../../src/aws/roles/roleChanges.ts';
import { startDeploymentWorld, withEventBridge, type DeploymentWorld } from './deploymentWorld.ts';

let world: DeploymentWorld;
let target: DeploymentTarget;
let before: unknown;

beforeAll(async () => {
  world = await startDeploymentWorld({ settles: true });
});
afterAll(() => world.close());
beforeEach(async () => {
  world.hook = (_, send) => send();
  target = await world.target();
  await withEventBridge(world.clients, target.bucket);
  before = await world.state(target);
  await applyDeployment(world.clients, await planDeployment(world.clients, target));
});

async function remove(change: Partial<RemovalTarget> = {}) {
  const plan = await planRemoval(world.clients, { bucket: target.bucket, ...change });
  const done = await applyRemoval(world.clients, plan);
  return { plan, done: done.map(({ kind }) => kind) };
}

const roleName = () => ('name' in target.role ? target.role.name : '');

describe('a removal', () => {
  it('removes all that a deployment made, the event first, and nothing else', async () => {
    const { plan, done } = await remove();
    expect(done).toEqual(['notification', 'permission', 'function', 'role', 'destinationBucket']);
    expect(plan.steps.filter(({ action }) => action === 'keep')).toEqual([
      expect.objectContaining({ kind: 'logGroup', kept: 'notAsked' }),
    ]);
    expect(await world.state(target)).toEqual(before);
    expect((await remove()).done).toEqual([]);
  });

  it('leaves a bucket with objects in it, until it is asked for', async () => {
    const { clients } = world;
    const bucket = target.destinationBucket;
    const versioned = { Status: 'Enabled' as const };
    await clients
      .s3()
      .send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: versioned }));
    const keys = ['a', 'b', 'ü +%/c', '\u0001'];
    for (const key of keys) {
      await writeObject(clients.s3(), { bucket, key, body: 'one' });
      await writeObject(clients.s3(), { bucket, key, body: 'two' });
    }
    // Only versions and delete markers are left: it looks empty and is not.
    await deleteObjects(clients.s3(), { bucket, keys });
    const { plan } = await remove();
    expect(plan.steps.at(-1)).toMatchObject({ action: 'keep', kept: 'hasObjects' });
    expect(await getBucketTags(clients, bucket)).toHaveProperty('bucket-brigade:deployment');
    const { done } = await remove({ deleteObjects: true });
    expect(done).toEqual(['destinationBucket']);
    expect(await findBucket(clients, bucket)).toBeUndefined();
  });

  it('leaves a bucket that got an object after the plan was made', async () => {
    const plan = await planRemoval(world.clients, { bucket: target.bucket });
    const at = { bucket: target.destinationBucket, key: 'late' };
    let emptied = false;
    world.hook = async (name, send) => {
      if (name === 'DeleteBucketCommand' && !emptied) {
        emptied = true;
        await writeObject(world.clients.s3(), { ...at, body: 'x' });
      }
      return send();
    };
    const removal = applyRemoval(world.clients, plan);
    await expect(removal).rejects.toMatchObject({ code: 'Conflict', awsCode: 'BucketNotEmpty' });
  });

  it('leaves what no longer carries our tag', async () => {
    const { clients } = world;
    const { functionName, bucket, destinationBucket } = target;
    const { arn: functionArn } = await getFunction(clients, { functionName });
    await untagFunction(clients, { functionArn, keys: ['bucket-brigade:deployment'] });
    await putBucketTags(clients, { bucket: destinationBucket, tags: { owner: 'me' } });
    const { plan, done } = await remove({ roleName: roleName() });
    expect(done).toEqual(['notification']);
    expect(plan.steps.slice(1)).toMatchObject([
      { kind: 'role', kept: 'inUse' },
      { kind: 'destinationBucket', kept: 'notOurs', subject: `s3://${destinationBucket}/` },
    ]);
    expect(plan.target.bucket).toBe(bucket);
  });

  it('leaves a role that someone gave more to', async () => {
    const document = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' }],
    });
    await putRolePolicy(world.clients, { role: roleName(), policy: 'mine', document });
    const { plan } = await remove();
    expect(plan.steps.find(({ kind }) => kind === 'role')).toMatchObject({ kept: 'inUse' });
  });

  it('finds the rest when the function is gone', async () => {
    await deleteFunction(world.clients, { functionName: target.functionName });
    const { done } = await remove({ roleName: roleName() });
    expect(done).toEqual(['notification', 'role', 'destinationBucket']);
    expect(await world.state(target)).toEqual(before);
  });

  it('finds the function when its notification is gone', async () => {
    const plan = await planRemoval(world.clients, { bucket: target.bucket });
    world.hook = (name, send) =>
      name === 'RemovePermissionCommand' ? Promise.reject(new Error('no')) : send();
    await expect(applyRemoval(world.clients, plan)).rejects.toMatchObject({ code: 'Unknown' });
    world.hook = (_, send) => send();
    expect((await remove()).done).toEqual(['permission', 'function', 'role', 'destinationBucket']);
    expect(await world.state(target)).toEqual(before);
  });
});
