import { PutBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import type * as vscode from 'vscode';
import type { BucketNotification } from '../../src/aws/notifications/notification.ts';
import {
  toNotifications,
  withEventBridge,
  withNotification,
} from '../../src/aws/notifications/notificationConfiguration.ts';
import { readNotifications } from '../../src/aws/notifications/notifications.ts';
import { BucketsTree } from '../../src/explorer/tree/bucketsTree.ts';
import { targetsOrAsk } from '../../src/explorer/explorer.ts';
import { editNotification } from '../../src/explorer/notifications/editNotification.ts';
import { DisabledNotifications } from '../../src/explorer/notifications/disabledNotifications.ts';
import {
  disableNotification,
  enableNotification,
} from '../../src/explorer/notifications/disableNotification.ts';
import { removeNotification } from '../../src/explorer/notifications/removeNotification.ts';
import { PinnedBuckets } from '../../src/explorer/tree/pinnedBuckets.ts';
import type { Row } from '../../src/explorer/tree/rows.ts';
import type { Session } from '../../src/services.ts';
import {
  MemoryState,
  shown,
  startExplorerFixture,
  type ExplorerFixture,
} from './explorerFixture.ts';

const ACCOUNT = '123456789012';
const jpg: BucketNotification = {
  id: 'jpg',
  destination: { kind: 'lambda', arn: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:resize` },
  events: ['s3:ObjectCreated:*'],
  prefix: 'in/',
  suffix: '.jpg',
};
const jobs: BucketNotification = {
  id: 'jobs',
  destination: { kind: 'queue', arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:jobs` },
  events: ['s3:ObjectRemoved:Delete', 's3:ObjectTagging:*'],
  prefix: '',
  suffix: '',
};

describe('the notifications in the Buckets view', () => {
  let on: ExplorerFixture;
  let session: Session;
  let tree: BucketsTree;
  let disabled: DisabledNotifications;
  let bucket: string;
  before(async () => {
    on = await startExplorerFixture();
  });
  after(() => on.close());
  beforeEach(async () => {
    const state = new MemoryState();
    disabled = new DisabledNotifications(state);
    tree = new BucketsTree(on.connections, new PinnedBuckets(state), disabled);
    session = await on.sessionOf('lab');
    on.connections.use(session);
    bucket = await on.bucket();
  });
  afterEach(() => tree.dispose());

  const notifications = () => ({
    connections: on.connections,
    disabled,
    tree,
    askBucket: () => Promise.reject(new Error('Nobody is asked')),
  });

  /** Writes entries whose destinations there are not, as S3 lets one who says so. */
  async function write(entries: readonly BucketNotification[], eventBridge = false): Promise<void> {
    const configuration = entries.reduce(withNotification, {});
    const command = new PutBucketNotificationConfigurationCommand({
      Bucket: bucket,
      NotificationConfiguration: withEventBridge(configuration, eventBridge),
      SkipDestinationValidation: true,
    });
    await on.clients.s3().send(command);
  }

  const entries = async (): Promise<string[]> =>
    toNotifications(await readNotifications(on.clients, bucket)).map(({ id }) => id);

  async function group(): Promise<Row> {
    const rows = await tree.getChildren();
    const row = rows.find(each => each.kind === 'bucket' && each.bucket === bucket);
    assert.ok(row);
    const [first] = await tree.getChildren(row);
    assert.equal(first?.kind, 'notifications');
    return first;
  }

  async function items(): Promise<vscode.TreeItem[]> {
    return (await tree.getChildren(await group())).map(row => tree.getTreeItem(row));
  }

  it('stand first below a bucket and say so when there are none', async () => {
    assert.equal(shown(tree.getTreeItem(await group())), 'Event Notifications');
    assert.deepEqual((await items()).map(shown), ['No event notifications']);
  });

  it('have a row each, which says who is told and of what, and that a function is gone', async () => {
    await write([jpg, jobs], true);
    const [lambda, queue, eventBridge] = await items();
    assert.ok(lambda && queue && eventBridge);
    assert.equal(shown(lambda), 'resize | function deleted · in/*.jpg · All object create events');
    assert.equal(lambda.contextValue, 'notification enabled lambda among');
    assert.equal(
      lambda.accessibilityInformation?.label,
      'Lambda function resize, function deleted · in/*.jpg · All object create events',
    );
    assert.equal(
      shown(queue),
      'jobs | all objects · Object or version permanently deleted, All object tagging events',
    );
    assert.equal(shown(eventBridge), 'Amazon EventBridge | all events of all objects');
    assert.equal(eventBridge.contextValue, 'eventBridge among');
  });

  it('have one row where they differ by their filters only, which is changed as one', async () => {
    const png = { ...jpg, id: 'png', suffix: '.png' };
    await write([jpg, png, jobs]);
    const [both, queue, ...more] = await tree.getChildren(await group());
    assert.ok(both?.kind === 'notification' && queue);
    assert.deepEqual(more, []);
    assert.deepEqual(both.notificationIds, ['jpg', 'png']);
    assert.match(
      shown(tree.getTreeItem(both)),
      /in\/\*\.jpg, in\/\*\.png · All object create events/,
    );
    const target = { bucket, notificationIds: both.notificationIds, skipConfirmation: true };
    await disableNotification(notifications(), target);
    assert.deepEqual(await entries(), ['jobs']);
    await removeNotification(notifications(), target);
    assert.deepEqual(disabled.list(session, bucket), []);
  });

  it('explain themselves in a tooltip in which nothing is Markdown', async () => {
    await write([{ ...jpg, id: '[id](command:x)', prefix: '<b>*in*' }]);
    const [row] = await tree.getChildren(await group());
    assert.ok(row);
    const { tooltip } = await tree.resolveTreeItem(tree.getTreeItem(row), row);
    assert.ok(typeof tooltip === 'object');
    assert.match(tooltip.value, /Destination:.*arn:aws:lambda/);
    assert.match(tooltip.value, /\\\[id\\\]/);
    assert.doesNotMatch(tooltip.value, /<b>/);
  });

  it('are read only when they are expanded, and again when told', async () => {
    await write([jpg]);
    assert.equal((await items()).length, 1);
    await write([jpg, jobs]);
    assert.equal((await items()).length, 1);
    const fired: (Row | undefined)[] = [];
    const listening = tree.onDidChangeTreeData(row => fired.push(row));
    tree.refreshNotifications(bucket);
    assert.deepEqual(fired, [await group()]);
    assert.equal((await items()).length, 2);
    listening.dispose();
  });

  it('that may not be read leave the objects alone', async () => {
    await on.put(bucket, 'image1.png');
    const clients = await on.roleClients(['s3:ListBucket', 's3:ListAllMyBuckets']);
    on.connections.use(await on.sessionOf('limited', clients));
    const [denied] = await items();
    assert.ok(denied);
    assert.match(shown(denied), /Missing permission: s3:GetBucketNotification/);
    assert.equal(denied.command?.command, 'bucketBrigade.notifications.refresh');
    const rows = await tree.getChildren((await group()).parent);
    assert.match(rows.map(row => shown(tree.getTreeItem(row))).join(), /image1\.png/);
    clients.destroy();
  });

  it('of a pinned prefix are not shown, for only buckets notify', async () => {
    const state = new MemoryState();
    const pins = new PinnedBuckets(state);
    await pins.add(session, { bucket, key: 'in/' });
    const pinned = new BucketsTree(on.connections, pins, disabled);
    const rows = await pinned.getChildren();
    const prefix = rows.find(row => row.kind === 'bucket' && row.key === 'in/');
    const below = await pinned.getChildren(prefix);
    assert.deepEqual(
      below.map(({ kind }) => kind),
      ['empty'],
    );
    pinned.dispose();
  });

  it('are nothing to transfer where they stand among the selected rows', async () => {
    await write([jpg], true);
    const top = await group();
    const selected = [top, ...(await tree.getChildren(top))].filter(row => 'bucket' in row);
    assert.deepEqual(
      await targetsOrAsk(undefined, selected, () => Promise.reject(new Error())),
      [],
    );
  });

  it('are disabled by taking them out and remembering them', async () => {
    await write([jpg], true);
    const target = { bucket, notificationId: 'jpg', skipConfirmation: true };
    await disableNotification(notifications(), target);
    assert.deepEqual(await entries(), []);
    const [eventBridge, row] = await items();
    assert.ok(eventBridge && row);
    assert.equal(shown(row), 'resize | disabled · in/*.jpg · All object create events');
    assert.equal(row.contextValue, 'notification disabled lambda among');
    assert.deepEqual(disabled.list(session, bucket), [jpg]);
    // Another account's are its own.
    const other = { ...session, identity: { ...session.identity, accountId: '999999999999' } };
    assert.deepEqual(disabled.list(other, bucket), []);
  });

  it('that are disabled are edited and removed without asking S3 to', async () => {
    await disabled.add(session, bucket, jpg);
    const target = { bucket, notificationId: 'jpg', skipConfirmation: true };
    await editNotification(notifications(), { ...target, suffix: '.png' });
    assert.deepEqual(disabled.list(session, bucket), [{ ...jpg, suffix: '.png' }]);
    assert.deepEqual(await entries(), []);
    await removeNotification(notifications(), target);
    assert.deepEqual(disabled.list(session, bucket), []);
    assert.deepEqual((await items()).map(shown), ['No event notifications']);
  });

  it('that were put back by other means are not disabled any more', async () => {
    await disabled.add(session, bucket, jpg);
    await write([jpg]);
    assert.deepEqual(
      (await items()).map(({ contextValue }) => contextValue),
      ['notification enabled lambda among'],
    );
  });

  it('are removed one at a time, though the functions of others are gone too', async () => {
    await write([jpg, { ...jpg, id: 'png', suffix: '.png' }]);
    const silent = { bucket, skipConfirmation: true };
    await removeNotification(notifications(), { ...silent, notificationId: 'jpg' });
    assert.deepEqual(await entries(), ['png']);
    await disableNotification(notifications(), { ...silent, notificationId: 'png' });
    assert.deepEqual(await entries(), []);
    // What is put back is checked again.
    const enabling = enableNotification(notifications(), { ...silent, notificationId: 'png' });
    await assert.rejects(enabling, /Unable to validate|does not exist|not found/i);
    assert.equal(disabled.list(session, bucket).length, 1);
  });

  it('that are gone are not found', async () => {
    const target = { bucket, notificationId: 'gone', skipConfirmation: true };
    const missing = { code: 'NotFound', subject: 'gone' };
    await assert.rejects(removeNotification(notifications(), target), missing);
    await assert.rejects(editNotification(notifications(), target), missing);
  });

  it('are never changed so that they overlap', async () => {
    await write([jpg, { ...jpg, id: 'png', suffix: '.png' }]);
    const target = { bucket, notificationId: 'png', skipConfirmation: true };
    await assert.rejects(editNotification(notifications(), { ...target, suffix: 'pg' }), {
      code: 'InvalidInput',
      message: /overlaps with resize: in\/\*\.jpg · All object create events/,
    });
  });
});
