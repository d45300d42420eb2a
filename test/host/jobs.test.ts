import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { describeJob, listJobs } from '../../src/aws/batchJobs/batchJobs.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import type { Job } from '../../src/aws/batchJobs/job.ts';
import { readLineage } from '../../src/aws/batchJobs/lineage.ts';
import { readManifest } from '../../src/aws/manifest/manifest.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { getObjectTags } from '../../src/aws/objects/tags.ts';
import type { CreateTaggingJobArguments } from '../../src/commands.ts';
import { manifestDocument } from '../../src/jobs/create/manifestFacts.ts';
import { assertUsable } from '../../src/jobs/create/readManifest.ts';
import { eventually } from './eventually.ts';
import { LAB, run, startHostSandbox, untilJob } from './hostSandbox.ts';

const IMAGES = `images-${LAB}`;
const ASSETS = `assets-${LAB}`;

describe('batch jobs', function () {
  this.timeout(90_000);
  let clients: AwsClients;
  let role: string;

  before(async () => {
    clients = await startHostSandbox();
    role = `arn:aws:iam::${clients.accountId}:role/S3BatchPutRole`;
  });
  after(() => clients.destroy());

  function job(more: Partial<CreateTaggingJobArguments> = {}): CreateTaggingJobArguments {
    return {
      manifest: { bucket: ASSETS, key: 'manifest.csv' },
      tags: [{ key: 'phototype', value: 'finished' }],
      roleArn: role,
      report: { bucket: ASSETS, scope: 'AllTasks' },
      skipConfirmation: true,
      ...more,
    };
  }

  async function create(more?: Partial<CreateTaggingJobArguments>): Promise<string> {
    const jobId = await run('bucketBrigade.jobs.createTaggingJob', job(more));
    assert.equal(typeof jobId, 'string', 'no job was created');
    return jobId as string;
  }

  const until = (jobId: string, fits: (job: Job) => boolean) => untilJob(clients, jobId, fits);

  it('wait for their confirmation with the number of their objects', async () => {
    const found = await until(await create(), ({ status }) => status === 'Suspended');
    assert.equal(found.total, 5);
    assert.equal(found.priority, 10);
    assert.deepEqual(found.tags, [{ key: 'phototype', value: 'finished' }]);
    assert.equal(found.roleArn, role);
  });

  it('run to their end, tag the objects and report it in a table', async () => {
    const jobId = await create({ description: 'Lab | task 2' });
    await run('bucketBrigade.jobs.run', { jobId, skipConfirmation: true });
    const done = await until(jobId, ({ status }) => status === 'Complete');
    assert.deepEqual([done.succeeded, done.failed], [5, 0]);
    const s3 = await clients.s3ForBucket(IMAGES);
    assert.deepEqual(await getObjectTags(s3, { bucket: IMAGES, key: 'image1.png' }), [
      { key: 'phototype', value: 'finished' },
    ]);
    await run('bucketBrigade.jobs.openReport', { jobId });
    await untilReport('Report of Lab | task 2');
    // The same again brings it to the front.
    await run('bucketBrigade.jobs.openReport', { jobId });
    await untilReport('Report of Lab | task 2');
    await csvOf(jobId);
  });

  /** The title of the only editor with a report. */
  function reportTab(): string | undefined {
    const tabs = vscode.window.tabGroups.all.flatMap(({ tabs: all }) => all);
    const reports = tabs.filter(
      ({ input }) =>
        input instanceof vscode.TabInputWebview && input.viewType.endsWith('bucketBrigade.report'),
    );
    assert.ok(reports.length < 2, 'there are several');
    return reports[0]?.label;
  }

  /** VS Code tells of new editors a little later. */
  const untilReport = (title: string): Promise<void> =>
    eventually(() => assert.equal(reportTab(), title));

  async function csvOf(jobId: string): Promise<void> {
    await run('bucketBrigade.jobs.openReportCsv', { jobId });
    const csv = vscode.window.activeTextEditor?.document;
    assert.equal(csv?.uri.scheme, 's3');
    const rows = csv.getText().trimEnd().split(/\r?\n/);
    assert.equal(rows.length, 5);
    assert.ok(rows.includes(`${IMAGES},image1.png,,succeeded,200,,Successful`), rows.join('\n'));
    assert.equal(csv.isDirty, false);
  }

  it('are cancelled, and then cannot run', async () => {
    const jobId = await create();
    await until(jobId, ({ status }) => status === 'Suspended');
    await run('bucketBrigade.jobs.cancel', { jobId, skipConfirmation: true });
    await until(jobId, ({ status }) => status === 'Cancelled');
    await run('bucketBrigade.jobs.run', { jobId, skipConfirmation: true });
    assert.equal((await describeJob(clients, { jobId })).status, 'Cancelled');
  });

  it('get another priority', async () => {
    const jobId = await create({ priority: 3 });
    await until(jobId, ({ status }) => status === 'Suspended');
    await run('bucketBrigade.jobs.changePriority', { jobId, priority: 77 });
    assert.equal((await describeJob(clients, { jobId })).priority, 77);
  });

  it('are changed, copied and cancelled as many as are selected', async () => {
    const ids = [await create({ priority: 3 }), await create({ priority: 4 })];
    for (const jobId of ids) await until(jobId, ({ status }) => status === 'Suspended');
    const [first = { jobId: '' }, ...others] = ids.map(jobId => ({ jobId }));
    const selection = [first, ...others];
    await run('bucketBrigade.jobs.changePriority', { ...first, priority: 55 }, selection);
    await run('bucketBrigade.jobs.copyJobId', first, selection);
    assert.equal(await vscode.env.clipboard.readText(), ids.join('\n'));
    await run('bucketBrigade.jobs.cancel', { ...first, skipConfirmation: true }, selection);
    for (const jobId of ids) {
      const found = await until(jobId, ({ status }) => status === 'Cancelled');
      assert.equal(found.priority, 55);
    }
  });

  it('of another connection or account are not acted on', async () => {
    const jobId = await create();
    await until(jobId, ({ status }) => status === 'Suspended');
    const session = 'profile%3Aprod/999999999999';
    await run('bucketBrigade.jobs.cancel', { jobId, session, skipConfirmation: true });
    await run('bucketBrigade.jobs.run', { jobId, session, skipConfirmation: true });
    assert.equal((await describeJob(clients, { jobId })).status, 'Suspended');
  });

  it('are called after what they do and on what', async () => {
    const { description } = await until(await create(), ({ status }) => status === 'Suspended');
    assert.equal(description, `Tag phototype=finished · ${ASSETS}/manifest.csv`);
  });

  it('have an id that can be copied', async () => {
    await run('bucketBrigade.jobs.copyJobId', { jobId: 'some-id' });
    assert.equal(await vscode.env.clipboard.readText(), 'some-id');
  });

  it('say why there is no report, and open none', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const jobId = await create({ report: false });
    await until(jobId, ({ status }) => status === 'Suspended');
    await run('bucketBrigade.jobs.openReport', { jobId });
    assert.equal(reportTab(), undefined);
  });

  it('fail in their report, not before, when the role may not tag', async () => {
    const key = 'manifest-elsewhere.csv';
    const s3 = await clients.s3ForBucket(ASSETS);
    await writeObject(s3, { bucket: ASSETS, key, body: `${ASSETS},manifest.csv\n` });
    const jobId = await create({ manifest: { bucket: ASSETS, key } });
    await run('bucketBrigade.jobs.run', { jobId, skipConfirmation: true });
    const done = await until(jobId, ({ status }) => status === 'Complete');
    assert.equal(done.failed, 1);
    // Denied again, but by a job that says whose retry it is.
    const retryId = await run('bucketBrigade.jobs.retryFailed', { jobId, skipConfirmation: true });
    assert.equal(typeof retryId, 'string', 'there is no retry');
    const retry = await until(String(retryId), ({ status }) => status === 'Complete');
    assert.deepEqual([retry.total, retry.failed, retry.tags], [1, 1, done.tags]);
    assert.equal(retry.description, `Retry 1 of ${done.description}`);
    const lineage = await readLineage(clients, { jobId: String(retryId) });
    assert.deepEqual(lineage, { parent: jobId, attempt: 2 });
    assert.equal((await readLineage(clients, { jobId })).retry, retryId);
  });

  const BAD: readonly (readonly [what: string, csv: string, said: RegExp])[] = [
    ['a header row', 'Bucket,Key\nimages,a\n', /^Row 1: .*header/],
    ['a key that is not encoded', 'images,a\nimages,50%.png\n', /^Row 2: .*isn’t URL-encoded/],
    ['a row with too few columns', 'images,a,1\nimages,b\n', /^Row 2: .*columns/],
    [
      'versions for some rows only',
      'images,a,3HL4kqtJlcpXroDTDmJArmSpXd3dIbrH\nimages,b,\n',
      /^Row 2: .*version ID/,
    ],
    ['a byte order mark', '\ufeffimages,a\n', /^Row 1: .*byte order mark/],
    ['nothing in it', '', /lists no objects/],
    ['a blank line', 'images,a\n\nimages,b\n', /^Row 2: .*blank/],
  ];

  for (const [what, csv, said] of BAD) {
    it(`are not made from a manifest with ${what}, which is said`, async () => {
      const before = (await listJobs(clients)).length;
      const place = { bucket: ASSETS, key: 'bad.csv' };
      const s3 = await clients.s3ForBucket(ASSETS);
      await writeObject(s3, { ...place, body: csv });
      const jobId = await run('bucketBrigade.jobs.createTaggingJob', job({ manifest: place }));
      assert.equal(jobId, undefined);
      assert.equal((await listJobs(clients)).length, before);
      const read = await readManifest(s3, place);
      assert.throws(
        () => assertUsable(read),
        ({ message }: Error) => said.test(message),
        JSON.stringify(read.problems),
      );
      const shown = manifestDocument(read);
      assert.match(shown, /\| 1 \| error \| /);
      const row = /Row (\d)/.exec(said.source)?.[1] ?? '';
      assert.ok(shown.includes(`\n| ${row} | `), shown);
    });
  }

  it('are made from a manifest that only warns, when nothing is to be asked', async () => {
    const place = { bucket: ASSETS, key: 'two-buckets.csv' };
    const s3 = await clients.s3ForBucket(ASSETS);
    await writeObject(s3, { ...place, body: `${IMAGES},image1.png\n${ASSETS},manifest.csv\n` });
    const read = await readManifest(s3, place);
    assert.deepEqual(read.problemCounts, { severalBuckets: 1 });
    const found = await until(
      await create({ manifest: place }),
      ({ status }) => status === 'Suspended',
    );
    assert.equal(found.total, 2);
  });

  for (const [what, tags] of [
    ['eleven tags', Array.from({ length: 11 }, (_, at) => ({ key: `k${at}`, value: '' }))],
    [
      'one key twice',
      [
        { key: 'a', value: '1' },
        { key: 'a', value: '2' },
      ],
    ],
    ['a key of 129 characters', [{ key: 'k'.repeat(129), value: '' }]],
    ['a forbidden character', [{ key: 'a', value: 'b;c' }]],
  ] as const) {
    it(`are not made with ${what}`, async () => {
      const before = (await listJobs(clients)).length;
      assert.equal(await run('bucketBrigade.jobs.createTaggingJob', job({ tags })), undefined);
      assert.equal((await listJobs(clients)).length, before);
    });
  }

  it('are not made from a manifest that is not there', async () => {
    const manifest = { bucket: ASSETS, key: 'no-such.csv' };
    assert.equal(await run('bucketBrigade.jobs.createTaggingJob', job({ manifest })), undefined);
  });

  it('tell AWS’s reason when the role is not there', async () => {
    const roleArn = `arn:aws:iam::${clients.accountId}:role/NoSuchRole`;
    const jobId = await run('bucketBrigade.jobs.createTaggingJob', job({ roleArn }));
    if (jobId === undefined) return;
    // AWS checks iam:PassRole at once; where it does not look at the role, the job fails by itself.
    for (;;) {
      const found = await describeJob(clients, { jobId: jobId as string, justCreated: true });
      assert.notEqual(found.status, 'Suspended');
      if (found.status === 'Failed') {
        assert.equal(found.failureReasons.length, 1);
        return;
      }
      await sleep(100);
    }
  });
});
