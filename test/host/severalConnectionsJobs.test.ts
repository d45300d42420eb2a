import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { describeJob, runJob } from '../../src/aws/batchJobs/batchJobs.ts';
import { createJob } from '../../src/aws/batchJobs/createJob.ts';
import type { Job } from '../../src/aws/batchJobs/job.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { readManifest } from '../../src/aws/manifest/manifest.ts';
import { showEnd } from '../../src/jobs/showEnd.ts';
import { JobFollowings } from '../../src/jobs/following/jobFollowings.ts';
import { WatchedJobs } from '../../src/jobs/following/watchedJobs.ts';
import { JobLists } from '../../src/jobs/jobLists.ts';
import { JobsTree } from '../../src/jobs/view/jobsTree.ts';
import type { Row } from '../../src/jobs/view/rows.ts';
import type { Session } from '../../src/services.ts';
import {
  messageWithOwner,
  setShownConnections,
  titleWithOwner,
} from '../../src/vscode/ownerLabel.ts';
import { startSandboxClients } from '../support/sandboxClients.ts';
import { eventually } from './eventually.ts';
import { MemoryState, shown } from './explorerFixture.ts';
import { LAB } from './hostSandbox.ts';
import { SeveralConnections, sessionOn, startLab } from './severalConnectionsFixture.ts';

/** Of the connection's own Region, as at an address of its own. */
const REGIONS = { of: ({ clients }: Session) => Promise.resolve([clients.region]) };

describe('batch jobs of several connections', function () {
  this.timeout(90_000);
  const labs: Awaited<ReturnType<typeof startLab>>[] = [];
  let sessions: readonly [Session, Session];

  before(async () => {
    for (let at = 0; at < 2; at++) labs.push(await startLab());
    const [one, two] = await Promise.all(
      labs.map((lab, at) => sessionOn(at === 0 ? 'one' : 'two', lab)),
    );
    sessions = [one!, two!];
  });
  after(async () => {
    setShownConnections(undefined, []);
    for (const lab of labs) await lab.close();
  });

  /** @param clientRequestToken of its own for a job that runs: a test that is repeated would get it again */
  async function newJob(
    { clients }: Session,
    description: string,
    clientRequestToken = description,
  ): Promise<string> {
    const manifest = await readManifest(clients.s3(), {
      bucket: `assets-${LAB}`,
      key: 'manifest.csv',
    });
    const { jobId } = await createJob(clients, {
      ...{ manifest, description, priority: 10, clientRequestToken },
      operation: { name: 'S3PutObjectTagging', tags: [{ key: 'a', value: 'b' }] },
      roleArn: `arn:aws:iam::${clients.accountId}:role/S3BatchPutRole`,
      report: { bucket: `assets-${LAB}`, scope: 'AllTasks' },
    });
    await until(clients, jobId, 'Suspended');
    return jobId;
  }

  async function until(clients: AwsClients, jobId: string, status: string): Promise<Job> {
    for (;;) {
      const job = await describeJob(clients, { jobId });
      if (job.status === status) return job;
      await sleep(50);
    }
  }

  const labelsOf = async (tree: JobsTree, rows: readonly Row[]): Promise<string[]> =>
    await Promise.all(rows.map(async row => shown(await tree.getTreeItem(row))));

  it('are below a row of each, which names its account; below one alone they are as ever', async () => {
    const connections = new SeveralConnections(sessions.slice(0, 1));
    const lists = new JobLists(connections, [], REGIONS);
    const tree = new JobsTree(lists, connections);
    await newJob(sessions[0], 'of one');
    const jobId = await newJob(sessions[1], 'of two');
    const alone = await tree.getChildren();
    assert.deepEqual(
      (await labelsOf(tree, alone)).map(label => label.split(' | ')[0]),
      ['of one'],
    );
    assert.equal(tree.getParent(alone[0]!), undefined);

    connections.set(sessions);
    const roots = await tree.getChildren();
    assert.deepEqual(
      roots.map(({ kind }) => kind),
      ['connection', 'connection'],
    );
    const below = await Promise.all(roots.map(async root => await tree.getChildren(root)));
    const [account, other] = sessions.map(({ identity }) => identity.accountId);
    assert.deepEqual(await labelsOf(tree, roots), [
      `one | ${account} · us-east-1 · default`,
      `two | ${other} · us-east-1`,
    ]);
    assert.deepEqual(
      below.map(rows => rows.map(row => 'session' in row && row.session)),
      [[sessions[0].key], [sessions[1].key]],
    );
    const [row] = below[1] ?? [];
    assert.ok(row?.kind === 'job');
    assert.deepEqual([row.jobId, tree.getParent(row)], [jobId, roots[1]]);
    // A click opens the job of its own account.
    assert.deepEqual((await tree.getTreeItem(row)).command?.arguments, [
      { jobId, region: 'us-east-1', session: sessions[1].key },
    ]);
    const facts = await tree.getChildren(row);
    assert.equal((await labelsOf(tree, facts))[0], 'Status | Awaiting confirmation');
    assert.equal(await tree.rowOf({ jobId, session: sessions[1].key }), row);
    assert.equal(await tree.rowOf({ jobId, session: sessions[0].key }), undefined);

    connections.set(sessions.slice(1));
    const left = await tree.getChildren();
    assert.deepEqual(
      left.map(one => one.kind === 'job' && one.jobId),
      [jobId],
    );
    tree.dispose();
    lists.dispose();
  });

  it('say below their connection that there are none, or why they can’t be read', async () => {
    const empty = await startSandboxClients();
    const session = await sessionOn('empty', empty);
    const connections = new SeveralConnections([session, sessions[1]]);
    const lists = new JobLists(connections, [], REGIONS);
    const tree = new JobsTree(lists, connections);
    const [root, another] = await tree.getChildren();
    assert.deepEqual(await labelsOf(tree, await tree.getChildren(root)), ['No batch jobs']);
    lists.filter(['Cancelled']);
    const filtered = await labelsOf(tree, await tree.getChildren(root));
    assert.deepEqual(filtered, ['No jobs match the filter']);
    lists.filter([]);
    await empty.close();
    const [failed, ...rest] = await tree.getChildren(root);
    assert.deepEqual(rest, []);
    assert.match((await labelsOf(tree, [failed!]))[0] ?? '', /reached.*Click to retry/);
    assert.equal((await tree.getChildren(another)).length > 0, true);
    tree.dispose();
    lists.dispose();
  });

  it('are followed to their ends, and each end is told for its account', async () => {
    const connections = new SeveralConnections(sessions);
    const lists = new JobLists(connections, [], REGIONS);
    const watched = new WatchedJobs(new MemoryState());
    const log = vscode.window.createOutputChannel('Several', { log: true });
    const [opened, seen] = [new vscode.EventEmitter<Session>(), new vscode.EventEmitter()];
    const ended: [string, string][] = [];
    const following = new JobFollowings({
      ...{ connections, lists, watched, log, onDidOpen: opened.event },
      view: {
        visible: false,
        onDidChangeVisibility: seen.event as vscode.Event<vscode.TreeViewVisibilityChangeEvent>,
        showTrouble: () => undefined,
      },
      announce: (job, session) => ended.push([session.key, job.jobId]),
    });
    const expected: [string, string][] = [];
    for (const session of sessions) {
      const jobId = await newJob(session, `runs for ${session.key}`, randomUUID());
      await watched.add(session, { jobId, region: session.clients.region });
      await runJob(session.clients, { jobId });
      expected.push([session.key, jobId]);
      following.nudge(session);
    }
    await eventually(() => assert.deepEqual(ended.sort(), expected.sort()));
    for (const part of [following, lists, log, opened, seen]) part.dispose();
  });

  it('name the account in messages and questions while several are open, and only then', async () => {
    const [one, two] = sessions;
    const { accountId } = two.identity;
    setShownConnections(one.connection, [one.connection]);
    assert.deepEqual(
      [messageWithOwner(two, 'Done.'), titleWithOwner(two, 'Run Job')],
      ['Done.', 'Run Job'],
    );
    setShownConnections(one.connection, [one.connection, two.connection]);
    assert.equal(titleWithOwner(two, 'Run Job'), `Run Job · two (account ${accountId})`);
    const said: string[] = [];
    const { showInformationMessage } = vscode.window;
    const say = (text: string): Promise<undefined> => {
      said.push(text);
      return Promise.resolve(undefined);
    };
    Object.assign(vscode.window, { showInformationMessage: say });
    try {
      const jobId = await newJob(two, 'told', randomUUID());
      await runJob(two.clients, { jobId });
      await showEnd(await until(two.clients, jobId, 'Complete'), two);
    } finally {
      Object.assign(vscode.window, { showInformationMessage });
    }
    assert.deepEqual(said, [
      `two (account ${accountId}): Batch job “told” is complete: 5 objects.`,
    ]);
  });
});
