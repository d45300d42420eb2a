import { PutBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BrigadeError } from '../../src/aws/errors.ts';
import { toBrigadeError } from '../../src/aws/toBrigadeError.ts';
import { overlaps, type BucketNotification } from '../../src/aws/notifications/notification.ts';
import {
  hasEventBridge,
  toNotifications,
  withEventBridge,
  withNotification,
  withoutNotification,
} from '../../src/aws/notifications/notificationConfiguration.ts';
import { findDeletedFunctions } from '../../src/aws/notifications/bucketFunctions.ts';
import { refusedDestinations } from '../../src/aws/notifications/invalidDestinations.ts';
import { encodeEventKey as encodeFilter } from '../../src/aws/notifications/eventKey.ts';
import { withoutCovered } from '../../src/aws/notifications/notificationRules.ts';
import {
  changeNotifications,
  readNotifications,
} from '../../src/aws/notifications/notifications.ts';
import { wants } from '../../src/sandbox/s3/store/notificationConfiguration.ts';
import { encodeEventKey } from '../../src/sandbox/s3/notifications/eventRecord.ts';
import { startScriptedServer } from '../support/scriptedServer.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { anyNotification } from '../unit/aws/anyNotification.ts';

let sandbox: SandboxClients;
let bucket: string;

beforeAll(async () => {
  sandbox = await startSandboxClients();
  bucket = await sandbox.bucket();
});
afterAll(() => sandbox.close());

/** Writes entries whose destinations there are not, as S3 lets one who says so. */
async function write(notifications: readonly BucketNotification[]): Promise<void> {
  const command = new PutBucketNotificationConfigurationCommand({
    Bucket: bucket,
    NotificationConfiguration: notifications.reduce(withNotification, {}),
    SkipDestinationValidation: true,
  });
  await sandbox.clients.s3().send(command);
}

const OURS: BucketNotification = {
  id: 'ours',
  destination: { kind: 'lambda', arn: 'arn:aws:lambda:us-east-1:123456789012:function:none' },
  events: ['s3:ObjectCreated:*'],
  prefix: '',
  suffix: '.jpg',
};

describe('a filter', () => {
  it('is written as events tell the keys that it is for', () => {
    const texts = [fc.string(), fc.string({ unit: 'binary' }), fc.string()] as const;
    fc.assert(
      fc.property(...texts, (prefix, middle, suffix) => {
        const filter = [
          { name: 'Prefix', value: encodeFilter(prefix) },
          { name: 'Suffix', value: encodeFilter(suffix) },
        ] as const;
        const rule = {
          id: 'r',
          kind: 'lambda',
          arn: 'a',
          events: ['s3:ObjectCreated:*'],
          filter,
        } as const;
        const key = encodeEventKey(prefix + middle + suffix);
        expect(wants(rule, 's3:ObjectCreated:Put', key)).toBe(true);
      }),
    );
  });
});

describe('entries whose functions are gone', () => {
  const entry = (name: string): BucketNotification => ({
    ...OURS,
    id: name,
    suffix: `.${name}`,
    destination: { kind: 'lambda', arn: OURS.destination.arn.replace('none', name) },
  });
  const change = (to: Parameters<typeof changeNotifications>[1]['change']) =>
    changeNotifications(sandbox.clients, { bucket, change: to });
  const ids = async () =>
    toNotifications(await readNotifications(sandbox.clients, bucket)).map(({ id }) => id);

  it('can be removed one after the other, and keep EventBridge from nothing', async () => {
    await write([entry('a'), entry('b'), entry('c')]);
    await change(current => withoutNotification(current, 'a'));
    expect(await ids()).toEqual(['b', 'c']);
    await change(current => withEventBridge(current, true));
    await change(current => withEventBridge(current, false));
    await change(current => withoutNotification(current, 'b'));
    expect(await ids()).toEqual(['c']);
  });

  it('are named when something is added', async () => {
    await write([entry('a'), entry('b')]);
    const adding = change(current => withNotification(current, entry('new')));
    const error = toBrigadeError(await adding.catch((thrown: unknown) => thrown));
    expect(refusedDestinations(error).map(({ arn }) => arn.split(':').at(-1))).toEqual(
      expect.arrayContaining(['a', 'b']),
    );
    expect(await ids()).toEqual(['a', 'b']);
  });

  it('are found, and those that may not be asked for are not said to be gone', async () => {
    const gone = await findDeletedFunctions(sandbox.clients, [entry('a')]);
    expect([...gone]).toEqual([entry('a').destination.arn]);
    const server = await startScriptedServer((_, response) => {
      response.writeHead(403, { 'x-amzn-errortype': 'AccessDeniedException' });
      response.end('{"message":"not authorized"}');
    });
    expect([...(await findDeletedFunctions(server.clients(), [entry('a')]))]).toEqual([]);
    await server.close();
  });
});

describe('a bucket’s notifications', () => {
  it('are read as they were written', async () => {
    const entry = fc.asyncProperty(anyNotification, async one => {
      const written = { ...one, events: withoutCovered(one.events) };
      await write([written]);
      const read = await readNotifications(sandbox.clients, bucket);
      expect(toNotifications(read)).toEqual([written]);
    });
    await fc.assert(entry, { numRuns: 30 });
  });

  it('are refused when they overlap by our rule, and only then', async () => {
    const pair = fc.asyncProperty(anyNotification, anyNotification, async (one, other) => {
      const entries = [
        { ...one, id: 'one', events: withoutCovered(one.events) },
        { ...other, id: 'other', events: withoutCovered(other.events) },
      ] as const;
      const refused = await write(entries).then(
        () => false,
        (error: unknown) => /overlap/.test(toBrigadeError(error).message),
      );
      expect(refused).toBe(overlaps(...entries));
    });
    await fc.assert(pair, { numRuns: 60 });
  });

  it('keep EventBridge and the rest apart', async () => {
    const { clients } = sandbox;
    await write([]);
    const on = await changeNotifications(clients, {
      bucket,
      change: current => withEventBridge(current, true),
    });
    expect(hasEventBridge(on)).toBe(true);
    const off = await changeNotifications(clients, {
      bucket,
      change: current => withEventBridge(current, false),
    });
    expect(off).toEqual({});
  });

  it('say which destination there is not', async () => {
    const change = changeNotifications(sandbox.clients, {
      bucket,
      change: current => withNotification(current, OURS),
    });
    await expect(change).rejects.toSatisfy(
      error =>
        error instanceof BrigadeError &&
        error.code === 'InvalidInput' &&
        error.message.includes(OURS.destination.arn),
    );
    expect(await readNotifications(sandbox.clients, bucket)).toEqual({});
  });

  it('of a bucket that is not there are not found', async () => {
    const read = readNotifications(sandbox.clients, 'no-such-bucket');
    await expect(read).rejects.toMatchObject({
      code: 'NotFound',
      subject: 's3://no-such-bucket/',
    });
  });
});
