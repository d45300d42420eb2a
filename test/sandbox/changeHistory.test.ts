import { setTimeout as sleep } from 'node:timers/promises';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { PutBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lookUpEvents } from '../../src/aws/cloudTrail/managementEvents.ts';
import { createClients, type AwsClients } from '../../src/aws/clients.ts';
import { ChangeHistory } from '../../src/metrics/changeHistory.ts';
import { annotationsOf } from '../../src/metrics/changeAnnotations.ts';
import { rolePrincipal } from '../../src/sandbox/principal.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { FunctionWorld } from './functionWorld.ts';

const NOW = Math.floor(Date.now() / 1000);
const SPAN = { start: NOW - 600, end: NOW + 600 };
const { signal } = new AbortController();

let world: SandboxClients;
let bucket: string;

/** Every history but the first waits until CloudTrail answers again: two requests a second. */
const settle = () => sleep(1100);

const fail = (error: unknown): never => {
  throw error;
};

beforeAll(async () => {
  world = await startSandboxClients();
  const functions = await FunctionWorld.open(world.sandbox);
  bucket = await world.bucket();
  const other = await world.bucket();
  const code = 'exports.handler = async () => null;';
  const arn = await functions.create('resize', code, { buckets: [bucket] });
  const otherArn = await functions.create('resize-other', code, { buckets: [other] });
  await functions.lambda.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: arn, Timeout: 20 }),
  );
  await putNotifications(bucket, arn);
  await putNotifications(other, otherArn);
  await putNotifications(bucket);
  await functions.close();
});
afterAll(async () => {
  await world.close();
});

async function putNotifications(name: string, arn?: string): Promise<void> {
  await world.clients.s3().send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: name,
      NotificationConfiguration: arn
        ? {
            LambdaFunctionConfigurations: [
              { LambdaFunctionArn: arn, Events: ['s3:ObjectCreated:*'] },
            ],
          }
        : {},
    }),
  );
}

/** Clients of a role without any policy, which count what they ask CloudTrail. */
async function deniedClients(): Promise<AwsClients> {
  const { sandbox, clients } = world;
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  };
  await clients.iam().send(
    new CreateRoleCommand({
      RoleName: 'nobody',
      AssumeRolePolicyDocument: JSON.stringify(trust),
    }),
  );
  const { iam, credentials } = sandbox.services;
  const session = credentials.createSession(rolePrincipal(iam.find('nobody')!, 's'), 900);
  const { endpoint, region } = sandbox;
  return createClients({ endpoint, region, credentials: session }, clients);
}

function countLookups(clients: AwsClients): () => number {
  let count = 0;
  clients.cloudTrail(clients.region).middlewareStack.add(
    next => args => {
      count += 1;
      return next(args);
    },
    { step: 'initialize' },
  );
  return () => count;
}

it('looks events up at a pace that CloudTrail answers', async () => {
  const names = ['CreateFunction20150331', 'PutBucketNotification', 'NoSuchEvent'];
  const lookups = names.map(name => ({ name, ...SPAN }));
  const { events, isAll } = await lookUpEvents(world.clients, { lookups });
  expect(isAll).toBe(true);
  expect(events.map(({ name }) => name)).toEqual([
    ...['CreateFunction20150331', 'CreateFunction20150331'],
    ...['PutBucketNotification', 'PutBucketNotification', 'PutBucketNotification'],
  ]);
});

it('reads once for functions that are asked for side by side, and keeps what was read', async () => {
  await settle();
  const clients = world.clientsAt(world.sandbox.endpoint);
  const lookups = countLookups(clients);
  let now = NOW;
  const history = new ChangeHistory(fail, () => now);
  const asked = { region: clients.region, ...SPAN };
  const [found, same] = await Promise.all([
    history.events(clients, asked, signal),
    history.events(clients, { ...asked, start: asked.start - 60 }, signal),
  ]);
  expect(same).toBe(found);
  expect(lookups()).toBe(5);
  const later = { ...asked, start: asked.start + 60, end: asked.end + 60 };
  expect(await history.events(clients, later, signal)).toBe(found);
  now += 300;
  await settle();
  expect(await history.events(clients, later, signal)).toEqual(found);
  expect(lookups()).toBe(10);

  const texts = (name: string) => annotationsOf(found.events, name).map(({ text }) => text);
  expect(texts('resize').sort()).toEqual([
    'Configuration changed by sandbox',
    `Event notifications of ${bucket} changed by sandbox`,
    `Event notifications of ${bucket} changed by sandbox`,
    'Function created by sandbox',
  ]);
  expect(texts('resize-other')).toHaveLength(2);
});

it('asks once where CloudTrail may not be asked, and says which permission is needed', async () => {
  await settle();
  const clients = await deniedClients();
  const lookups = countLookups(clients);
  const failures: unknown[] = [];
  const history = new ChangeHistory(error => failures.push(error));
  const asked = { region: clients.region, ...SPAN };
  const denied = { code: 'AccessDenied', action: 'cloudtrail:LookupEvents' };
  await expect(history.events(clients, asked, signal)).rejects.toMatchObject(denied);
  await expect(history.events(clients, asked, signal)).rejects.toMatchObject(denied);
  expect(lookups()).toBe(1);
  expect(failures).toHaveLength(1);
  clients.destroy();
});

it('tries again what failed otherwise', async () => {
  await settle();
  const broken = world.clientsAt('http://127.0.0.1:9');
  const failures: unknown[] = [];
  const history = new ChangeHistory(error => failures.push(error));
  const asked = { region: broken.region, ...SPAN };
  await expect(history.events(broken, asked, signal)).rejects.toMatchObject({ code: 'Network' });
  expect(failures).toHaveLength(1);
  const { events } = await history.events(world.clients, asked, signal);
  expect(events).not.toEqual([]);
});

it('goes on for others when one gives up, and ends when it is closed', async () => {
  await settle();
  const history = new ChangeHistory(fail);
  const asked = { region: world.clients.region, ...SPAN };
  const controller = new AbortController();
  const given = history.events(world.clients, asked, controller.signal);
  const kept = history.events(world.clients, asked, signal);
  controller.abort();
  await expect(given).rejects.toMatchObject({ code: 'Cancelled' });
  expect((await kept).events).not.toEqual([]);

  const closing = new ChangeHistory(fail);
  const ended = closing.events(world.clients, asked, signal);
  closing.dispose();
  await expect(ended).rejects.toMatchObject({ code: 'Cancelled' });
});
