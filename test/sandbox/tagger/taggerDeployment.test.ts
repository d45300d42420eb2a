import { PutRolePolicyCommand, TagRoleCommand } from '@aws-sdk/client-iam';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../../src/aws/clients.ts';
import type { CodeZip } from '../../../src/aws/deployment/functionCode.ts';
import { isDone } from '../../../src/aws/deployment/step.ts';
import { getFunction } from '../../../src/aws/functions/functions.ts';
import { getRole, getRolePolicy } from '../../../src/aws/roles/roleDetails.ts';
import { applyTagger } from '../../../src/aws/taggerDeployment/applyTagger.ts';
import { planTagger } from '../../../src/aws/taggerDeployment/planTagger.ts';
import { POLICY_NAME } from '../../../src/aws/taggerDeployment/policyName.ts';
import {
  applyTaggerRemoval,
  planTaggerRemoval,
} from '../../../src/aws/taggerDeployment/removeTagger.ts';
import { TAGGER_NAME, taggerRoleName } from '../../../src/aws/taggerDeployment/tagger.ts';
import { readTaggerScope } from '../../../src/aws/taggerDeployment/taggerScope.ts';
import { createTagsJob } from '../../../src/aws/taggerFunction/taggerJobs.ts';
import { startDeploymentWorld, type DeploymentWorld } from '../deploymentWorld.ts';
import { readTaggerZip, TaggerWorld } from './taggerWorld.ts';

/** The tagger deployed and removed in the sandbox, with what may go wrong on the way. */
let world: DeploymentWorld;
let clients: AwsClients;
let region: string;
let code: CodeZip;
beforeAll(async () => {
  code = await readTaggerZip();
}, 120_000);
beforeEach(async () => {
  world = await startDeploymentWorld({ settles: true });
  ({ clients } = world);
  ({ region } = clients);
});
afterEach(() => world.close());

const place = (bucket: string) => ({ bucket, prefix: 'reports' });
const plan = (buckets: readonly string[], reports = [place('assets')]) =>
  planTagger(clients, { region, buckets, reports, code });
const actions = async (buckets: readonly string[], reports = [place('assets')]) =>
  (await plan(buckets, reports)).steps.map(({ kind, action }) => [kind, action]);

describe('deploying the tagger', () => {
  it('makes a role and a function, and is nothing the second time', async () => {
    expect(await actions(['one'])).toEqual([
      ['role', 'create'],
      ['function', 'create'],
      ['jobRole', 'create'],
    ]);
    const { functionArn, done } = await applyTagger(clients, await plan(['one']));
    expect(done.map(({ kind }) => kind)).toEqual(['role', 'function', 'jobRole']);
    const found = await getFunction(clients, { functionName: TAGGER_NAME });
    expect(found).toMatchObject({ arn: functionArn, codeSha256: code.sha256, state: 'Active' });
    expect(isDone(await plan(['one']))).toBe(true);
    expect(isDone(await plan(['one'], [{ bucket: 'assets', prefix: 'reports/' }]))).toBe(true);
  });

  it('adds a bucket to those that it may tag already', async () => {
    await applyTagger(clients, await plan(['one']));
    expect(await actions(['two'], [place('b')])).toEqual([
      ['role', 'change'],
      ['function', 'keep'],
      ['jobRole', 'change'],
    ]);
    await applyTagger(clients, await plan(['two'], [{ bucket: 'b', prefix: 'a*b' }]));
    expect(await readTaggerScope(clients, region)).toEqual({
      buckets: ['one', 'two'],
      reports: [place('assets'), { bucket: 'b', prefix: 'a*b' }],
    });
    expect(isDone(await plan(['one', 'two']))).toBe(true);
  });

  it('allows the tags of the listed buckets and the records beside the reports, and no more', async () => {
    await applyTagger(clients, await plan(['one']));
    const at = { role: taggerRoleName(region), policy: POLICY_NAME };
    const { Statement } = JSON.parse(await getRolePolicy(clients, at)) as {
      Statement: { Sid: string; Action: unknown; Resource: unknown }[];
    };
    const group = `arn:aws:logs:${region}:${clients.accountId}:log-group:/aws/lambda/${TAGGER_NAME}`;
    expect(
      Statement.map(({ Sid, Action, Resource }) => [Sid, [Action].flat().length, Resource]),
    ).toEqual([
      ['Log', 3, [group, `${group}:*`]],
      ['Tag', 4, ['arn:aws:s3:::one/*']],
      ['Record', 2, ['arn:aws:s3:::assets/reports/job-*/before/*']],
      ['TellMissing', 1, ['arn:aws:s3:::one', 'arn:aws:s3:::assets']],
    ]);
  });

  it('takes everything back when a step fails', async () => {
    const planned = await plan(['one']);
    world.hook = async (request, send) => {
      if (request === 'CreateFunctionCommand') throw new Error('no');
      return await send();
    };
    await expect(applyTagger(clients, planned)).rejects.toMatchObject({ code: 'Unknown' });
    await expect(getRole(clients, taggerRoleName(region))).rejects.toMatchObject({
      code: 'NotFound',
    });
  });

  it('puts the former policy back when the function can’t be changed', async () => {
    await applyTagger(clients, await plan(['one']));
    const other = { ...code, sha256: 'other' };
    const planned = await planTagger(clients, {
      region,
      buckets: ['two'],
      reports: [],
      code: other,
    });
    expect(planned.steps.map(({ action }) => action)).toEqual(['change', 'change', 'change']);
    world.hook = async (request, send) => {
      if (request === 'UpdateFunctionCodeCommand') throw new Error('no');
      return await send();
    };
    await expect(applyTagger(clients, planned)).rejects.toMatchObject({ code: 'Unknown' });
    expect((await readTaggerScope(clients, region)).buckets).toEqual(['one']);
  });

  it('refuses what has changed since the plan', async () => {
    const planned = await plan(['one']);
    await applyTagger(clients, await plan(['other']));
    await expect(applyTagger(clients, planned)).rejects.toMatchObject({ code: 'Conflict' });
  });

  it('touches no role of others, and no policy that is too long', async () => {
    await applyTagger(clients, await plan(['one']));
    const many = Array.from({ length: 200 }, (_, at) => `bucket-of-a-long-name-${at}`);
    expect((await plan(many)).steps[0]).toMatchObject({ conflict: { code: 'policyTooLong' } });
    const RoleName = taggerRoleName(region);
    const Tags = [{ Key: 'bucket-brigade:deployment', Value: 'photos' }];
    await clients.iam().send(new TagRoleCommand({ RoleName, Tags }));
    expect((await plan(['one'])).steps[0]).toMatchObject({
      conflict: { code: 'otherDeployment', names: [RoleName, 'photos'] },
    });
  });
});

describe('removing the tagger', () => {
  it('removes what was made and keeps the log, then finds nothing', async () => {
    await applyTagger(clients, await plan(['one']));
    const removal = await planTaggerRemoval(clients, { region });
    expect(removal.steps.map(({ kind, action }) => [kind, action])).toEqual([
      ['function', 'delete'],
      ['logGroup', 'keep'],
      ['role', 'delete'],
      ['jobRole', 'delete'],
    ]);
    const done = await applyTaggerRemoval(clients, removal);
    expect(done.map(({ kind }) => kind)).toEqual(['function', 'role', 'jobRole']);
    expect((await planTaggerRemoval(clients, { region })).steps).toEqual([]);
    expect(await readTaggerScope(clients, region)).toEqual({ buckets: [], reports: [] });
  });

  it('keeps a role with policies of others', async () => {
    await applyTagger(clients, await plan(['one']));
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' },
    });
    const policy = { RoleName: taggerRoleName(region), PolicyName: 'mine', PolicyDocument };
    await clients.iam().send(new PutRolePolicyCommand(policy));
    const { steps } = await planTaggerRemoval(clients, { region });
    expect(steps.at(-2)).toMatchObject({ kind: 'role', action: 'keep', kept: 'inUse' });
  });

  it('tells which jobs would fail without it', async () => {
    const own = await TaggerWorld.open();
    try {
      await own.put({ k: [] });
      const input = own.input(await own.manifest([{ key: 'k' }]));
      const change = { kind: 'removeAll' } as const;
      const { jobId } = await createTagsJob(
        own.clients,
        { ...input, change },
        { roleIsNew: false },
      );
      await delay(200);
      const removal = await planTaggerRemoval(own.clients, { region });
      expect(removal.unfinishedJobs).toEqual([jobId]);
    } finally {
      await own.close();
    }
  });
});
