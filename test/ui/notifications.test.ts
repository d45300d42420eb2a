import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { PutBucketNotificationConfigurationCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { AwsClients } from '../../src/aws/clients.ts';
import { LAB_NUMBER } from '../../src/sandbox/lab/seedLab.ts';
import { functionZip } from '../support/functionZip.ts';
import { clientsOf } from '../support/runningSandbox.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const IMAGES = `images-${LAB_NUMBER}`;
const ASSETS = `assets-${LAB_NUMBER}`;
const GROUP = 'Event Notifications';

describe('event notifications', () => {
  let workbench: Workbench;
  let clients: AwsClients | undefined;
  beforeAll(async () => {
    workbench = await openWorkbench();
    await workbench.openContainer();
    await workbench.page.getByText('Start Local Sandbox').first().click();
    await workbench.row(IMAGES).waitFor();
    clients = await clientsOf(workbench.sandboxFolder);
    await writeOthers(clients);
    await createFunction(clients, 'make-thumbnails');
    await createFunction(clients, 'echo-into-assets', ASSETS);
  });
  afterAll(async () => {
    clients?.destroy();
    await workbench.close();
  });

  test('are shown below their bucket, EventBridge among them', async () => {
    await workbench.expand(IMAGES);
    await workbench.expand(GROUP);
    await workbench.row('jobs').waitFor();
    await workbench.row('Amazon EventBridge').waitFor();
    await workbench.row('news').hover();
    await workbench.page.locator('.monaco-hover').getByText('arn:aws:sns').waitFor();
    await workbench.screenshots('notifications');
    await workbench.page.mouse.move(800, 600);
  });

  test('say what overlaps before S3 does', async () => {
    await workbench.inlineAction(GROUP, 'Add Event Notification');
    await workbench.quickInput().getByText('(1/3)').waitFor();
    await workbench.screenshots('notification-events');
    await workbench.accept();
    await workbench.quickInput().getByText('(2/3)').waitFor();
    await workbench.type('news/*/*.jpg');
    await workbench.quickInput().getByText('Enter a prefix, one').waitFor();
    await workbench.type('news/*.jpg, news/*.png');
    await workbench.quickInput().getByText('This overlaps with news').waitFor();
    await workbench.screenshots('notification-overlap');
    await workbench.dismiss();
  });

  test('are added for a function of the account, two suffixes at once', async () => {
    // One bucket at a time, for each has such a row.
    await workbench.row(IMAGES).locator('.monaco-tl-twistie').click();
    await workbench.contextMenu(ASSETS, 'Add Event Notification…');
    await workbench.quickInput().getByText('(1/3)').waitFor();
    await workbench.accept();
    await workbench.quickInput().getByText('(2/3)').waitFor();
    await workbench.type('photos/*.jpg, photos/*.png');
    await workbench.accept();
    await workbench.quickInput().getByText('make-thumbnails').waitFor();
    await workbench.screenshots('notification-destination');
    await workbench.pick('make-thumbnails');
    await workbench.expand(ASSETS);
    await workbench.expand(GROUP);
    await workbench.row('photos/*.jpg, photos/*.png').waitFor();
    await workbench.screenshots('notification-added');
    const said = await workbench.message('make-thumbnails now receives events from');
    await said.getByText('Upload Files…').waitFor();
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  test('warn of a function that would be told of what it writes itself', async () => {
    await workbench.inlineAction(GROUP, 'Add Event Notification');
    await workbench.quickInput().getByText('(1/3)').waitFor();
    await workbench.accept();
    await workbench.quickInput().getByText('(2/3)').waitFor();
    await workbench.type('.gif');
    await workbench.accept();
    await workbench.pick('echo-into-assets');
    await workbench.dialog().getByText(`writes to ${ASSETS}.`).waitFor();
    await workbench.screenshots('notification-loop');
    await workbench.dialogButton('Cancel');
    await workbench.dialog().waitFor({ state: 'detached' });
  });

  test('are disabled and enabled again', async () => {
    await workbench.contextMenu('photos/*.jpg', 'Disable Event Notification…');
    await workbench.dialog().getByText('Others see it as removed').waitFor();
    await workbench.screenshots('notification-disable');
    await workbench.dialogButton('Disable');
    await workbench.row('disabled · photos/*.jpg').waitFor();
    await workbench.screenshots('notification-disabled');
    await workbench.inlineAction('disabled · photos/*.jpg', 'Enable Event Notification');
    await workbench.row('disabled · photos/*.jpg').waitFor({ state: 'detached' });
    await workbench.row('photos/*.jpg').waitFor();
  });

  test('are removed only after a question that names them', async () => {
    await workbench.contextMenu('photos/*.jpg', 'Edit Event Notification…');
    await workbench.quickInput().getByText('(1/3)').waitFor();
    await workbench.accept();
    await workbench.quickInput().getByText('(2/3)').waitFor();
    await workbench.type('photos/*.jpg, .PNG');
    await workbench.accept();
    await workbench.pick('make-thumbnails');
    await workbench.row('photos/*.jpg, *.PNG').waitFor();
    await workbench.contextMenu('photos/*.jpg', 'Remove Event Notification…');
    await workbench.dialog().getByText('Remove 2 event notifications').waitFor();
    await workbench.dialog().getByText('needs its permission to invoke').waitFor();
    await workbench.screenshots('notification-remove');
    await workbench.dialogButton('Remove with Permission');
    await workbench.row('No event notifications').waitFor();
  });
});

async function createFunction(clients: AwsClients, name: string, writesInto = ''): Promise<void> {
  const command = new CreateFunctionCommand({
    FunctionName: name,
    Role: `arn:aws:iam::${clients.accountId}:role/S3LambdaRole`,
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Code: { ZipFile: await functionZip('exports.handler = async () => undefined;') },
    Environment: { Variables: writesInto === '' ? {} : { DESTINATION_BUCKET: writesInto } },
  });
  await clients.lambda().send(command);
}

/** What others have there; their queue and topic are elsewhere. */
async function writeOthers(clients: AwsClients): Promise<void> {
  const arn = (service: string): string => `arn:aws:${service}:us-east-1:${clients.accountId}`;
  const command = new PutBucketNotificationConfigurationCommand({
    Bucket: IMAGES,
    NotificationConfiguration: {
      QueueConfigurations: [
        { Id: 'audit', QueueArn: `${arn('sqs')}:jobs`, Events: ['s3:ObjectRemoved:*'] },
      ],
      TopicConfigurations: [
        {
          Id: 'announce',
          TopicArn: `${arn('sns')}:news`,
          Events: ['s3:ObjectCreated:*'],
          Filter: {
            Key: {
              FilterRules: [
                { Name: 'prefix', Value: 'news/' },
                { Name: 'suffix', Value: '.jpg' },
              ],
            },
          },
        },
      ],
      EventBridgeConfiguration: {},
    },
    SkipDestinationValidation: true,
  });
  await clients.s3().send(command);
}
