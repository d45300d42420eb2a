import assert from 'node:assert/strict';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { after, before, describe, it } from 'mocha';
import { createClients, type AwsClients } from '../../src/aws/clients.ts';
import { readManifest } from '../../src/aws/manifest/manifest.ts';
import { batchRolePolicy } from '../../src/aws/roles/rolePolicy.ts';
import { createBatchRole } from '../../src/aws/roles/roles.ts';
import type { Draft } from '../../src/jobs/create/draft.ts';
import { findRoleIssues, roleNeeds } from '../../src/jobs/create/roleIssues.ts';
import { LAB, newName, startHostSandbox } from './hostSandbox.ts';

const IMAGES = `images-${LAB}`;
const ASSETS = `assets-${LAB}`;

/** What a person is told of a role before a job is made with it. */
describe('the check of a role', function () {
  this.timeout(90_000);
  let clients: AwsClients;
  let draft: Draft;

  before(async () => {
    clients = await startHostSandbox();
    const s3 = await clients.s3ForBucket(ASSETS);
    draft = {
      manifest: await readManifest(s3, { bucket: ASSETS, key: 'manifest.csv' }),
      operation: {
        name: 'S3PutObjectTagging',
        tags: [{ key: 'phototype', value: 'finished' }],
      },
      report: { bucket: ASSETS, prefix: 'reports', scope: 'AllTasks' },
    };
  });
  after(() => clients.destroy());

  function arn(name: string): string {
    return `arn:aws:iam::${clients.accountId}:role/${name}`;
  }

  /** The role that we would make for the job, without one of its permissions. */
  async function roleWithout(action: string): Promise<string> {
    const needs = roleNeeds(draft, clients.partition);
    assert.ok(needs);
    const policy = batchRolePolicy(needs);
    const Statement = policy.Statement.map(statement => ({
      ...statement,
      Action: [statement.Action].flat().filter(one => one !== action),
    })).filter(statement => statement.Action.length > 0);
    const name = newName(`Without-${action.replace(':', '-')}`);
    await createBatchRole(clients, { name, policy: { ...policy, Statement } });
    return arn(name);
  }

  it('finds nothing wrong with the role that is made for the job', async () => {
    const found = await findRoleIssues(clients, await roleWithout('none'), draft);
    assert.deepEqual(found, { exists: true, trusted: true, faults: [], checked: true });
  });

  for (const [action, resource, consequence] of [
    ['s3:PutObjectTagging', `${IMAGES}/*`, 'No object would be tagged'],
    ['s3:GetObject', `${ASSETS}/manifest.csv`, 'The manifest couldn’t be read'],
    ['s3:PutObject', `${ASSETS}/reports/job-*`, 'The report couldn’t be written'],
  ] as const) {
    it(`names ${action} where it is missing, and what comes of it`, async () => {
      const { faults, checked } = await findRoleIssues(clients, await roleWithout(action), draft);
      const detail = `It lacks ${action} on arn:aws:s3:::${resource}`;
      assert.deepEqual(faults, [{ consequence, detail }]);
      assert.equal(checked, true);
    });
  }

  it('does without the permissions that this job does not use', async () => {
    for (const action of ['s3:PutObjectVersionTagging', 's3:GetObjectVersion']) {
      const { faults } = await findRoleIssues(clients, await roleWithout(action), draft);
      assert.deepEqual(faults, [], action);
    }
  });

  it('says that a role cannot be taken on', async () => {
    const trust = trustOf({ Service: 'lambda.amazonaws.com' });
    const name = newName('NotForBatch');
    await clients
      .iam()
      .send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }));
    const { trusted, faults } = await findRoleIssues(clients, arn(name), draft);
    assert.equal(trusted, false);
    assert.equal(faults[0]?.consequence, 'S3 Batch Operations can’t assume this role');
  });

  it('says that there is no such role', async () => {
    const { exists, faults } = await findRoleIssues(clients, arn('NoSuchRole'), draft);
    assert.equal(exists, false);
    assert.equal(faults[0]?.consequence, 'The role doesn’t exist in this account');
  });

  it('says that it cannot say where asking is denied', async () => {
    const poor = await clientsWithoutIam();
    try {
      const found = await findRoleIssues(poor, arn('S3BatchPutRole'), draft);
      assert.deepEqual(found, {
        exists: true,
        trusted: undefined,
        faults: [],
        checked: false,
      });
    } finally {
      poor.destroy();
    }
  });

  /** Somebody who may call S3 only. */
  async function clientsWithoutIam(): Promise<AwsClients> {
    const name = newName('OnlyS3');
    const trust = trustOf({ AWS: `arn:aws:iam::${clients.accountId}:root` });
    const policy = statement({ Action: 's3:*', Resource: '*' });
    const iam = clients.iam();
    await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }));
    const PolicyDocument = JSON.stringify(policy);
    await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 's3', PolicyDocument }));
    const assume = new AssumeRoleCommand({ RoleArn: arn(name), RoleSessionName: 'test' });
    const { Credentials: given } = await clients.sts().send(assume);
    const { region, endpoint, accountId, partition } = clients;
    const credentials = {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    };
    const identity = { accountId, partition, arn: arn(name), userId: 'test' };
    return createClients({ region, ...(endpoint && { endpoint }), credentials }, identity);
  }
});

function trustOf(Principal: Record<string, string>): string {
  return JSON.stringify(statement({ Principal, Action: 'sts:AssumeRole' }));
}

function statement(of: Record<string, unknown>) {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...of }] };
}
