import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ZipFile } from 'yazl';
import type { AwsClients } from '../../src/aws/clients.ts';
import { createFunction, type ZipSource } from '../../src/aws/functions/functionWrites.ts';
import { addPermission } from '../../src/aws/functions/functionPolicy.ts';
import { listObjects } from '../../src/aws/objects/listing.ts';
import { withNotification } from '../../src/aws/notifications/notificationConfiguration.ts';
import { changeNotifications } from '../../src/aws/notifications/notifications.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { clientsOf } from '../support/runningSandbox.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const LAB = '82834469';
const IMAGES = `images-${LAB}`;
const ASSETS = `assets-${LAB}`;

/** What is in a bucket already is resized, as a person does it with the mouse and the keyboard. */
describe('resizing existing objects', () => {
  let workbench: Workbench;
  let clients: AwsClients;

  beforeAll(async () => {
    workbench = await openWorkbench();
    await workbench.startSandbox();
    clients = await clientsOf(workbench.sandboxFolder);
    await writeObject(clients.s3(), { bucket: IMAGES, key: 'notes.txt', body: 'no picture' });
    const bytes = await anotherZip();
    await makeFunction('AnotherFunction', { kind: 'zipFile', bytes });
    const code = { kind: 's3', bucket: ASSETS, key: 'function.zip' } as const;
    await wire(await makeFunction('ResizeImages', code));
  });

  async function anotherZip(): Promise<Uint8Array> {
    const zip = new ZipFile();
    zip.addBuffer(Buffer.from('exports.handler = async () => ({});'), 'index.js');
    zip.end();
    const chunks: Buffer[] = [];
    for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  }

  async function makeFunction(functionName: string, code: ZipSource): Promise<string> {
    const { arn } = await createFunction(clients, {
      functionName,
      runtime: 'nodejs24.x',
      handler: 'index.handler',
      role: `arn:aws:iam::${clients.accountId}:role/S3LambdaRole`,
      code,
      architecture: 'x86_64',
      memoryMegabytes: 1024,
      timeoutSeconds: 30,
    });
    return arn;
  }

  async function wire(functionArn: string): Promise<void> {
    await addPermission(clients, {
      functionName: functionArn,
      statementId: 'uploads',
      action: 'lambda:InvokeFunction',
      principal: 's3.amazonaws.com',
      sourceArn: `arn:aws:s3:::${IMAGES}`,
      sourceAccount: clients.accountId,
    });
    const notification = {
      id: 'uploads',
      destination: { kind: 'lambda', arn: functionArn },
      events: ['s3:ObjectCreated:*'],
      prefix: '',
      suffix: '.png',
    } as const;
    await changeNotifications(clients, {
      bucket: IMAGES,
      change: current => withNotification(current, notification),
    });
  }

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await workbench.screenshot('failed-resize-job');
  });

  afterAll(async () => {
    clients.destroy();
    await workbench.close();
  });

  async function summary(): Promise<string> {
    await workbench.asked('Create and Run');
    await workbench.asked('Invoke ResizeImages for 6 objects');
    return await workbench.quickInput().locator('.quick-input-list .monaco-list-rows').innerText();
  }

  /** The bucket's own row: that of the resized objects begins with the same name. */
  const BUCKET = `${IMAGES}us-east-1`;
  const NAME = `Resize s3://${IMAGES}/`;

  test('finds the objects, the function that the bucket invokes, and makes a role', async () => {
    await workbench.contextMenu(BUCKET, 'Create Resize Job…');
    await workbench.asked(`Select objects in s3://${IMAGES}/`);
    await workbench.quickInput().getByText('6 objects').waitFor();
    await workbench.screenshot('resize-objects');
    await workbench.choose('All Objects');
    await workbench.asked('invoked on uploads to the bucket');
    await workbench.screenshot('resize-function');
    await workbench.choose('AnotherFunction');
    await workbench.asked('AnotherFunction may not support S3 Batch Operations. Use it anyway?');
    await workbench.screenshot('resize-function-doubt');
    await workbench.choose('Choose Another Function…');
    await workbench.choose('ResizeImages');
    await workbench.choose('Another Bucket or Prefix…');
    await workbench.answer('Bucket and prefix of the report', `s3://${ASSETS}/resizing`);
    await workbench.choose('All Tasks');
    await workbench.choose('Create Role…');
    await workbench.asked('Create the role “S3BatchInvoke-ResizeImages”?');
    await workbench.asked('lambda:InvokeFunction');
    await workbench.pick('Create Role');
    const text = await summary();
    expect(text).toContain(`6 objects in s3://${IMAGES}/`);
    expect(text).toContain(`all tasks, in s3://${ASSETS}/resizing`);
    expect(text).toContain('S3BatchInvoke-ResizeImages');
    expect(text).toContain(NAME);
    await workbench.screenshot('resize-summary');
  });

  test('resizes them, and tells by kind what is no picture', async () => {
    await workbench.pick('Create and Run');
    await workbench.row(NAME).filter({ hasText: 'Complete · 6 objects · 1 failed' }).waitFor();
    const bucket = `${IMAGES}-resized`;
    const page = await listObjects(clients.s3(), { bucket, prefix: '', delimiter: '' });
    expect(page.objects).toHaveLength(5);
    await workbench.expand(NAME);
    // Label and description are one text; another row's value has the word too.
    await workbench.row('FunctionResizeImages').waitFor();
    await workbench.row(`Sources3://${IMAGES}/`).waitFor();
    await workbench.screenshot('resize-complete');
    await workbench.contextMenu(NAME, 'Open Completion Report…');
    await workbench.preview().getByText('NotAnImage').first().waitFor();
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.screenshot('resize-report');
  });

  test('clones the job with its objects and its function to its summary', async () => {
    await workbench.contextMenu(NAME, 'Clone Job…');
    const text = await summary();
    expect(text).toContain(`6 objects in s3://${IMAGES}/`);
    expect(text).toContain(`s3://${ASSETS}/resizing`);
    expect(text).toContain('S3BatchInvoke-ResizeImages');
    await workbench.dismiss();
  });

  test('leads back from a bucket to what is in it, and asks again where nothing is found', async () => {
    const back = workbench.quickInput().locator('.codicon-quick-input-back');
    await workbench.contextMenu(BUCKET, 'Create Resize Job…');
    await workbench.choose('Filter by Suffix…');
    await workbench.answer('Key suffix', '.none');
    await workbench.asked('select an object, or enter its key');
    await workbench.choose('Use this folder');
    await workbench.asked(`Select objects in s3://${IMAGES}/`);
    await back.click();
    await workbench.asked('select an object, or enter its key');
    await workbench.choose('Use this folder');
    await workbench.choose('With Suffix .png');
    await workbench.asked('Select the function that the job invokes for each object');
    await workbench.dismiss();
    await workbench.message(`No object key in s3://${IMAGES}/ ends in .none`);
  });
});
