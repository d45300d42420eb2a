import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { readBucketFunctions } from '../../src/aws/notifications/bucketFunctions.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { headObject } from '../../src/aws/objects/listing.ts';
import type { DeploymentPlan } from '../../src/aws/resizeDeployment/deploymentPlan.ts';
import type { RemovalPlan } from '../../src/aws/resizeDeployment/removalPlan.ts';
import type { ResizeResult } from '../../src/aws/resizeFunction/resizeEvent.ts';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { eventually } from './eventually.ts';
import { LAB, run, startHostSandbox, useOtherProfile } from './hostSandbox.ts';

const IMAGES = `images-${LAB}`;
const SOURCE = `photos-${LAB}`;
const RESIZED = `${SOURCE}-resized`;

/** The actions of a plan's steps, in their order. */
const actionsOf = (plan: unknown): string[] =>
  (plan as DeploymentPlan | RemovalPlan).steps.map(({ action }) => action);

describe('the resize function', function () {
  this.timeout(90_000);
  let clients: AwsClients;

  before(async () => {
    clients = await startHostSandbox();
    await clients.s3().send(new CreateBucketCommand({ Bucket: SOURCE }));
  });
  after(() => clients.destroy());

  const deploy = { bucket: SOURCE, functionName: 'ResizePhotos', skipConfirmation: true };

  async function onlyFunction() {
    const [found, ...others] = await readBucketFunctions(clients, SOURCE);
    assert.ok(found);
    assert.deepEqual(others, []);
    return found;
  }

  it('is deployed with all that it needs', async () => {
    const plan = await run('bucketBrigade.resize.deploy', deploy);
    assert.deepEqual(actionsOf(plan), ['create', 'create', 'create', 'create', 'create']);
    const found = await onlyFunction();
    assert.equal(found.name, 'ResizePhotos');
    assert.match(found.role, /:role\/ResizePhotos-role$/);
    assert.equal(found.memoryMegabytes, 1536);
    assert.ok(found.notifications.some(({ suffix }) => suffix === '.png'));
  });

  it('is not changed by being deployed once more', async () => {
    const plan = await run('bucketBrigade.resize.deploy', {
      bucket: SOURCE,
      skipConfirmation: true,
    });
    assert.deepEqual(actionsOf(plan), ['keep', 'keep', 'keep', 'keep', 'keep']);
  });

  it('gets other settings, and keeps those that are not named', async () => {
    const change = { bucket: SOURCE, settings: { widths: [64] }, skipConfirmation: true };
    const plan = await run('bucketBrigade.resize.changeSettings', change);
    assert.deepEqual(actionsOf(plan), ['keep', 'keep', 'change', 'keep', 'keep']);
    const { environment, memoryMegabytes } = await onlyFunction();
    assert.equal(environment['WIDTHS'], '64');
    assert.equal(environment['DESTINATION_BUCKET'], RESIZED);
    assert.equal(memoryMegabytes, 1536);
  });

  it('resizes one image that is there, and says what it wrote', async () => {
    const s3 = clients.s3();
    const CopySource = `${IMAGES}/image1.png`;
    const { CopyObjectCommand } = await import('@aws-sdk/client-s3');
    await s3.send(new CopyObjectCommand({ Bucket: SOURCE, Key: 'a photo.bin', CopySource }));
    const place = { bucket: SOURCE, key: 'a photo.bin' };
    const result = (await run('bucketBrigade.resize.resizeNow', place)) as ResizeResult;
    assert.equal(result.outcome, 'resized');
    assert.equal(result.outputs[0]?.width, 64);
    await headObject(s3, { bucket: RESIZED, key: 'resized-a photo.bin' });
  });

  it('says of what is no image why it was not resized', async () => {
    const place = { bucket: SOURCE, key: 'text.txt' };
    await clients
      .s3()
      .send(new PutObjectCommand({ Bucket: SOURCE, Key: 'text.txt', Body: 'No image' }));
    const result = (await run('bucketBrigade.resize.resizeNow', place)) as ResizeResult;
    assert.equal(result.outcome, 'failed');
    assert.notEqual(result.message ?? '', '');
  });

  it('has its log lines in an editor, oldest first', async () => {
    await run('bucketBrigade.resize.showLogs', { functionName: 'ResizePhotos' });
    let text = '';
    await eventually(async () => {
      await run('bucketBrigade.resize.refreshLogs');
      text = vscode.window.activeTextEditor?.document.getText() ?? '';
      assert.match(text, /REPORT RequestId/);
    });
    assert.match(text, /^# Log lines of ResizePhotos \(\/aws\/lambda\/ResizePhotos\)/);
    assert.match(text, /"outcome":"resized"/);
    assert.match(text, /"outcome":"failed"/);
    const times = [...text.matchAll(/^(\d{4}-\d\d-\d\dT[\d:.]+Z)/gm)].map(([, time]) => time);
    assert.deepEqual(times, [...times].sort());
  });

  it('has its log lines read on by the connection that they came from only', async () => {
    await run('bucketBrigade.resize.showLogs', { functionName: 'ResizePhotos' });
    const { document } = vscode.window.activeTextEditor!;
    const text = document.getText();
    const restore = await useOtherProfile();
    try {
      await run('bucketBrigade.resize.refreshLogs', document.uri);
      await run('bucketBrigade.resize.loadOlderLogs', document.uri);
      assert.equal(document.getText(), text);
      assert.equal(vscode.window.activeTextEditor?.document, document);
    } finally {
      await restore();
    }
    await run('bucketBrigade.resize.refreshLogs', document.uri);
    assert.match(document.getText(), /^# Log lines of ResizePhotos/);
  });

  it('has those of a span in an editor, errors first, each with its object', async () => {
    const now = Math.ceil(Date.now() / 1000);
    const span = { start: now - 3600, end: now + 60 };
    await run('bucketBrigade.resize.showLogs', { functionName: 'ResizePhotos', span });
    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    const [failed = '', all = ''] = text.split('# All lines:\n');
    assert.match(failed, /# Invocations with errors:\n\n.*\ttext\.txt\tSTART RequestId/);
    assert.match(failed, /\ttext\.txt\tREPORT RequestId/);
    assert.doesNotMatch(failed, /a photo\.bin/);
    assert.match(all, /\ta photo\.bin\tREPORT RequestId/);
    const invoked = all.split('\n').filter(line => line.includes('RequestId'));
    assert.deepEqual(
      invoked.filter(line => !/\t(text\.txt|a photo\.bin)\t/.test(line)),
      [],
    );
  });

  it('has its metrics in a panel, found by the bucket or by a notification', async () => {
    const [notification] = (await onlyFunction()).notifications;
    assert.ok(notification);
    for (const target of [
      { bucket: SOURCE },
      { bucket: SOURCE, notificationId: notification.id },
    ]) {
      const figures = await run('bucketBrigade.metrics.show', target);
      assert.equal((figures as readonly unknown[]).length, 4);
      const shown = vscode.window.tabGroups.activeTabGroup.activeTab?.label;
      assert.equal(shown, 'Metrics: ResizePhotos');
    }
  });

  it('is exported as what a repository keeps', async () => {
    const opened = async (format: 'exportCloudFormation' | 'exportTerraform') => {
      await run(`bucketBrigade.resize.${format}`, { bucket: SOURCE });
      const { document } = vscode.window.activeTextEditor ?? {};
      assert.ok(document?.isUntitled);
      return document;
    };
    const template = await opened('exportCloudFormation');
    assert.equal(template.languageId, 'yaml');
    assert.match(template.getText(), /^ {6}FunctionName: ResizePhotos$/m);
    const terraform = await opened('exportTerraform');
    assert.match(terraform.getText(), /^resource "aws_s3_bucket_notification" "source" \{$/m);
    await run('bucketBrigade.resize.copyCliCommands', { bucket: SOURCE });
    const script = await vscode.env.clipboard.readText();
    assert.match(script, /^function=ResizePhotos$/m);
    assert.match(script, /resize-x86_64\.zip/);
  });

  it('is removed with what was made for it; a bucket with objects stays', async () => {
    const removed = (await run('bucketBrigade.resize.remove', {
      bucket: SOURCE,
      skipConfirmation: true,
    })) as RemovalPlan;
    const kept = removed.steps.filter(({ action }) => action === 'keep');
    assert.deepEqual(kept.map(({ kind }) => kind).sort(), ['destinationBucket', 'logGroup']);
    assert.deepEqual(await readBucketFunctions(clients, SOURCE), []);
    await headObject(clients.s3(), { bucket: RESIZED, key: 'resized-a photo.bin' });
  });

  it('is removed wholly once its bucket is empty', async () => {
    await clients
      .s3()
      .send(new DeleteObjectCommand({ Bucket: RESIZED, Key: 'resized-a photo.bin' }));
    const rest = await run('bucketBrigade.resize.remove', {
      bucket: SOURCE,
      skipConfirmation: true,
    });
    assert.ok(actionsOf(rest).includes('delete'));
    const none = await run('bucketBrigade.resize.remove', {
      bucket: SOURCE,
      skipConfirmation: true,
    });
    assert.equal(none, undefined);
  });
});
