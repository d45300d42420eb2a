import { CreateFunctionCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import type { AwsClients } from '../../src/aws/clients.ts';
import { readPolicy } from '../../src/aws/functions/functionPolicy.ts';
import { waitUntilActive } from '../../src/aws/functions/functionStates.ts';
import type { BucketNotification } from '../../src/aws/notifications/notification.ts';
import {
  hasEventBridge,
  toNotifications,
} from '../../src/aws/notifications/notificationConfiguration.ts';
import { readNotifications } from '../../src/aws/notifications/notifications.ts';
import { functionZip } from '../support/functionZip.ts';
import { run, startHostSandbox } from './hostSandbox.ts';

describe('the commands for event notifications', function () {
  this.timeout(90_000);
  const bucket = `notified-${Date.now()}`;
  const silent = { bucket, skipConfirmation: true };
  let clients: AwsClients;
  let resize: string;
  let archive: string;

  before(async () => {
    clients = await startHostSandbox();
    await clients.s3().send(new CreateBucketCommand({ Bucket: bucket }));
    resize = await createFunction(`resize-${Date.now()}`);
    archive = await createFunction(`archive-${Date.now()}`);
  });
  after(() => clients.destroy());

  async function createFunction(name: string): Promise<string> {
    const command = new CreateFunctionCommand({
      FunctionName: name,
      Role: `arn:aws:iam::${clients.accountId}:role/S3LambdaRole`,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: await functionZip('exports.handler = async () => undefined;') },
    });
    const { FunctionArn = '' } = await clients.lambda().send(command);
    await waitUntilActive(clients, { functionName: name });
    return FunctionArn;
  }

  const configuration = () => readNotifications(clients, bucket);
  const entries = async (): Promise<BucketNotification[]> => toNotifications(await configuration());
  const permitted = async (functionName: string): Promise<(readonly string[])[]> => {
    const { statements } = await readPolicy(clients, { functionName });
    return statements.map(({ sourceArns }) => sourceArns);
  };

  it('send events to EventBridge, and stop', async () => {
    await run('bucketBrigade.notifications.turnOnEventBridge', { bucket });
    assert.equal(hasEventBridge(await configuration()), true);
    await run('bucketBrigade.notifications.turnOffEventBridge', silent);
    assert.deepEqual(await configuration(), {});
    await run('bucketBrigade.notifications.turnOnEventBridge', { bucket });
  });

  it('add an entry for each suffix and permit the bucket to invoke the function', async () => {
    const ids = await run('bucketBrigade.notifications.add', {
      ...silent,
      prefix: 'my photos/',
      suffixes: ['.jpg', '.png'],
      destinationArn: resize,
    });
    const found = await entries();
    assert.deepEqual(
      found.map(({ id }) => id),
      ids,
    );
    assert.deepEqual(
      found.map(({ prefix, suffix, events }) => [prefix, suffix, ...events]),
      [
        ['my photos/', '.jpg', 's3:ObjectCreated:*'],
        ['my photos/', '.png', 's3:ObjectCreated:*'],
      ],
    );
    assert.equal(hasEventBridge(await configuration()), true);
    assert.deepEqual(await permitted(resize), [[`arn:aws:s3:::${bucket}`]]);
  });

  it('disable an entry, and enable it as it was with the permission it needs', async () => {
    const [jpg, png] = await entries();
    assert.ok(jpg && png);
    await run('bucketBrigade.notifications.disable', {
      bucket,
      notificationId: jpg.id,
      skipConfirmation: true,
    });
    assert.deepEqual(await entries(), [png]);
    const [StatementId] = (await readPolicy(clients, { functionName: resize })).statements.map(
      ({ sid }) => sid,
    );
    await clients.lambda().send(new RemovePermissionCommand({ FunctionName: resize, StatementId }));
    await run('bucketBrigade.notifications.enable', {
      bucket,
      notificationId: jpg.id,
      skipConfirmation: true,
    });
    assert.deepEqual(await entries(), [png, jpg]);
    assert.deepEqual(await permitted(resize), [[`arn:aws:s3:::${bucket}`]]);
  });

  it('change one entry and leave the others', async () => {
    const [png, jpg] = await entries();
    assert.ok(png && jpg);
    const target = { ...silent, notificationId: jpg.id };
    await run('bucketBrigade.notifications.edit', { ...target, destinationArn: archive });
    const destination = { kind: 'lambda', arn: archive };
    assert.deepEqual(await entries(), [png, { ...jpg, destination }]);
    assert.deepEqual(await permitted(archive), [[`arn:aws:s3:::${bucket}`]]);
  });

  it('remove entries, and a permission only once nothing needs it', async () => {
    const [png, jpg] = await entries();
    assert.ok(png && jpg);
    const more = await run('bucketBrigade.notifications.add', {
      ...silent,
      events: ['s3:ObjectRemoved:*'],
      destinationArn: archive,
    });
    const [removed] = more as string[];
    const both = { ...silent, removePermission: true };
    await run('bucketBrigade.notifications.remove', {
      ...both,
      notificationId: jpg.id,
      skipConfirmation: true,
    });
    assert.equal((await permitted(archive)).length, 1);
    await run('bucketBrigade.notifications.remove', { ...both, notificationId: removed ?? '' });
    assert.deepEqual(await permitted(archive), []);
    assert.deepEqual(await entries(), [png]);
    assert.equal(hasEventBridge(await configuration()), true);
  });
});
