import {
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { HeadObjectCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { AwsClients } from '../../src/aws/clients.ts';
import { deleteLogGroup } from '../../src/aws/functions/functionLogs.ts';
import { isDeployedFor } from '../../src/aws/notifications/bucketFunction.ts';
import { removeBucketPermission } from '../../src/aws/notifications/notificationPermission.ts';
import { readBucketNotifications } from '../../src/aws/notifications/bucketNotifications.ts';
import type { StoryFacts } from '../../src/aws/objectStory/facts.ts';
import { readLog } from '../../src/aws/objectStory/readLog.ts';
import { refreshFacts, noFacts } from '../../src/aws/objectStory/readStory.ts';
import type { StepReason, Story } from '../../src/aws/objectStory/story.ts';
import { buildStory } from '../../src/aws/objectStory/buildStory.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { applyDeployment } from '../../src/aws/resizeDeployment/applyDeployment.ts';
import { planDeployment } from '../../src/aws/resizeDeployment/planDeployment.ts';
import type { DeploymentTarget } from '../../src/aws/resizeDeployment/target.ts';
import { DEFAULT_SETTINGS } from '../../src/aws/resizeFunction/resizeSettings.ts';
import { putRolePolicy } from '../../src/aws/roles/roleChanges.ts';
import type { Clock } from '../../src/sandbox/clock.ts';
import { readLabFunction } from '../../src/sandbox/lab/labFunction.ts';
import { assumeNewRole } from '../support/assumeNewRole.ts';
import { startFaultProxy } from '../support/faultProxy.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { codeOf, zipOf } from './deploymentWorld.ts';

let world: SandboxClients;
/** Where pictures are resized, by the very zip that is deployed to AWS. */
let photos: DeploymentTarget;
let picture: Buffer;
/** By how much the sandbox's clock is ahead; who sleeps by it notices soon. */
let ahead = 0;
const now = (): Date => new Date(Date.now() + ahead);
const clock: Clock = {
  now,
  elapsed: () => performance.now() + ahead,
  async sleep(ms, signal) {
    const due = clock.elapsed() + ms;
    for (let left = ms; left > 0; left = due - clock.elapsed()) {
      await delay(Math.min(left, 50), undefined, { signal });
    }
  },
};

beforeAll(async () => {
  world = await startSandboxClients({ clock });
  photos = await deploy(await readLabFunction(), { memoryMegabytes: 1536, timeoutSeconds: 30 });
  const create = { width: 400, height: 300, channels: 3 as const, background: '#369' };
  picture = await sharp({ create }).jpeg().toBuffer();
}, 120_000);
afterAll(() => world.close());

async function deploy(
  zip: Uint8Array,
  change: Partial<DeploymentTarget> = {},
): Promise<DeploymentTarget> {
  const bucket = await world.bucket();
  const target: DeploymentTarget = {
    ...{ bucket, destinationBucket: `${bucket}-resized`, functionName: `resize-${bucket}` },
    ...{ role: { name: `role-${bucket}` }, code: codeOf(zip), architecture: 'x86_64' },
    ...{ memoryMegabytes: 128, timeoutSeconds: 3, settings: DEFAULT_SETTINGS },
    ...{ prefix: 'in/', suffixes: ['.jpg'] },
    ...change,
  };
  await applyDeployment(world.clients, await planDeployment(world.clients, target));
  return target;
}

/** A function whose handler is this, and that Lambda does not run again when it fails. */
async function deployHandler(handler: string, timeoutSeconds = 30): Promise<DeploymentTarget> {
  const zip = await zipOf(`export const handler = async event => { ${handler} };`);
  const target = await deploy(zip, { timeoutSeconds });
  await world.clients.lambda().send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: target.functionName,
      MaximumRetryAttempts: 0,
    }),
  );
  return target;
}

const put = (bucket: string, key: string, body: Buffer | string = picture) =>
  writeObject(world.clients.s3(), { bucket, key, body });

interface Followed {
  readonly facts: StoryFacts;
  readonly story: Story;
}

/** Follows an object until its story is over, or as far as is asked. */
async function follow(
  bucket: string,
  key: string,
  {
    clients = world.clients,
    isOurs = true,
    until = ({ story }: Followed) => story.isOver,
  }: { clients?: AwsClients; isOurs?: boolean; until?: (followed: Followed) => boolean } = {},
): Promise<Followed> {
  const object = { bucket, key };
  const question = {
    object,
    isOurs: (details: Parameters<typeof isDeployedFor>[0]) =>
      isOurs && isDeployedFor(details, bucket),
  };
  let facts = noFacts(object, now());
  for (;;) {
    facts = await refreshFacts(clients, question, facts, now());
    const followed = { facts, story: buildStory(facts, now()) };
    if (until(followed)) return followed;
    await delay(100);
  }
}

const states = ({ steps }: Story) => steps.map(({ kind, state }) => `${kind} ${state}`);
/** Where a story stopped, and why. */
const stop = ({ story: { steps } }: Followed) => {
  const found = steps.find(({ state }) => state !== 'done');
  return { kind: found?.kind, state: found?.state, reason: found?.reason };
};

describe('the story of an upload', () => {
  it('is told from the event to the resized object, with times and figures', async () => {
    await put(photos.bucket, 'in/my cat+é.jpg');
    const { story, facts } = await follow(photos.bucket, 'in/my cat+é.jpg');
    expect(states(story)).toEqual([
      'uploaded done',
      'event done',
      'function done',
      'invocation done',
      'resized done',
    ]);
    const [attempt] = facts.log.kind === 'known' ? facts.log.value.attempts : [];
    expect(attempt).toMatchObject({ status: 'succeeded', isCold: true, number: 1 });
    expect(attempt?.report.durationMs).toBeGreaterThan(0);
    expect(attempt?.report.billedMs).toBeGreaterThan(0);
    expect(attempt?.report.memoryMegabytes).toBe(1536);
    expect(attempt?.report.maxMemoryMegabytes).toBeGreaterThan(0);
    expect(attempt?.lines.length).toBeGreaterThan(4);
    expect(facts.results).toMatchObject([
      {
        ...{ bucket: photos.destinationBucket, key: 'resized-in/my cat+é.jpg' },
        ...{ state: 'there', width: 200, height: 150 },
      },
    ]);
    const times = story.steps.flatMap(({ at }) => at?.getTime() ?? []);
    expect(times).toHaveLength(3);
  });

  it('of the same key is that of the upload that is there now', async () => {
    await put(photos.bucket, 'in/again.jpg');
    await follow(photos.bucket, 'in/again.jpg');
    await put(photos.bucket, 'in/again.jpg', 'no picture');
    const told = await follow(photos.bucket, 'in/again.jpg');
    expect(stop(told)).toMatchObject({
      kind: 'resized',
      reason: { kind: 'notResized', errorType: 'NotAnImage', isSkip: false },
    });
    const { log } = told.facts;
    expect(log.kind === 'known' && log.value.attempts).toHaveLength(1);
  });

  it('says of who may not read logs that they can’t be read, and goes on', async () => {
    await put(photos.bucket, 'in/denied.jpg');
    await follow(photos.bucket, 'in/denied.jpg');
    const clients = await assumeNewRole(world, 'nologs', [
      { Effect: 'Allow', Action: ['s3:*', 'lambda:*'], Resource: '*' },
    ]);
    const { story } = await follow(photos.bucket, 'in/denied.jpg', { clients });
    expect(story.steps[3]).toMatchObject({
      state: 'unknown',
      reason: { kind: 'denied', action: 'logs:FilterLogEvents' },
    });
    expect(story.steps[4]?.state).toBe('done');
    const less = await assumeNewRole(world, 'nothing', [
      { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' },
    ]);
    const short = await follow(photos.bucket, 'in/denied.jpg', { clients: less });
    expect(stop(short)).toMatchObject({ kind: 'event', state: 'unknown' });
    clients.destroy();
    less.destroy();
  });
});

describe('the story of an upload that is hard to find', () => {
  const question = (bucket: string, key: string) => ({
    object: { bucket, key },
    isOurs: (details: Parameters<typeof isDeployedFor>[0]) => isDeployedFor(details, bucket),
  });

  it('in parts that took hours begins to be looked for when it was complete', async () => {
    const { bucket, functionName: name } = photos;
    await put(bucket, 'in/long.jpg');
    const { facts } = await follow(bucket, 'in/long.jpg');
    if (facts.upload.kind !== 'known' || facts.function === undefined) throw new Error('unknown');
    const upload = {
      ...{ bucket, key: 'in/long.jpg', eTag: facts.upload.value.eTag },
      at: new Date(facts.upload.value.at.getTime() - 8 * 3_600_000),
    };
    const asked = { upload, function: { ...facts.function, name }, now: now() };
    const log = await readLog(world.clients, { ...asked, completeBy: now() });
    expect(log.attempts).toMatchObject([{ status: 'succeeded' }]);
    const late = await readLog(world.clients, { ...asked, completeBy: upload.at });
    expect(late.attempts).toEqual([]);
  });

  it('of a key that was uploaded twice at once is that of the newest version', async () => {
    const { bucket } = photos;
    const VersioningConfiguration = { Status: 'Enabled' as const };
    const s3 = world.clients.s3();
    await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
    // The same bytes: only the version tells them apart.
    await put(bucket, 'in/twice.jpg');
    await put(bucket, 'in/twice.jpg');
    const { facts, story } = await follow(bucket, 'in/twice.jpg');
    expect(story.steps[4]?.state).toBe('done');
    const { VersionId: versionId } = await s3.send(
      new HeadObjectCommand({ Bucket: bucket, Key: 'in/twice.jpg' }),
    );
    expect(facts.upload).toMatchObject({ value: { versionId } });
    const attempts = facts.log.kind === 'known' ? facts.log.value.attempts : [];
    expect(attempts).toHaveLength(1);
    expect(attempts[0]?.mentions[0]).toMatchObject({ outcome: 'started', versionId });
  });

  it('whose tab was closed asks nothing more, and holds up no other', async () => {
    const proxy = await startFaultProxy(world.sandbox.endpoint);
    onTestFinished(() => proxy.close());
    const never = new Promise<void>(() => undefined);
    proxy.faults.set('FilterLogEvents', { kind: 'wait', until: never });
    const { bucket } = photos;
    const asked = question(bucket, 'in/long.jpg');
    const closed = new AbortController();
    const first = noFacts(asked.object, now());
    const clients = world.clientsAt(proxy.endpoint);
    const { signal } = closed;
    const looked = expect(
      refreshFacts(clients, asked, first, now(), { signal }),
    ).rejects.toMatchObject({ code: 'Cancelled' });
    await expect.poll(() => proxy.operations).toContain('FilterLogEvents');
    closed.abort();
    await looked;
    const requests = proxy.requests.length;
    // Pages that follow objects share one line of requests for log lines.
    const other = await refreshFacts(world.clients, asked, first, now());
    expect(other.log.kind).toBe('known');
    expect(proxy.requests).toHaveLength(requests);
  });

  it('without its log is told by what was written', async () => {
    const { bucket } = photos;
    const { facts: before } = await follow(bucket, 'in/long.jpg');
    const logGroup = before.function?.logGroup ?? '';
    await deleteLogGroup(world.clients, { logGroup });
    const first = noFacts({ bucket, key: 'in/long.jpg' }, now());
    const facts = await refreshFacts(world.clients, question(bucket, 'in/long.jpg'), first, now());
    const { steps } = buildStory(facts, new Date(now().getTime() + 240_000));
    expect(steps.slice(3)).toMatchObject([
      { state: 'unknown', reason: { kind: 'noInvocation' } },
      { state: 'done' },
    ]);
  });
});

describe('a story that stops', () => {
  const whyOf = async (bucket: string, key: string): Promise<StepReason | undefined> =>
    stop(await follow(bucket, key)).reason;

  it('says that there is no object, or which filter does not match', async () => {
    expect(await whyOf(photos.bucket, 'in/none.jpg')).toEqual({ kind: 'objectMissing' });
    await put(photos.bucket, 'in/cat.JPG');
    expect(await whyOf(photos.bucket, 'in/cat.JPG')).toMatchObject({
      kind: 'noneMatches',
      near: [{ mismatch: 'suffix', notification: { suffix: '.jpg' } }],
    });
    const bucket = await world.bucket();
    await put(bucket, 'cat.jpg');
    expect(await whyOf(bucket, 'cat.jpg')).toMatchObject({ kind: 'noNotifications' });
  });

  it('says that the role may not write, what Lambda tries next, and when it gave up', async () => {
    const target = await deploy(await readLabFunction(), { timeoutSeconds: 30 });
    const role = 'name' in target.role ? target.role.name : '';
    // It may write its log, and nothing else.
    const Statement = [{ Effect: 'Allow', Action: 'logs:*', Resource: '*' }];
    const document = JSON.stringify({ Version: '2012-10-17', Statement });
    await putRolePolicy(world.clients, { role, policy: 'BucketBrigadeResize', document });
    await put(target.bucket, 'in/cat.jpg');
    const attempted = (attempt: number) => ({
      until: ({ facts: { log } }: Followed) =>
        log.kind === 'known' && log.value.attempts[attempt - 1]?.endedAt !== undefined,
    });
    const first = await follow(target.bucket, 'in/cat.jpg', attempted(1));
    expect(stop(first)).toMatchObject({
      state: 'waiting',
      reason: { kind: 'attemptFailed', why: 'failed', errorType: 'AccessDenied', attempt: 1 },
    });
    ahead += 60_000;
    await follow(target.bucket, 'in/cat.jpg', attempted(2));
    ahead += 120_000;
    const last = await follow(target.bucket, 'in/cat.jpg');
    expect(stop(last)).toMatchObject({
      state: 'failed',
      reason: { kind: 'attemptFailed', errorType: 'AccessDenied', attempt: 3, of: 3 },
    });
  }, 120_000);

  it('says that the function timed out, or ran out of memory', async () => {
    const slow = await deployHandler('await new Promise(done => setTimeout(done, 60_000))', 1);
    const hungry = await deployHandler(
      'const all = []; for (;;) all.push(Buffer.alloc(5e6, 1)), await new Promise(setImmediate)',
    );
    await put(slow.bucket, 'in/cat.jpg');
    await put(hungry.bucket, 'in/cat.jpg');
    expect(await whyOf(slow.bucket, 'in/cat.jpg')).toMatchObject({ why: 'timedOut', of: 1 });
    expect(await whyOf(hungry.bucket, 'in/cat.jpg')).toMatchObject({ why: 'outOfMemory', of: 1 });
  }, 120_000);

  it('says that the function is gone, may not be invoked, or may not run', async () => {
    const target = await deployHandler('');
    const { bucket, functionName: FunctionName } = target;
    const lambda = world.clients.lambda();
    await lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }),
    );
    await put(bucket, 'in/cat.jpg');
    expect(await whyOf(bucket, 'in/cat.jpg')).toEqual({ kind: 'nothingReserved' });
    await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    ahead += 240_000;
    const until = ({ facts }: Followed) => facts.throttles !== undefined;
    const { facts } = await follow(bucket, 'in/cat.jpg', { until });
    const later = buildStory(facts, new Date(now().getTime() + 60_000));
    expect(later.steps[3]?.reason).toEqual({ kind: 'throttled', count: 1 });
    const { notifications } = await readBucketNotifications(world.clients, bucket);
    const functionArn = notifications[0]?.destination.arn ?? '';
    await removeBucketPermission(world.clients, { bucket, functionArn });
    expect(await whyOf(bucket, 'in/cat.jpg')).toEqual({ kind: 'notPermitted' });
    await lambda.send(new DeleteFunctionCommand({ FunctionName }));
    expect(await whyOf(bucket, 'in/cat.jpg')).toEqual({ kind: 'functionMissing' });
  });

  it('says that the function was removed while nothing came', async () => {
    const { bucket, functionName: FunctionName } = await deployHandler('');
    const lambda = world.clients.lambda();
    const none = { FunctionName, ReservedConcurrentExecutions: 0 };
    await lambda.send(new PutFunctionConcurrencyCommand(none));
    await put(bucket, 'in/cat.jpg');
    const { facts } = await follow(bucket, 'in/cat.jpg');
    await lambda.send(new DeleteFunctionCommand({ FunctionName }));
    ahead += 61_000;
    const question = { object: facts.object, isOurs: () => true };
    const told = buildStory(await refreshFacts(world.clients, question, facts, now()), now());
    expect(told.steps[2]).toMatchObject({ state: 'failed', reason: { kind: 'functionMissing' } });
  });

  it('at another function says which runs it can be', async () => {
    const { bucket } = await deployHandler('console.log("something")');
    await put(bucket, 'in/cat.jpg');
    const told = await follow(bucket, 'in/cat.jpg', { isOurs: false });
    expect(stop(told)).toMatchObject({
      kind: 'invocation',
      state: 'unknown',
      reason: { kind: 'notNamed', count: 1 },
    });
    const { bucket: loud } = await deployHandler('console.log(JSON.stringify(event))');
    await put(loud, 'in/cat 1.jpg');
    const { story } = await follow(loud, 'in/cat 1.jpg', { isOurs: false });
    expect(story.steps[3]).toMatchObject({ state: 'done' });
    expect(story.steps[4]).toMatchObject({ state: 'unknown', reason: { kind: 'otherFunction' } });
  });
});
