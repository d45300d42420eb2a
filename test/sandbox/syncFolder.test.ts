import { PutObjectCommand } from '@aws-sdk/client-s3';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, utimes } from 'node:fs/promises';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/aws/clients.ts';
import { InterruptedWork } from '../../src/aws/interruption.ts';
import { listObjects } from '../../src/aws/objects/listing.ts';
import { compareFolder } from '../../src/aws/sync/compareFolder.ts';
import { readPlan } from '../../src/aws/sync/planFile.ts';
import { syncFolder } from '../../src/aws/sync/syncFolder.ts';
import {
  isIncluded,
  type CompareFolderInput,
  type PlanItem,
  type SyncSummary,
} from '../../src/aws/sync/syncPlan.ts';
import { KeptJournal } from './transferWorld.ts';
import { startS3Proxy } from '../support/s3Proxy.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { cliInstalled, environment } from './pythonClients.ts';
import { isPosix, modesCount } from '../support/posix.ts';

const exec = promisify(execFile);
const RULES = { windows: false, ignoreCase: false };
const PREFIX = 'p +%2F/';
/** Each a name that a file of Linux and a key can have. */
const AWKWARD = [
  ...['plain', 'a b', ' lead', 'trail ', 'a+b', 'a%2Fb', 'a-b', 'a/b', 'a.b', 'a0', 'é', 'e\u0301'],
  ...['😀', '\uffee', 'line\nbreak', 'u\u2028v', '.hidden', '-dash', '~tilde', 'x'.repeat(255)],
  ...['deep/er/and/deeper', 'deep-er', 'deep/er-', 'quote"\'', '$(echo)', '&amp;', '#', '?', '*'],
];

let on: SandboxClients;
let folder: string;
let bucket: string;
beforeAll(async () => {
  on = await startSandboxClients();
});
afterAll(() => on.close());
beforeEach(async () => {
  bucket = await on.bucket();
  folder = await mkdtemp(join(tmpdir(), 'bb-sync-'));
  return () => rm(folder, { recursive: true, force: true });
});

const local = (path: string): string => join(folder, 'dir', ...path.split('/'));

/** A minute old, unless told otherwise: S3 drops the fractions of seconds. */
async function write(path: string, body = path, time?: Date): Promise<void> {
  await mkdir(dirname(local(path)), { recursive: true });
  await writeFile(local(path), body);
  const then = time ?? new Date(Date.now() - 60_000);
  await utimes(local(path), then, then);
}

async function put(path: string, Body = path): Promise<void> {
  await on.clients.s3().send(new PutObjectCommand({ Bucket: bucket, Key: PREFIX + path, Body }));
}

async function keys(): Promise<Map<string, Date>> {
  const input = { bucket, prefix: PREFIX, delimiter: '' };
  const { objects } = await listObjects(on.clients.s3(), input);
  return new Map(
    objects.map(({ key, lastModified }) => [key.slice(PREFIX.length), lastModified ?? new Date(0)]),
  );
}

type Compared = SyncSummary & { readonly plan: PlanItem[]; readonly input: CompareFolderInput };

async function compare(
  direction: CompareFolderInput['direction'],
  more: Partial<CompareFolderInput> = {},
): Promise<Compared> {
  const input: CompareFolderInput = {
    ...{ direction, bucket, prefix: PREFIX, folder: join(folder, 'dir') },
    ...{ comparison: 'time', rules: RULES, planFile: join(folder, 'plan') },
    ...more,
  };
  const summary = await compareFolder(on.clients, input, {});
  const plan: PlanItem[] = [];
  for await (const item of readPlan(input.planFile)) plan.push(item);
  return { ...summary, plan, input };
}

async function sync(direction: CompareFolderInput['direction'], isDeleting = false) {
  return await run(await compare(direction), isDeleting);
}

/** What of a plan is meant, with a journal of its own. */
async function run(
  { plan, input }: Compared,
  isDeleting = false,
  { clients = on.clients, journal }: { clients?: AwsClients; journal?: FolderJournal } = {},
) {
  const items = plan.filter(item => isIncluded(item, isDeleting));
  const total = { items: items.length, bytes: 0 };
  const agreed = { ...input, isDeleting, total, restFile: join(folder, 'rest'), most: 4 };
  const own = journal ?? (await FolderJournal.make());
  return await syncFolder(clients, agreed, own, {});
}

class FolderJournal extends KeptJournal {
  readonly folder: string;

  private constructor(path: string) {
    super();
    this.folder = path;
  }

  static async make(): Promise<FolderJournal> {
    return new FolderJournal(await mkdtemp(join(folder, 'task-')));
  }
}

const paths = (plan: readonly PlanItem[], action: PlanItem['action']): string[] =>
  plan.flatMap(item => (item.action === action ? [item.path] : []));

/** Both sides with every awkward name, some of them newer, some longer, some missing. */
async function fill(): Promise<void> {
  for (const path of AWKWARD) await put(path);
  const times = await keys();
  for (const [at, path] of AWKWARD.entries()) {
    const time = times.get(path)?.getTime() ?? 0;
    if (at % 6 === 0) continue;
    if (at % 6 === 1) await write(path, `${path} is longer`);
    else await write(path, path, new Date(time + [0, 0, -5000, 5000, 0, 1000][at % 6]!));
  }
  for (const path of ['only here', 'a/only here', 'zz/only/here']) await write(path);
  for (const path of ['only there', 'a/only there', 'a-only']) await put(path);
  await on.clients
    .s3()
    .send(new PutObjectCommand({ Bucket: bucket, Key: `${PREFIX}marker/`, Body: '' }));
}

/** What the CLI would do, a line for each file, as it says it. */
async function cli(direction: 'up' | 'down', ...flags: string[]): Promise<string[]> {
  const places = ['dir', `s3://${bucket}/${PREFIX}`];
  if (direction === 'down') places.reverse();
  const { stdout } = await exec('aws', ['s3', 'sync', ...places, '--dryrun', ...flags], {
    ...{ cwd: folder, maxBuffer: 10 ** 7 },
    env: { ...environment(on.sandbox), PYTHONIOENCODING: 'utf-8', PYTHONUTF8: '1' },
  });
  return stdout.trimEnd().split('\n').sort();
}

/** Our plan in the words of the CLI. */
function asCli({ plan, input }: Compared, isDeleting: boolean): string[] {
  const isUp = input.direction === 'up';
  const said = plan.flatMap(({ action, path }) => {
    const [file, object] = [`dir/${path}`, `s3://${bucket}/${PREFIX}${path}`];
    if (action === 'delete') return isDeleting ? [`(dryrun) delete: ${isUp ? object : file}`] : [];
    return isUp
      ? [`(dryrun) upload: ${file} to ${object}`]
      : [`(dryrun) download: ${object} to ${file}`];
  });
  return said.join('\n').split('\n').sort();
}

describe.skipIf(!cliInstalled)('a sync compares as the aws CLI does', { timeout: 120_000 }, () => {
  it('up, and down, by size and time', async () => {
    await fill();
    expect(asCli(await compare('up'), false)).toEqual(await cli('up'));
    expect(asCli(await compare('up'), true)).toEqual(await cli('up', '--delete'));
    expect(asCli(await compare('down'), false)).toEqual(await cli('down'));
    expect(asCli(await compare('down'), true)).toEqual(await cli('down', '--delete'));
  });

  it('by size only, and down by the exact time', async () => {
    await fill();
    const bySize = { comparison: 'sizeOnly' } as const;
    expect(asCli(await compare('up', bySize), false)).toEqual(await cli('up', '--size-only'));
    expect(asCli(await compare('down', bySize), false)).toEqual(await cli('down', '--size-only'));
    const exact = { comparison: 'exactTime' } as const;
    const flag = '--exact-timestamps';
    expect(asCli(await compare('up', exact), false)).toEqual(await cli('up', flag));
    expect(asCli(await compare('down', exact), false)).toEqual(await cli('down', flag));
  });

  it('leaves nothing for it to do, either way', async () => {
    for (const path of AWKWARD) await write(path);
    for (const path of ['only there', 'a/only there', 'a-only']) await put(path);
    expect(await sync('up', true)).toMatchObject({ failed: [], left: 0 });
    expect(await cli('up', '--delete')).toEqual(['']);
    await rm(join(folder, 'dir'), { recursive: true });
    await mkdir(join(folder, 'dir'));
    expect(await sync('down')).toMatchObject({ failed: [], left: 0 });
    expect(await cli('down', '--delete', '--exact-timestamps')).toEqual(['']);
    expect(await cli('up', '--delete')).toEqual(['']);
  });
});

describe('a sync', () => {
  it('goes both ways with every awkward name, and then has nothing to do', async () => {
    for (const path of AWKWARD) await write(path);
    const up = await compare('up');
    expect(up.created.count).toBe(AWKWARD.length);
    expect(await sync('up')).toMatchObject({ failed: [], left: 0 });
    expect(new Set((await keys()).keys())).toEqual(new Set(AWKWARD));
    expect((await compare('up')).plan).toEqual([]);
    await rm(join(folder, 'dir'), { recursive: true });
    await mkdir(join(folder, 'dir'));
    expect(await sync('down')).toMatchObject({ failed: [], left: 0 });
    for (const path of AWKWARD) expect(await readFile(local(path), 'utf8')).toBe(path);
    const times = await keys();
    expect((await stat(local('plain'))).mtimeMs).toBe(times.get('plain')?.getTime());
    const down = await compare('down', { comparison: 'exactTime' });
    expect([down.plan, down.same.count]).toEqual([[], AWKWARD.length]);
  });

  it('never leaves the folder, whatever the keys, and says what it left out', async () => {
    await mkdir(join(folder, 'dir'));
    for (const path of ['../up', 'a/../../up', '/abs', 'a//b', '.', '..', 'a/.', 'x'.repeat(300)]) {
      await put(path);
    }
    for (const path of ['file', 'file/below', 'file-', 'file/below/more', 'nul\u0000', 'b\\c']) {
      await put(path).catch(() => undefined);
    }
    const { plan, skipped } = await compare('down');
    expect(paths(plan, 'copy').sort()).toEqual(['file', 'file-']);
    const reasons = new Map(skipped.first.map(({ path, reason }) => [path, reason]));
    expect(reasons.get('../up')).toBe('noFileName');
    expect(reasons.get('a//b')).toBe('noFileName');
    expect(reasons.get('file/below')).toBe('fileInTheWay');
    expect(reasons.get('file/below/more')).toBe('fileInTheWay');
    expect(await sync('down')).toMatchObject({ failed: [], left: 0 });
  });

  it('does not take two keys for one file where capitals do not count', async () => {
    for (const path of ['A.txt', 'a.txt', 'b.txt']) await put(path);
    await write('B.TXT');
    await write('other.txt');
    const rules = { windows: true, ignoreCase: true };
    const { plan, skipped } = await compare('down', { rules });
    expect(paths(plan, 'copy')).toEqual(['A.txt', 'b.txt']);
    expect(skipped.first).toEqual([{ path: 'a.txt', reason: 'sameName' }]);
    expect(paths(plan, 'delete')).toEqual(['other.txt']);
  });

  it.runIf(isPosix)(
    'follows links inside the folder, none in a circle, and none out of it',
    async () => {
      await write('real/file');
      await write('plain');
      await symlink(local('real'), local('linked'));
      await symlink('plain', local('same'));
      await symlink('.', local('real/circle'));
      await symlink('/etc', local('outside'));
      await symlink('nowhere', local('broken'));
      await put('outside/hosts');
      const { plan, skipped } = await compare('up');
      expect(paths(plan, 'copy')).toEqual(['linked/file', 'plain', 'real/file', 'same']);
      // What could not be read is not known to be gone.
      expect(paths(plan, 'delete')).toEqual([]);
      expect(skipped.first.map(({ path }) => path).sort()).toEqual([
        ...['broken', 'linked/circle', 'outside', 'real/circle'],
      ]);
      expect(await sync('up', true)).toMatchObject({ failed: [] });
      expect([...(await keys()).keys()]).toContain('outside/hosts');
      const refused = await sync('down');
      const codes = refused.failed.map(({ item, error }) => [item.path, error.code]);
      expect(codes.sort()).toEqual([
        ...['linked/file', 'outside/hosts', 'same'].map(path => [path, 'LinkInTheWay']),
      ]);
    },
  );

  it.runIf(modesCount)('deletes nothing below what it may not read', async () => {
    await write('closed/file');
    await put('closed/file');
    await put('gone');
    await chmod(local('closed'), 0);
    const { plan, skipped } = await compare('up');
    await chmod(local('closed'), 0o700);
    expect(paths(plan, 'delete')).toEqual(['gone']);
    expect(skipped.first).toEqual([{ path: 'closed', reason: 'unreadable' }]);
  });

  it.each(['up', 'down'] as const)(
    'that is interrupted on the way %s goes on with the file that it was at',
    async direction => {
      const large = randomBytes(20 * 1024 ** 2);
      for (let at = 0; at < 1010; at++) await write(`s${at.toString().padStart(4, '0')}`);
      await write('t/large');
      await writeFile(local('t/large'), large);
      if (direction === 'down') {
        await sync('up');
        await rm(join(folder, 'dir'), { recursive: true });
        await mkdir(join(folder, 'dir'));
      } else await put('gone');
      const asked: string[] = [];
      let isCut = true;
      const proxy = await startS3Proxy(on.sandbox.endpoint, ({ path, method, headers }) => {
        asked.push(`${method} ${path} ${headers.range ?? ''}`);
        const isLast = path.includes('partNumber=3') || headers.range?.startsWith('bytes=16');
        return isCut && isLast ? 'expire' : 'pass';
      });
      const clients = on.clientsAt(proxy);
      const [compared, journal] = [await compare(direction), await FolderJournal.make()];
      const isUp = direction === 'up';
      const stopped: unknown = await run(compared, isUp, { clients, journal }).catch(
        (error: unknown) => error,
      );
      expect(stopped).toBeInstanceOf(InterruptedWork);
      const total = 1011 + (isUp ? 1 : 0);
      const { result } = stopped as { result: { done: number; left: number } };
      expect(result.left).toBeGreaterThan(0);
      expect(result.done + result.left).toBe(total);
      [isCut, asked.length] = [false, 0];
      // The plan is the task's own by now.
      await rm(compared.input.planFile);
      const done = await run(compared, isUp, { clients, journal });
      expect(done).toMatchObject({ done: total, failedCount: 0, left: 0 });
      expect(asked.filter(each => each.includes('/s0')).length).toBeLessThan(50);
      if (!isUp) expect((await readFile(local('t/large'))).equals(large)).toBe(true);
      const again = await compare(direction, { comparison: isUp ? 'time' : 'exactTime' });
      expect(again.plan).toEqual([]);
    },
  );

  it('tells each file that failed, and does the others', async () => {
    for (const path of ['a', 'b', 'c']) await write(path);
    const compared = await compare('up');
    await rm(local('b'));
    const result = await run(compared);
    expect(result.failed.map(({ item }) => item.path)).toEqual(['b']);
    expect([...(await keys()).keys()]).toEqual(['a', 'c']);
  });
});
