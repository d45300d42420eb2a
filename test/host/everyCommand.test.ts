// Calls every contributed command as VS Code, a keybinding or another extension may, and looks at what
// became of it: in the extension's log, and in the sandbox behind its back.
import {
  GetBucketNotificationConfigurationCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import {
  DeleteObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { listJobs } from '../../src/aws/batchJobs/batchJobs.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import type { CommandId } from '../../src/commands.ts';
import { RESULTS_VARIABLE } from '../support/hostResults.ts';
import { eventually } from './eventually.ts';
import { LAB, run, startHostSandbox } from './hostSandbox.ts';

const IMAGES = `images-${LAB}`;
const ASSETS = `assets-${LAB}`;
const GONE = `gone-${LAB}`;

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: CommandId }[] };
}
const extension = vscode.extensions.getExtension('bucket-brigade.bucket-brigade');
assert.ok(extension);
const ids = (extension.packageJSON as Manifest).contributes.commands.map(({ command }) => command);

let clients: AwsClients;
let jobId: string;

/** How VS Code names a row to an extension host: by its view and its item's id. */
interface Handle {
  readonly $treeViewId: string;
  readonly $treeItemHandle: string;
}
const rows: Record<string, Handle> = {};

function lookUpRows(): void {
  const { accountId } = clients;
  const inBuckets = (id: string): Handle => ({
    $treeViewId: 'bucketBrigade.buckets',
    $treeItemHandle: `1/${id}`,
  });
  const images = `sandbox/${accountId}/${IMAGES}/`;
  rows['bucket'] = inBuckets(images);
  rows['prefix'] = inBuckets(`${images}|prefix|folder/`);
  rows['image'] = inBuckets(`${images}|object|image1.png`);
  rows['other image'] = inBuckets(`${images}|object|image2.jpg`);
  rows['tag'] = inBuckets(`${images}|object|image1.png|tag|colour`);
  rows['no tags'] = inBuckets(`${images}|object|image2.jpg|none`);
  rows['notifications'] = inBuckets(`${images}|notifications|`);
  rows['notification'] = inBuckets(`${images}|notifications|enabled|id|new-images`);
  rows['load more'] = inBuckets(`${images}|more|`);
  rows['error'] = inBuckets(`sandbox/${accountId}/${GONE}/|error|`);
  rows['manifest'] = inBuckets(`sandbox/${accountId}/${ASSETS}/|object|manifest.csv`);
  rows['zip'] = inBuckets(`sandbox/${accountId}/${ASSETS}/|object|function.zip`);
  rows['job'] = {
    $treeViewId: 'bucketBrigade.jobs',
    $treeItemHandle: `1/sandbox/${accountId}|${clients.region}/${jobId}`,
  };
}

/** What a title's button passes: whatever row has the focus. */
const FOCUSED = { $treeViewId: 'bucketBrigade.buckets', $focusedTreeItem: true };

/** Through the workbench, as a click comes: it is there that handles become rows. */
async function click(command: string, ...args: unknown[]): Promise<unknown> {
  return await vscode.commands.executeCommand('runCommands', { commands: [{ command, args }] });
}

/** Waits for a command to end, and dismisses whatever it asks meanwhile. */
async function dismissed(running: Thenable<unknown>, what: string): Promise<void> {
  const over = Promise.resolve(running).then(
    () => 'over' as const,
    (error: unknown) => assert.fail(`${what}: ${String(error)}`),
  );
  const end = Date.now() + 60_000;
  for (let wait = 20; Date.now() < end; wait = 60) {
    if ((await Promise.race([over, sleep(wait)])) === 'over') return;
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
  }
  assert.fail(`${what} does not end`);
}

/** The extension's log, the oldest first: VS Code begins another file after 5 MB, `Bucket Brigade.1.log`. */
function log(): string {
  const folder = path.dirname(process.env[RESULTS_VARIABLE] ?? '');
  const pattern = '**/bucket-brigade.bucket-brigade/Bucket Brigade*.log';
  const age = (file: string): number => Number(/\.(\d+)\.log$/.exec(file)?.[1] ?? 0);
  const files = globSync(pattern, { cwd: folder }).sort((one, other) => age(other) - age(one));
  return files.map(file => readFileSync(path.join(folder, file), 'utf8')).join('');
}

/** VS Code writes its log when it finds the time. */
async function logged(since: number, pattern: RegExp, what: string): Promise<void> {
  await eventually(() => assert.match(log().slice(since), pattern, what), 5_000);
}

/** Rows that are no objects. */
const OTHERS = ['tag', 'no tags', 'notifications', 'notification', 'load more', 'error', 'job'];

/** A handle that VS Code does not know is no row, and would be asked for. */
async function assertKnown(): Promise<void> {
  for (const name of OTHERS) {
    const since = log().length;
    await dismissed(click('bucketBrigade.explorer.download', rows[name]), name);
    await logged(since, /This command doesn’t apply/, name);
  }
}

/** What nobody was to change unasked. */
async function world(): Promise<unknown> {
  const s3 = clients.s3();
  const buckets = [IMAGES, `${IMAGES}-resized`, ASSETS];
  const objects = await Promise.all(
    buckets.map(async Bucket => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
      return Contents.map(({ Key, ETag }) => `${Bucket}/${Key ?? ''} ${ETag ?? ''}`);
    }),
  );
  const tagging = { Bucket: IMAGES, Key: 'image1.png' };
  const { TagSet } = await s3.send(new GetObjectTaggingCommand(tagging));
  const of = new GetBucketNotificationConfigurationCommand({ Bucket: IMAGES });
  const { QueueConfigurations, EventBridgeConfiguration } = await s3.send(of);
  const { Functions = [] } = await clients.lambda().send(new ListFunctionsCommand({}));
  const { Roles = [] } = await clients.iam().send(new ListRolesCommand({}));
  const jobs = await listJobs(clients, {});
  return {
    ...{ objects, TagSet, QueueConfigurations, EventBridgeConfiguration },
    functions: Functions.map(({ FunctionName }) => FunctionName),
    roles: Roles.map(({ RoleName }) => RoleName),
    jobs: jobs.map(job => [job.jobId, job.status, job.priority]),
  };
}

const sandboxCommands = (id: string): boolean => id.startsWith('bucketBrigade.sandbox.st');

describe('every command', function () {
  this.timeout(200_000);
  let unchanged: unknown;
  let read: number;

  before(async () => {
    await vscode.workspace
      .getConfiguration('bucketBrigade')
      .update('explorer.pageSize', 3, vscode.ConfigurationTarget.Global);
    clients = await startHostSandbox();
    const s3 = clients.s3();
    await tagImage([{ Key: 'colour', Value: 'red' }]);
    await s3.send(new PutObjectCommand({ Bucket: IMAGES, Key: 'folder/a.txt', Body: 'a' }));
    await s3.send(new CreateBucketCommand({ Bucket: GONE }));
    const QueueArn = `arn:aws:sqs:${clients.region}:${clients.accountId}:jobs`;
    const QueueConfigurations = [
      { Id: 'new-images', QueueArn, Events: ['s3:ObjectCreated:Put' as const] },
    ];
    const NotificationConfiguration = { QueueConfigurations };
    const SkipDestinationValidation = true;
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        ...{ Bucket: IMAGES, NotificationConfiguration, SkipDestinationValidation },
      }),
    );
    jobId = (await run('bucketBrigade.jobs.createTaggingJob', {
      manifest: { bucket: ASSETS, key: 'manifest.csv' },
      tags: [{ key: 'phototype', value: 'finished' }],
      roleArn: `arn:aws:iam::${clients.accountId}:role/S3BatchPutRole`,
      report: false,
      skipConfirmation: true,
    })) as string;
    await vscode.commands.executeCommand('bucketBrigade.jobs.focus');
    await vscode.commands.executeCommand('bucketBrigade.buckets.focus');
    await vscode.commands.executeCommand('bucketBrigade.explorer.refresh');
    for (const key of ['folder/a.txt', 'image2.jpg', 'image1.png']) {
      await vscode.commands.executeCommand('bucketBrigade.explorer.reveal', {
        bucket: IMAGES,
        key,
      });
    }
    for (const key of ['function.zip', 'manifest.csv']) {
      await vscode.commands.executeCommand('bucketBrigade.explorer.reveal', {
        bucket: ASSETS,
        key,
      });
    }
    await s3.send(new DeleteBucketCommand({ Bucket: GONE }));
    lookUpRows();
    // The rows of what is expanded come later.
    await eventually(async () => {
      await vscode.commands.executeCommand('bucketBrigade.explorer.reveal', { bucket: GONE });
      await vscode.commands.executeCommand('list.expand');
      await vscode.commands.executeCommand('bucketBrigade.explorer.reveal', { bucket: IMAGES });
      await vscode.commands.executeCommand('list.focusDown');
      await vscode.commands.executeCommand('list.expand');
      await assertKnown();
    }, 120_000);
    unchanged = await world();
    read = log().length;
  });

  // Each wrong argument is an error in a message and in the log. Thousands of messages, and the log while it
  // is shown, would keep the window busier than the commands do.
  afterEach(async () => {
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('workbench.action.closePanel');
  });

  /** The pictures of the lab are others' too: their bytes stay. */
  async function tagImage(TagSet: { Key: string; Value: string }[]): Promise<void> {
    const image = { Bucket: IMAGES, Key: 'image1.png', Tagging: { TagSet } };
    await clients.s3().send(new PutObjectTaggingCommand(image));
  }

  after(async () => {
    // The last of them stopped it.
    clients.destroy();
    clients = await startHostSandbox();
    await tagImage([]);
    await clients.s3().send(new DeleteObjectCommand({ Bucket: IMAGES, Key: 'folder/a.txt' }));
    const none = { Bucket: IMAGES, NotificationConfiguration: {} };
    await clients.s3().send(new PutBucketNotificationConfigurationCommand(none));
    const all = vscode.workspace.getConfiguration('bucketBrigade');
    await all.update('explorer.pageSize', undefined, vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  /** Nothing but errors of the kinds that we have sentences for. */
  function assertNoneThrew(what: string): void {
    const said = log().slice(read);
    read = log().length;
    const lines = said.split('\n').filter(line => /\[error\]/.test(line));
    const internal =
      /TypeError|ReferenceError|RangeError|is not (a function|iterable)|undefined|Cannot read/;
    assert.deepEqual(
      lines.filter(line => internal.test(line)),
      [],
      what,
    );
  }

  it('is called with rows as VS Code passes them', async () => {
    const names = ['image', 'tag', 'no tags', 'notifications', 'other image', 'load more', 'error'];
    const selection = names.map(name => rows[name]);
    await click('bucketBrigade.explorer.copyS3Uri', rows['image'], selection);
    const copied = await vscode.env.clipboard.readText();
    assert.deepEqual(copied.split('\n'), [
      `s3://${IMAGES}/image1.png`,
      `s3://${IMAGES}/image2.jpg`,
    ]);
    await eventually(assertKnown);
    await click('bucketBrigade.jobs.copyJobId', rows['job']);
    assert.equal(await vscode.env.clipboard.readText(), jobId);
  });

  for (const id of ids.filter(one => !sandboxCommands(one))) {
    it(`${id} survives nothing, each kind of row, a selection and the row with the focus`, async () => {
      const all = Object.values(rows);
      const calls: (readonly unknown[])[] = [[], [null], [FOCUSED], [undefined, all]];
      for (const row of all) calls.push([row]);
      calls.push([rows['tag'], all], [rows['job'], all]);
      for (const args of calls) {
        await dismissed(click(id, ...args), `${id} with ${JSON.stringify(args)}`);
      }
      assertNoneThrew(id);
    });
  }

  it('that changes what its row is about can be taken back', async () => {
    const target = { bucket: IMAGES, notificationId: 'new-images' };
    await run('bucketBrigade.notifications.enable', target);
    await run('bucketBrigade.notifications.turnOffEventBridge', {
      ...{ bucket: IMAGES, skipConfirmation: true },
    });
    assert.deepEqual(await world(), unchanged);
  });

  for (const id of ids.filter(one => !sandboxCommands(one))) {
    it(`${id} survives junk, and does nothing unasked that it is told to`, async () => {
      const told = {
        ...{ bucket: IMAGES, key: 'image1.png', jobId, notificationId: 'new-images' },
        ...{ functionName: 'none', keys: ['image1.png'], tag: { key: 'colour', value: 'red' } },
        ...{ skipConfirmation: true, deleteObjects: true, removePermission: true, priority: 99 },
        ...{ tags: [], report: false, roleArn: `arn:aws:iam::${clients.accountId}:role/admin` },
        ...{
          manifest: { bucket: ASSETS, key: 'manifest.csv' },
          code: `s3://${ASSETS}/function.zip`,
        },
        ...{ destinationArn: `arn:aws:sqs:${clients.region}:${clients.accountId}:jobs` },
        ...{ events: ['s3:ObjectCreated:*'], prefix: 'x/', suffixes: [], suffix: '' },
        ...{ files: [vscode.Uri.file(__filename).toString()], newRole: 'junk-role' },
      };
      const nested: Record<string, unknown> = { bucket: { bucket: { bucket: IMAGES } } };
      const junk = [
        ...[7, 'text', 'x'.repeat(100_000), true, {}, [], [[7]], nested, { bucket: 7 }],
        ...[{ bucket: IMAGES, key: {} }, { jobId: {} }, { kind: 'object', bucket: IMAGES, key: 7 }],
        ...[vscode.Uri.file('/etc/passwd'), vscode.Uri.parse(`s3://${IMAGES}/image1.png`)],
        ...[{ scheme: 'bucket-brigade', path: '/report/x/y', fsPath: '' }, () => 'f', new Map()],
        ...[told, { ...told, kind: 'object', id: 'x', parent: {} }],
      ];
      for (const [index, one] of junk.entries()) {
        const what = `${id} with junk ${index}`;
        await dismissed(vscode.commands.executeCommand(id, one), what);
        await dismissed(vscode.commands.executeCommand(id, one, [one, told], told), what);
      }
      assertNoneThrew(id);
      assert.deepEqual(await world(), unchanged);
    });
  }

  for (const id of ids.filter(sandboxCommands)) {
    it(`${id} survives all of it`, async () => {
      for (const args of [[], [null], [rows['image']], [7], [{}], [FOCUSED]]) {
        await dismissed(click(id, ...args), `${id} with ${JSON.stringify(args)}`);
      }
      assertNoneThrew(id);
    });
  }
});
