import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addBucketPermission, readPolicy } from '../../src/aws/functions/functionPolicy.ts';
import { createFunction } from '../../src/aws/functions/functionWrites.ts';
import { tagFunction } from '../../src/aws/functions/functionTags.ts';
import { getFunction } from '../../src/aws/functions/functions.ts';
import { toNotifications } from '../../src/aws/notifications/notificationConfiguration.ts';
import { readNotifications } from '../../src/aws/notifications/notifications.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { applyDeployment } from '../../src/aws/resizeDeployment/applyDeployment.ts';
import { isDone } from '../../src/aws/deployment/step.ts';
import { planDeployment } from '../../src/aws/resizeDeployment/planDeployment.ts';
import type { DeploymentTarget } from '../../src/aws/resizeDeployment/target.ts';
import { DEFAULT_SETTINGS } from '../../src/aws/resizeFunction/resizeSettings.ts';
import { createRole, putRolePolicy } from '../../src/aws/roles/roleChanges.ts';
import { getRolePolicy } from '../../src/aws/roles/roleDetails.ts';
import { lambdaTrustPolicy } from '../../src/aws/roles/functionRolePolicy.ts';
import {
  codeOf,
  startDeploymentWorld,
  withEventBridge,
  zipOf,
  type DeploymentWorld,
} from './deploymentWorld.ts';

let world: DeploymentWorld;
let target: DeploymentTarget;

beforeAll(async () => {
  world = await startDeploymentWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.hook = (_, send) => send();
  target = await world.target();
});

async function deploy(wanted: DeploymentTarget) {
  const plan = await planDeployment(world.clients, wanted);
  return { plan, deployment: await applyDeployment(world.clients, plan) };
}

const actionsOf = async (wanted: DeploymentTarget) => {
  const { steps } = await planDeployment(world.clients, wanted);
  return Object.fromEntries(steps.map(({ kind, action }) => [kind, action]));
};

const ALL = (action: string) => ({
  destinationBucket: action,
  role: action,
  function: action,
  permission: action,
  notification: action,
});

describe('a deployment', () => {
  it('is planned without changing anything', async () => {
    const before = await world.state(target);
    expect(await actionsOf(target)).toEqual(ALL('create'));
    expect(await world.state(target)).toEqual(before);
  });

  it('makes all, and changes nothing when it is made again', async () => {
    await withEventBridge(world.clients, target.bucket);
    const { deployment } = await deploy(target);
    expect(deployment.done.map(({ kind }) => kind)).toEqual(Object.keys(ALL('')));
    const state = await world.state(target);
    expect(state).toMatchObject({
      destination: { 'bucket-brigade:deployment': target.bucket },
      role: { tags: { 'bucket-brigade:deployment': target.bucket } },
      function: {
        state: 'Active',
        role: deployment.roleArn,
        environment: { DESTINATION_BUCKET: target.destinationBucket },
        tags: { 'bucket-brigade:deployment': target.bucket },
      },
      notifications: { EventBridgeConfiguration: {} },
    });
    const plan = await planDeployment(world.clients, target);
    expect(isDone(plan)).toBe(true);
    let writes = 0;
    world.hook = (name, send) => {
      if (isWrite(name)) writes += 1;
      return send();
    };
    expect((await applyDeployment(world.clients, plan)).done).toEqual([]);
    expect(writes).toBe(0);
    expect(await world.state(target)).toEqual(state);
  });

  it('changes what differs, and leaves what a person added', async () => {
    const { deployment } = await deploy(target);
    const { functionArn } = deployment;
    await tagFunction(world.clients, { functionArn, tags: { team: 'pictures' } });
    const bytes = await zipOf('export const handler = async () => 2;\n');
    const settings = { ...DEFAULT_SETTINGS, widths: [100], keepTags: true };
    const next = {
      ...target,
      code: codeOf(bytes),
      memoryMegabytes: 1024,
      settings,
      suffixes: ['.png', '.webp'],
    };
    const { plan } = await deploy(next);
    expect(plan.steps.map(({ action }) => action)).toEqual([
      'keep',
      'change',
      'change',
      'keep',
      'change',
    ]);
    expect(plan.steps[2]?.details).toEqual(
      expect.arrayContaining([
        'MemorySize: 512 → 1024',
        { kind: 'defaultBefore', name: 'WIDTHS', before: '200', after: '100' },
        { kind: 'defaultBefore', name: 'KEEP_TAGS', before: 'false', after: 'true' },
      ]),
    );
    const found = await getFunction(world.clients, { functionName: target.functionName });
    expect(found).toMatchObject({
      memoryMegabytes: 1024,
      codeSha256: next.code.sha256,
      environment: { WIDTHS: '100', KEEP_TAGS: 'true' },
      tags: { team: 'pictures' },
    });
    const role = 'name' in target.role ? target.role.name : '';
    const policy = await getRolePolicy(world.clients, { role, policy: 'BucketBrigadeResize' });
    expect(policy).toContain('s3:PutObjectTagging');
    const entries = toNotifications(await readNotifications(world.clients, target.bucket));
    expect(entries.map(({ suffix }) => suffix).sort()).toEqual(['.png', '.webp']);
    expect(await actionsOf(next)).toEqual(ALL('keep'));
  });

  it('takes its code from an object, and notices when that changes', async () => {
    const code = { kind: 's3' as const, bucket: target.bucket, key: 'zips/function.zip' };
    const put = async (source: string) => {
      const body = await zipOf(source);
      await writeObject(world.clients.s3(), { ...code, body });
      return codeOf(body).sha256;
    };
    const sha256 = await put('export const handler = async () => 1;\n');
    const fromObject = { ...target, code };
    await deploy(fromObject);
    const at = { functionName: target.functionName };
    expect((await getFunction(world.clients, at)).codeSha256).toBe(sha256);
    expect(await actionsOf(fromObject)).toEqual(ALL('keep'));
    const next = await put('export const handler = async () => 2;\n');
    expect(await actionsOf(fromObject)).toEqual({ ...ALL('keep'), function: 'change' });
    await deploy(fromObject);
    expect((await getFunction(world.clients, at)).codeSha256).toBe(next);
    expect(await actionsOf(fromObject)).toEqual(ALL('keep'));
    expect(await actionsOf({ ...target, code: { kind: 'deployed' } })).toEqual(ALL('keep'));
  });

  it('leaves the bucket and the role that it used before, and says so', async () => {
    const { deployment } = await deploy(target);
    const other = await world.target();
    const { destinationBucket, role } = other;
    const next = { ...target, destinationBucket, role };
    const { plan } = await deploy(next);
    expect(plan.warnings).toEqual([
      { code: 'stays', names: [`s3://${target.destinationBucket}/`] },
      { code: 'stays', names: [deployment.roleArn] },
    ]);
    const { steps, warnings } = await planDeployment(world.clients, next);
    expect(steps.every(({ action }) => action === 'keep')).toBe(true);
    expect(warnings).toEqual([]);
  });

  it('takes a role that was chosen, and warns of what it lacks', async () => {
    const name = `${target.functionName}-chosen`;
    const trust = lambdaTrustPolicy();
    await createRole(world.clients, { name, description: '', trust, tags: {} });
    const arn = `arn:aws:iam::${world.clients.accountId}:role/${name}`;
    const chosen = { ...target, role: { arn } };
    const { warnings } = await planDeployment(world.clients, chosen);
    expect(warnings.map(({ names }) => names[1])).toEqual([
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetObject',
      's3:PutObject',
    ]);
    const document = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: ['s3:*', 'logs:*'], Resource: '*' }],
    });
    await putRolePolicy(world.clients, { role: name, policy: 'all', document });
    const plan = await planDeployment(world.clients, chosen);
    expect(plan.warnings).toEqual([]);
    await applyDeployment(world.clients, plan);
    expect(await actionsOf(chosen)).toEqual(ALL('keep'));
  });
});

describe('a conflict', () => {
  const conflictOf = async (wanted: DeploymentTarget) => {
    const plan = await planDeployment(world.clients, wanted);
    const applied = applyDeployment(world.clients, plan);
    await expect(applied).rejects.toMatchObject({ code: 'Conflict' });
    return plan.steps.filter(({ action }) => action === 'conflict').map(step => step.conflict);
  };

  it('is a function that is not ours', async () => {
    const { deployment } = await deploy(await world.target());
    const { functionName, code } = target;
    await createFunction(world.clients, {
      functionName,
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      role: deployment.roleArn,
      code: code as Extract<typeof code, { kind: 'zipFile' }>,
      architecture: 'x86_64',
    });
    const before = await world.state(target);
    expect(await conflictOf(target)).toEqual([{ code: 'notOurs', names: [functionName] }]);
    expect(await world.state(target)).toEqual(before);
  });

  it('is a function or a role of another deployment', async () => {
    const other = await world.target();
    await deploy(other);
    const { functionName, role } = other;
    expect(await conflictOf({ ...target, functionName, role })).toEqual([
      { code: 'otherDeployment', names: ['name' in role ? role.name : '', other.bucket] },
      { code: 'otherDeployment', names: [functionName, other.bucket] },
    ]);
  });

  it('is a role that Lambda may not assume, or that is not there', async () => {
    const { accountId } = world.clients;
    const name = `${target.functionName}-untrusting`;
    const trust = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'batchoperations.s3.amazonaws.com' },
          Action: 'sts:AssumeRole',
        },
      ],
    };
    await createRole(world.clients, { name, description: '', trust, tags: {} });
    const arnOf = (role: string) => `arn:aws:iam::${accountId}:role/${role}`;
    const withRole = (arn: string) => conflictOf({ ...target, role: { arn } });
    expect(await withRole(arnOf(name))).toMatchObject([{ code: 'notTrusted' }]);
    expect(await withRole(arnOf('no-such-role'))).toMatchObject([{ code: 'missing' }]);
    const foreign = 'arn:aws:iam::999999999999:role/theirs';
    expect(await withRole(foreign)).toMatchObject([{ code: 'otherAccount' }]);
    expect(await withRole('S3LambdaRole')).toMatchObject([{ code: 'badInput' }]);
  });

  it('is a notification that overlaps', async () => {
    const other = await world.target();
    const { deployment } = await deploy(other);
    const { functionArn: arn } = deployment;
    await addBucketPermission(world.clients, {
      functionName: other.functionName,
      statementId: 'second',
      bucketArn: `arn:aws:s3:::${target.bucket}`,
      accountId: world.clients.accountId,
    });
    const { changeNotifications } = await import('../../src/aws/notifications/notifications.ts');
    const { withNotification } =
      await import('../../src/aws/notifications/notificationConfiguration.ts');
    const theirs = {
      id: 'theirs',
      destination: { kind: 'lambda' as const, arn },
      events: ['s3:ObjectCreated:Put'],
      prefix: 'in/',
      suffix: 'g',
    };
    await changeNotifications(world.clients, {
      bucket: target.bucket,
      change: current => withNotification(current, theirs),
    });
    expect(await conflictOf(target)).toEqual([
      { code: 'overlap', names: ['bucket-brigade-resize-jpg', 'theirs', arn] },
    ]);
    expect(await actionsOf({ ...target, prefix: 'out/' })).toEqual(ALL('create'));
  });

  it('is a loop', async () => {
    const { bucket } = target;
    const same = { ...target, destinationBucket: bucket };
    expect(await conflictOf(same)).toEqual([{ code: 'loop', names: [bucket, bucket] }]);
    expect(await actionsOf({ ...same, prefix: 'in/' })).toEqual({
      ...ALL('create'),
      destinationBucket: 'keep',
    });
    await deploy(target);
    const back = {
      ...(await world.target()),
      bucket: target.destinationBucket,
      destinationBucket: bucket,
    };
    expect(await conflictOf(back)).toMatchObject([{ code: 'loop' }]);
    const apart = { ...DEFAULT_SETTINGS, keyTemplate: '{name}.webp' };
    expect(await conflictOf({ ...back, settings: apart })).toMatchObject([{ code: 'loop' }]);
    const other = { ...back, destinationBucket: await world.bucket() };
    expect(await actionsOf(other)).toMatchObject({ notification: 'create' });
  });

  it('is bad input', async () => {
    const settings = { ...DEFAULT_SETTINGS, widths: [100, 200], quality: 101 };
    const bad = {
      ...target,
      memoryMegabytes: 64,
      settings,
      suffixes: ['.jpg', 'jpg'],
      destinationBucket: 'No Bucket',
    };
    const conflicts = await conflictOf(bad);
    expect(conflicts.map(conflict => conflict?.code)).toEqual(['badInput', 'badInput', 'badInput']);
    const zip = { kind: 's3' as const, bucket: target.bucket, key: 'no.zip' };
    expect(await conflictOf({ ...target, code: zip })).toMatchObject([{ code: 'missing' }]);
    const gone = planDeployment(world.clients, { ...target, bucket: 'no-such-bucket-here' });
    await expect(gone).rejects.toMatchObject({ code: 'NotFound' });
  });
});

function isWrite(command: string): boolean {
  return !/^(Get|List|Head|Simulate)/.test(command);
}

it('reads the policy that lets the bucket in', async () => {
  await deploy(target);
  const { statements } = await readPolicy(world.clients, { functionName: target.functionName });
  expect(statements).toMatchObject([
    {
      allows: true,
      principals: ['s3.amazonaws.com'],
      sourceArns: [`arn:aws:s3:::${target.bucket}`],
      sourceAccounts: [world.clients.accountId],
    },
  ]);
});
