import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { listJobs, runJob } from '../../src/aws/batchJobs/batchJobs.ts';
import { createClients, type AwsClients } from '../../src/aws/clients.ts';
import { identify } from '../../src/aws/identify.ts';
import { createJob } from '../../src/aws/batchJobs/createJob.ts';
import { BrigadeError } from '../../src/aws/errors.ts';
import type { Job } from '../../src/aws/batchJobs/job.ts';
import { readManifest } from '../../src/aws/manifest/manifest.ts';
import { JobFollowings } from '../../src/jobs/following/jobFollowings.ts';
import { JobLists } from '../../src/jobs/jobLists.ts';
import { JobsTree } from '../../src/jobs/view/jobsTree.ts';
import { WatchedJobs } from '../../src/jobs/following/watchedJobs.ts';
import type { SandboxProcess } from '../../src/connections/sandboxProcess.ts';
import type { ConnectionChange, Services, Session } from '../../src/services.ts';
import { startCuttableProxy, type CuttableProxy } from '../support/cuttableProxy.ts';
import { configOf, LAB, startSandboxIn } from './hostSandbox.ts';

const TAGS = [{ key: 'phototype', value: 'finished' }];

/** A window's following, on a sandbox of the test's own behind a cable that can be pulled. */
describe('following jobs', function () {
  this.timeout(90_000);
  let folder: string;
  let sandbox: SandboxProcess;
  let proxy: CuttableProxy;
  let session: Session;
  let window: ReturnType<typeof openWindow>;
  /** What the session signs with; the sandbox refuses any other. */
  let keys: ReturnType<typeof configOf>['credentials'];
  /** What the workspace remembers from window to window. */
  let memory: Map<string, unknown>;
  const opened: AwsClients[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'bb-follow-'));
    sandbox = await startSandboxIn(folder, { lab: true, taskDelay: 400 });
    proxy = await startCuttableProxy(sandbox.address.endpoint);
    session = await sessionAt(proxy.endpoint);
    memory = new Map();
    window = openWindow();
  });

  afterEach(async () => {
    window.close();
    for (const clients of opened.splice(0)) clients.destroy();
    await proxy.close();
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function sessionAt(endpoint: string): Promise<Session> {
    keys = configOf(sandbox).credentials;
    // Asked before every request, as credentials are that are about to expire.
    const credentials = () => Promise.resolve({ ...keys, expiration: new Date() });
    const config = { ...configOf(sandbox), endpoint, credentials };
    const identity = await identify(configOf(sandbox));
    const clients = createClients(config, identity);
    const { region } = config;
    opened.push(clients);
    const connection = { id: 'test', label: 'Test', region, endpoint };
    return { key: 'test', connection, identity, clients };
  }

  function openWindow(visible = true) {
    const changed = new vscode.EventEmitter<ConnectionChange>();
    const shown = new vscode.EventEmitter<vscode.TreeViewVisibilityChangeEvent>();
    const seen = { troubles: [] as unknown[], told: [] as string[], ended: [] as Job[] };
    const connections: Services['connections'] = {
      get current() {
        return session.connection;
      },
      get opened() {
        return [session.connection];
      },
      onDidChange: new vscode.EventEmitter<void>().event,
      onDidChangeAny: changed.event,
      session: () => Promise.resolve(session),
    };
    const view = {
      visible,
      onDidChangeVisibility: shown.event,
      showTrouble: (_: string, error: unknown): void => {
        seen.troubles.push(error);
      },
    };
    const lists = new JobLists(connections, [], {
      of: () => Promise.resolve([session.clients.region]),
    });
    const list = lists.of({});
    const watched = new WatchedJobs({
      keys: () => [...memory.keys()],
      get: (key: string, otherwise?: unknown) => memory.get(key) ?? otherwise,
      update: (key: string, value: unknown) => {
        memory.set(key, value);
        return Promise.resolve();
      },
    } as vscode.Memento);
    const log = vscode.window.createOutputChannel('Following', { log: true });
    const sessionOpened = new vscode.EventEmitter<Session>();
    const following = new JobFollowings({
      ...{ connections, log, lists, view, watched },
      onDidOpen: sessionOpened.event,
      onError: error => seen.told.push(error.code),
      announce: job => seen.ended.push(job),
    });
    return {
      ...{ connections, list, lists, watched, following, seen, sessionOpened },
      change: (to: Session) => {
        session = to;
        changed.fire({ id: session.connection.id });
      },
      close: () => {
        for (const part of [following, lists, changed, shown, log, sessionOpened]) part.dispose();
      },
    };
  }

  async function startJob(): Promise<string> {
    const { clients } = await sessionAt(sandbox.address.endpoint);
    const s3 = clients.s3();
    const bucket = `assets-${LAB}`;
    const manifest = await readManifest(s3, { bucket, key: 'manifest.csv' });
    const { jobId } = await createJob(clients, {
      manifest,
      operation: { name: 'S3PutObjectTagging', tags: TAGS },
      roleArn: `arn:aws:iam::${clients.accountId}:role/S3BatchPutRole`,
      report: { bucket, scope: 'AllTasks' },
      priority: 10,
      clientRequestToken: `token-${Math.random()}`,
    });
    for (;;) {
      const [job] = await listJobs(clients);
      if (job?.status === 'Suspended') break;
      await sleep(50);
    }
    await runJob(clients, { jobId });
    return jobId;
  }

  async function until(what: string, condition: () => boolean): Promise<void> {
    const end = Date.now() + 40_000;
    while (!condition()) {
      assert.ok(Date.now() < end, `not seen: ${what}`);
      await sleep(50);
    }
  }

  it('goes to their end and then stops', async () => {
    const jobId = await startJob();
    await window.list.read();
    await until('the end', () => window.list.find({ jobId })?.status === 'Complete');
    assert.deepEqual(window.list.running, []);
    assert.deepEqual(window.seen.troubles.filter(Boolean), []);
    assert.deepEqual(window.seen.ended, [], 'a job of another window was announced');
  });

  it('survives a network that goes in the middle, saying so in the view only', async () => {
    const jobId = await startJob();
    await window.watched.add(session, { jobId, region: session.clients.region });
    await window.list.read();
    proxy.cut();
    await until('the trouble', () => window.seen.troubles.some(isNetwork));
    assert.deepEqual(window.seen.told, []);
    proxy.mend();
    await until('the end', () => window.seen.ended.length > 0);
    assert.equal(window.seen.troubles.at(-1), undefined, 'the trouble still stands');
    assert.deepEqual(window.seen.told, []);
    assert.equal(window.seen.ended[0]?.succeeded, 5);
  });

  it('tells once that credentials have expired, and goes on when they are new', async () => {
    const jobId = await startJob();
    await window.watched.add(session, { jobId, region: session.clients.region });
    await window.list.read();
    const good = keys;
    keys = { ...good, accessKeyId: 'AKIANOLONGERVALID123' };
    await until('two failures', () => window.seen.troubles.filter(Boolean).length > 1);
    assert.deepEqual(window.seen.told, ['CredentialsExpired']);
    keys = good;
    await until('the end', () => window.seen.ended.length > 0);
    assert.deepEqual(window.seen.told, ['CredentialsExpired']);
  });

  it('goes on in the next window when one is closed while a job runs', async () => {
    const jobId = await startJob();
    await window.watched.add(session, { jobId, region: session.clients.region });
    await window.list.read();
    window.close();
    window = openWindow();
    await window.list.read();
    await until('the end', () => window.seen.ended.length > 0);
    assert.deepEqual(
      window.seen.ended.map(job => job.jobId),
      [jobId],
    );
  });

  it('tells in the next window what ended meanwhile, though nobody looks at its view', async () => {
    const jobId = await startJob();
    await window.watched.add(session, { jobId, region: session.clients.region });
    window.close();
    window = openWindow(false);
    window.sessionOpened.fire(session);
    await until('the end', () => window.seen.ended.length > 0);
    assert.deepEqual(
      window.seen.ended.map(job => job.jobId),
      [jobId],
    );
  });

  it('shows nothing of the account before after a change', async () => {
    await startJob();
    await window.list.read();
    const late = window.list.read();
    const other = await mkdtemp(path.join(tmpdir(), 'bb-other-'));
    const second = await startSandboxIn(other, { lab: false, taskDelay: 0 });
    try {
      const before = session;
      window.change({ ...before, clients: createClients(configOf(second), before.identity) });
      assert.equal(window.list.jobs, undefined);
      await late.catch(() => undefined);
      assert.equal(window.list.jobs, undefined, 'an answer from before the change was taken');
      await window.list.read();
      assert.deepEqual(window.list.jobs, []);
      session.clients.destroy();
    } finally {
      await second.stop();
      await rm(other, { recursive: true, force: true });
    }
  });

  it('shows a hundred and more on demand, and keeps the rows it has', async () => {
    const { clients } = session;
    const bucket = `assets-${LAB}`;
    const manifest = await readManifest(clients.s3(), { bucket, key: 'manifest.csv' });
    for (let at = 0; at < 105; at++) {
      await createJob(clients, {
        manifest,
        operation: { name: 'S3PutObjectTagging', tags: TAGS },
        roleArn: `arn:aws:iam::${clients.accountId}:role/S3BatchPutRole`,
        priority: 10,
        clientRequestToken: `page-${at}`,
      });
    }
    const tree = new JobsTree(window.lists, window.connections);
    const rows = await tree.getChildren();
    assert.equal(rows.length, 101);
    assert.equal((await tree.getTreeItem(rows[100]!)).description, '5 older jobs');
    window.list.loadMore();
    // VS Code keeps a selection for as long as the rows are the same.
    for (const reading of ['shown', 'read again']) {
      const more = await tree.getChildren();
      assert.equal(more.length, 105, reading);
      assert.ok(
        rows.slice(0, 100).every((row, at) => row === more[at]),
        reading,
      );
      await window.list.read();
    }
    tree.dispose();
  });

  it('reads only what a filter lets through, but follows what runs', async () => {
    const jobId = await startJob();
    window.list.filter(['Complete']);
    await window.list.read();
    assert.deepEqual(window.list.jobs, []);
    assert.equal(window.list.running[0]?.jobId, jobId);
    await until('the end', () => window.list.jobs?.[0]?.jobId === jobId);
  });
});

function isNetwork(error: unknown): boolean {
  return error instanceof BrigadeError && error.code === 'Network';
}
