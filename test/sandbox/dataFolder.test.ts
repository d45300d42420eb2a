import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListPartsCommand,
  ListObjectVersionsCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  RestoreObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataFolderError } from '../../src/sandbox/dataFolderError.ts';
import { SCHEMA_VERSION } from '../../src/sandbox/schema.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { failedStart } from './sandboxProcess.ts';
import { s3Client } from './testSandbox.ts';

const FIXTURE = join(import.meta.dirname, '..', 'fixtures', 'sandboxFolder0');
let folder: string;
let data: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-folder-'));
  data = join(folder, 'data');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const databaseFile = (): string => join(data, 'sandbox.sqlite');

function inDatabase(sql: string): void {
  const database = new DatabaseSync(databaseFile());
  database.exec(sql);
  database.close();
}

/** A folder as the sandbox of 2026-11-29 left it, before folders had a version. */
async function makeOldFolder(): Promise<void> {
  await mkdir(data, { recursive: true });
  inDatabase(await readFile(join(FIXTURE, 'sandbox.sql'), 'utf8'));
  await writeFile(
    join(data, 'credentials.json'),
    await readFile(join(FIXTURE, 'credentials.json')),
  );
  const large = join(data, 'objects', 'fe', 'fef678473d51d30e8f1beb800789f4ea');
  await mkdir(dirname(large), { recursive: true });
  await writeFile(large, Buffer.alloc(70_000, 'old '));
}

async function makeFolder(): Promise<void> {
  await (await startSandbox({ dataDir: data })).close();
}

async function startFailure(): Promise<DataFolderError> {
  const error: unknown = await startSandbox({ dataDir: data }).then(
    sandbox => sandbox.close(),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DataFolderError)) throw new Error(`Not refused: ${String(error)}`);
  return error;
}

describe('a data folder of before there were versions', () => {
  it('goes on with all that is in it', async () => {
    await makeOldFolder();
    for (let starts = 0; starts < 2; starts += 1) {
      const sandbox = await startSandbox({ dataDir: data });
      expect(sandbox.accessKeyId).toBe('AKIASANDBOXUUSU5ERJ7');
      const s3 = s3Client(sandbox);
      const Bucket = 'old-photos';
      const bytes = async (Key: string): Promise<string | undefined> =>
        (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
      expect(await bytes('small.txt')).toBe('of before');
      expect(await bytes('large.bin')).toBe('old '.repeat(17_500));
      const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'small.txt' }));
      expect(TagSet).toEqual([{ Key: 'kind', Value: 'old' }]);
      const { Versions } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      expect(Versions).toHaveLength(2);
      const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
      const { Key, UploadId } = Uploads![0]!;
      const { Parts } = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId }));
      expect(Parts).toHaveLength(1);
      s3.destroy();
      await sandbox.close();
    }
    const database = new DatabaseSync(databaseFile());
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: SCHEMA_VERSION });
    expect(database.prepare('PRAGMA auto_vacuum').get()).toEqual({ auto_vacuum: 2 });
    database.close();
  });

  it('of before jobs had generators gets what is missing', async () => {
    await makeOldFolder();
    inDatabase('ALTER TABLE batch_job DROP COLUMN generated_manifest');
    await (await startSandbox({ dataDir: data })).close();
    inDatabase('SELECT generated_manifest FROM batch_job');
  });
});

describe('a data folder of before archived objects could be restored', () => {
  it('gets what is missing', async () => {
    await makeOldFolder();
    const sandbox = await startSandbox({ dataDir: data });
    const s3 = s3Client(sandbox);
    const cold = { Bucket: 'old-photos', Key: 'cold' };
    await s3.send(new PutObjectCommand({ ...cold, Body: 'x', StorageClass: 'GLACIER' }));
    await s3.send(new RestoreObjectCommand({ ...cold, RestoreRequest: { Days: 1 } }));
    const { Restore } = await s3.send(new HeadObjectCommand(cold));
    expect(Restore).toBe('ongoing-request="true"');
    s3.destroy();
    await sandbox.close();
  });
});

describe('a data folder of before uploads knew who began them', () => {
  it('gets what is missing', async () => {
    await makeOldFolder();
    const sandbox = await startSandbox({ dataDir: data });
    const s3 = s3Client(sandbox);
    const of = { Bucket: 'old-photos', Key: 'in parts' };
    await s3.send(new CreateMultipartUploadCommand(of));
    const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket: of.Bucket }));
    expect(Uploads?.find(({ Key }) => Key === of.Key)?.Initiator?.DisplayName).toBe('sandbox');
    s3.destroy();
    await sandbox.close();
  });
});

describe('a data folder of before uploads had their place by their beginning', () => {
  it('completes them on top', async () => {
    await makeOldFolder();
    const sandbox = await startSandbox({ dataDir: data });
    const s3 = s3Client(sandbox);
    const Bucket = 'old-photos';
    const { Uploads } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
    const { Key, UploadId } = Uploads![0]!;
    const part = { Bucket, Key, UploadId, PartNumber: 1, Body: 'old upload' };
    const { ETag } = await s3.send(new UploadPartCommand(part));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    const complete = { Bucket, Key, UploadId, MultipartUpload };
    await s3.send(new CompleteMultipartUploadCommand(complete));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect(await Body?.transformToString()).toBe('old upload');
    s3.destroy();
    await sandbox.close();
  });
});

describe('a folder that is refused, and stays as it was:', () => {
  it('one of a newer version', async () => {
    await makeFolder();
    inDatabase(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    const { problem, message } = await startFailure();
    expect(problem).toBe('newer');
    expect(message).toMatch(/newer version of the sandbox .*Update Bucket Brigade/);
  });

  it("another program's", async () => {
    await mkdir(data);
    inDatabase('CREATE TABLE customer (name TEXT); INSERT INTO customer VALUES (1)');
    const before = await readFile(databaseFile());
    expect(await startFailure()).toMatchObject({ problem: 'foreign' });
    expect((await readFile(databaseFile())).equals(before)).toBe(true);
    expect(await readdir(data)).toEqual(['sandbox.sqlite']);
  });

  it.each([
    ['no database', () => writeFile(databaseFile(), 'This is a text, not a database.'.repeat(100))],
    ['cut in half', async () => truncate(databaseFile(), (await stat(databaseFile())).size / 2)],
    ['cut within a page', () => truncate(databaseFile(), 5000)],
    [
      'written over',
      async () => {
        const bytes = await readFile(databaseFile());
        bytes.fill(0xa5, 4096, 20_000);
        await writeFile(databaseFile(), bytes);
      },
    ],
    [
      'without a column',
      () => {
        inDatabase('ALTER TABLE blob DROP COLUMN data');
        return Promise.resolve();
      },
    ],
  ])('one whose database is %s', async (_name, damage) => {
    await makeFolder();
    await damage();
    const { problem, message } = await startFailure();
    expect(problem).toBe('damaged');
    expect(message).toContain('sandbox.sqlite');
    expect(message).toContain(data);
  });

  it.each(['gone', 'empty'])('one with objects whose database is %s', async how => {
    await makeOldFolder();
    if (how === 'gone') await rm(databaseFile());
    else await truncate(databaseFile(), 0);
    expect(await startFailure()).toMatchObject({ problem: 'damaged' });
    expect(existsSync(join(data, 'objects', 'fe', 'fef678473d51d30e8f1beb800789f4ea'))).toBe(true);
  });

  it.each([
    '',
    '{',
    '{}',
    'null',
    '[]',
    '"keys"',
    '{"accountId":"123456789012"}',
    '{"accountId":"123456789012","accessKeyId":"","secretAccessKey":""}',
    '{"accountId":123456789012,"accessKeyId":1,"secretAccessKey":null}',
  ])('one whose credentials.json is %j', async text => {
    await makeFolder();
    const file = join(data, 'credentials.json');
    await writeFile(file, text);
    const { problem, message } = await startFailure();
    expect([problem, message]).toEqual(['damaged', expect.stringContaining('credentials.json')]);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('says so and ends', async () => {
    await makeFolder();
    await writeFile(join(data, 'credentials.json'), '');
    const { code, stdout, stderr } = await failedStart('--data', data);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^The data folder \S+ is damaged: credentials\.json .*\n$/);
  });
});

describe('a file where a folder goes, or a folder where a file goes,', () => {
  it.each(['sandbox.sqlite', 'credentials.json', 'sandbox.json'])('folder %s', async name => {
    await mkdir(join(data, name, 'inside'), { recursive: true });
    const { code, stdout, stderr } = await failedStart('--data', data);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^The data folder \S+ is not writable \(.*\n$/);
  });

  it.each(['objects', 'jobs', 'lambda'])('file %s', async name => {
    await mkdir(data);
    await writeFile(join(data, name), '');
    const { code, stdout, stderr } = await failedStart('--data', data);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^The data folder \S+ is not writable \(.*\n$/);
  });

  it('is the data folder itself', async () => {
    await writeFile(data, '');
    const { code, stderr } = await failedStart('--data', data);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/is not writable/)]);
  });
});
