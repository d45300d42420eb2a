import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { AwsClients } from '../../src/aws/clients.ts';
import { LAB_NUMBER } from '../../src/sandbox/lab/seedLab.ts';
import { WorkerHost } from '../../src/vscode/hostedWorker/workerHost.ts';
import { ROOT } from '../support/paths.ts';
import { clientsOf } from '../support/runningSandbox.ts';
import { startS3Proxy } from '../support/s3Proxy.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';
import { sessionAt, sessionOf } from '../support/workerWorld.ts';

const BUCKET = `images-${LAB_NUMBER}`;

describe('unfinished tasks', () => {
  let workbench: Workbench;
  let clients: AwsClients;
  let tasks: string;

  beforeAll(async () => {
    workbench = await openWorkbench();
    await workbench.startSandbox();
    clients = await clientsOf(workbench.sandboxFolder);
    tasks = journalOf(path.dirname(workbench.workspaceFolder));
  });
  afterAll(async () => {
    clients.destroy();
    await workbench.close();
  });

  /** What a window leaves that is closed while the first part is uploaded. */
  async function interrupt(key: string): Promise<void> {
    const uploading = Promise.withResolvers<undefined>();
    const proxy = await startS3Proxy(clients.endpoint ?? '', ({ path: address }) => {
      if (!address.includes('partNumber=')) return 'pass';
      uploading.resolve(undefined);
      return new Promise<never>(() => undefined);
    });
    const { accountId, config } = clients;
    const program = path.join(ROOT, 'dist', 'worker.js');
    const window = new WorkerHost({ program, root: tasks, onLog: line => console.log(line) });
    const session = { ...sessionOf(clients), ...pick(sessionAt(proxy, config.credentials)) };
    const all = { prefixes: [''], filter: {}, versions: 'current' } as const;
    const run = window.run(
      { ...session, key: `sandbox/${accountId}` },
      {
        name: 'createManifest',
        title: `Create Manifest ${key}`,
        input: { selection: { kind: 'listing', bucket: BUCKET, ...all }, bucket: BUCKET, key },
      },
    );
    await uploading.promise;
    window.dispose();
    await expect(run).rejects.toMatchObject({ code: 'Cancelled' });
  }

  test('of a window that was closed are continued or discarded', async () => {
    const [continued, discarded] = ['continued.csv', 'discarded.csv'];
    await interrupt(continued);
    await interrupt(discarded);
    await workbench.page.reload();
    await workbench.row('images-').waitFor();
    const message = await workbench.message(`“Create Manifest ${continued}” was interrupted.`);
    await workbench.screenshots('unfinished-task');
    await message.getByRole('button', { name: 'Continue' }).click();
    await vi.waitFor(
      () => clients.s3().send(new HeadObjectCommand({ Bucket: BUCKET, Key: continued })),
      { timeout: 60_000, interval: 200 },
    );
    const other = await workbench.message(`“Create Manifest ${discarded}” was interrupted.`);
    await other.getByRole('button', { name: 'Discard' }).click();
    await vi.waitFor(() => expect(readdirSync(tasks)).toEqual([]), 60_000);
    const head = new HeadObjectCommand({ Bucket: BUCKET, Key: discarded });
    await expect(clients.s3().send(head)).rejects.toMatchObject({ name: 'NotFound' });
  });
});

function pick({ clients }: { clients: AwsClients }) {
  return { clients };
}

/** Where VS Code's server keeps what the extension stores for all windows. */
function journalOf(folder: string): string {
  const places = [path.join('user', 'User'), path.join('server', 'data', 'User')];
  const storages = places.map(place => path.join(folder, place, 'globalStorage'));
  const storage = storages.find(place => existsSync(place)) ?? storages[0]!;
  return path.join(storage, 'bucket-brigade.bucket-brigade', 'tasks');
}
