import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifest } from '../../src/aws/manifest/manifest.ts';
import { encodeManifestKey } from '../../src/aws/manifest/manifestKey.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { startScriptedServer } from '../support/scriptedServer.ts';

let sandbox: SandboxClients;
let bucket: string;

beforeAll(async () => {
  sandbox = await startSandboxClients();
  bucket = await sandbox.bucket();
});
afterAll(() => sandbox.close());

async function read(body: string | Uint8Array, key = 'manifest.csv') {
  const client = sandbox.clients.s3();
  const { eTag } = await writeObject(client, { bucket, key, body });
  const summary = await readManifest(client, { bucket, key });
  expect(summary.eTag).toBe(eTag);
  const problems = summary.problems.map(({ kind, row }) => `${kind} ${row ?? '-'}`);
  return { ...summary, problems };
}

describe('readManifest', () => {
  it('says what a good one names', async () => {
    const progress: number[] = [];
    const client = sandbox.clients.s3();
    const body = 'images,a.png\nimages,b%20c.png\n';
    await writeObject(client, { bucket, key: 'good.csv', body });
    const summary = await readManifest(
      client,
      { bucket, key: 'good.csv' },
      { onProgress: done => progress.push(done) },
    );
    expect(summary).toMatchObject({
      format: 'S3BatchOperations_CSV_20180820',
      fields: ['Bucket', 'Key'],
      size: body.length,
      rows: 2,
      buckets: [{ bucket: 'images', rows: 2 }],
      problems: [],
      problemCounts: {},
      sampleKeys: ['a.png', 'b c.png'],
    });
    expect(progress.at(-1)).toBe(body.length);
  });

  it.each([
    ['LF', 'images,a\nimages,b\n'],
    ['CRLF', 'images,a\r\nimages,b\r\n'],
    ['CR', 'images,a\rimages,b\r'],
    ['CRLF and LF', 'images,a\r\nimages,b\n'],
    ['no last line end', 'images,a\nimages,b'],
    ['quotes', '"images","a"\n"images","b"\n'],
  ])('takes %s', async (_, body) => {
    const problems = body.includes('\r') && !body.includes('\n') ? ['lineEnds -'] : [];
    expect(await read(body)).toMatchObject({ rows: 2, problems });
  });

  it('reads every row of a file whose lines end differently', async () => {
    const { rows, sampleKeys } = await read('b1x,a.png\r\nb1x,b.png\nb1x,c.png\n');
    expect([rows, sampleKeys]).toEqual([3, ['a.png', 'b.png', 'c.png']]);
  });

  it.each([
    ['a header', 'bucket,key\nimages,a\n', ['headerRow 1']],
    ['a byte order mark', '\ufeffimages,a\n', ['byteOrderMark 1']],
    ['nothing', '', ['empty -']],
    ['blank lines', 'images,a\n\nimages,b\n', ['blankLine 2']],
    ['unencoded keys', 'images,a b\nimages,ü\n', ['unencodedKey 1', 'unencodedKey 2']],
    ['another number of columns', 'images,a\nimages,b,c,d\n', ['columnCount 2']],
    [
      'mixed versions',
      'images,a,3sL4kqtJlcpXroDTDmJrmSpXd3dIbrHY\nimages,b,\n',
      ['mixedVersions 2'],
    ],
    ["another bucket's rows", 'images,a\nimages,b\nothers,c\n', ['severalBuckets 3']],
    ['a first row of a bucket that is gone', 'conteneur,cle\nimages,a\n', ['loneBucket 1']],
    ['an open quote', 'images,a\nimages,"b\nimages,c\n', ['malformed 2']],
    ['two open quotes', 'images,"a\nimages,b\nimages,"c\n', ['malformed 1', 'malformed 3']],
    ['semicolons', 'b1x;a.png\nb1x;b.png\n', ['separator -']],
    ['S3 URIs', 's3://images/a\ns3://images/b\n', ['s3Uris -']],
    ['a storage class', 'images,a,STANDARD\nimages,b,STANDARD\n', ['ignoredColumns -']],
    ['JSON', '{"bucket":"images","key":"a"}\n', ['format -']],
    ['bytes that are no UTF-8', Buffer.from('images,\xfcber\n', 'latin1'), ['notUtf8 1']],
    ['a row without end', `images,a\n${'x'.repeat(200_000)}`, ['malformed 2']],
  ])('finds %s', async (_, body, problems) => {
    expect((await read(body)).problems).toEqual(problems);
  });

  it('knows a file that is no manifest at all', async () => {
    const utf16 = await read(Buffer.from('\ufeffimages,a\r\n', 'utf16le'));
    expect(utf16.problems).toEqual(['format -']);
    expect(utf16.rows).toBeUndefined();
    const unmarked = await read(Buffer.from('images,a\r\n'.repeat(9), 'utf16le'));
    expect(unmarked.problems).toEqual(['format -']);
    expect((await read(gzipSync('images,a\n'))).problems).toEqual(['format -']);
    expect((await read('PK\x03\x04'.padEnd(100))).problems).toEqual(['format -']);
    const binary = await read(
      Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 256)),
    );
    expect(binary.problems.length).toBeGreaterThan(0);
  });

  it('takes a first row for one where its bucket is there', async () => {
    const { problems, rows } = await read(`${bucket},title\nimages,a\nimages,b\n`);
    expect([rows, problems]).toEqual([3, ['severalBuckets 2', 'severalBuckets 3']]);
  });

  it('tells the version it read', async () => {
    const versioned = await sandbox.bucket();
    const client = sandbox.clients.s3();
    await client.send(
      new PutBucketVersioningCommand({
        Bucket: versioned,
        VersioningConfiguration: { Status: 'Enabled' },
      }),
    );
    const at = { bucket: versioned, key: 'm.csv' };
    const first = await writeObject(client, { ...at, body: 'images,a\n' });
    await writeObject(client, { ...at, body: 'images,b\nimages,c\n' });
    expect(await readManifest(client, at)).toMatchObject({ rows: 2 });
    const old = await readManifest(client, { ...at, versionId: first.versionId });
    expect(old).toMatchObject({ rows: 1, versionId: first.versionId, eTag: first.eTag });
  });

  it('reads what our encoder writes, whatever the keys', async () => {
    const keys = fc.string({ minLength: 1, maxLength: 80, unit: 'binary' });
    await fc.assert(
      fc.asyncProperty(fc.array(keys, { minLength: 1, maxLength: 5 }), async written => {
        const body = written.map(key => `images,${encodeManifestKey(key)}\n`).join('');
        const { problems, sampleKeys } = await read(body);
        expect(problems).toEqual([]);
        expect(sampleKeys).toEqual(written);
      }),
      { numRuns: 25 },
    );
  });

  it('is NotFound without the object', async () => {
    const gone = readManifest(sandbox.clients.s3(), { bucket, key: 'none.csv' });
    await expect(gone).rejects.toMatchObject({
      code: 'NotFound',
      subject: `s3://${bucket}/none.csv`,
    });
  });

  it('reads a million rows in a process with little memory', async () => {
    function* rows() {
      for (let thousand = 0; thousand < 1000; thousand += 1) {
        const lines = Array.from(
          { length: 1000 },
          (_, index) => `images,folder/${thousand}/my%20photo-${index}.jpg\n`,
        );
        yield lines.join('');
      }
      yield 'images\n';
    }
    const server = await startScriptedServer((_, response) => {
      response.writeHead(200, { etag: '"e"' });
      Readable.from(rows()).pipe(response);
    });
    const { stdout } = await promisify(execFile)(process.execPath, [
      // All rows at once would take several times as much.
      '--max-old-space-size=64',
      fileURLToPath(import.meta.resolve('../support/readManifestInChild.ts')),
      server.endpoint,
    ]);
    const summary = JSON.parse(stdout) as { rows: number; problems: unknown; memory: number };
    expect(summary.rows).toBe(1_000_001);
    expect(summary.problems).toEqual([
      { kind: 'columnCount', severity: 'error', row: 1_000_001, text: 'images' },
    ]);
  });
});

describe('an inventory', () => {
  const KEY = 'inv/images/daily/2026-11-01T00-00Z/manifest.json';
  const inventory = (fields: object) =>
    JSON.stringify({
      sourceBucket: 'images',
      destinationBucket: `arn:aws:s3:::${bucket}`,
      version: '2016-11-30',
      creationTimestamp: '1514944800000',
      fileFormat: 'CSV',
      fileSchema: 'Bucket, Key, VersionId, IsLatest, Size',
      files: [{ key: 'inv/images/daily/data/1.csv.gz', size: 100, MD5checksum: 'x' }],
      ...fields,
    });

  it('is read with its data', async () => {
    const client = sandbox.clients.s3();
    const data = '"images","a%20b.png","null","true","17"\n"images","c.png","null","false","4"\n';
    const at = { bucket, key: 'inv/images/daily/data/1.csv.gz' };
    await writeObject(client, { ...at, body: gzipSync(data) });
    expect(await read(inventory({}), KEY)).toMatchObject({
      format: 'S3InventoryReport_CSV_20161130',
      fields: ['Bucket', 'Key', 'VersionId', 'Ignore', 'Ignore'],
      rows: 2,
      buckets: [{ bucket: 'images', rows: 2 }],
      inventory: { files: 1, notCounted: 0, noncurrent: 1 },
      sampleKeys: ['a b.png', 'c.png'],
      problems: [],
    });
  });

  it('of all versions says what fails: empty version ids and delete markers', async () => {
    const client = sandbox.clients.s3();
    const fileSchema = 'Bucket, Key, VersionId, IsLatest, IsDeleteMarker';
    const row = (version: string, more: string) => `"images","a","${version}",${more}\n`;
    const put = (...rows: string[]) =>
      writeObject(client, { bucket, key: 'all.csv.gz', body: gzipSync(rows.join('')) });
    const files = [{ key: 'all.csv.gz', size: 90 }];
    await put(row('v1', '"true","true"'), row('', '"false","false"'), row('v2', '"false","false"'));
    const summary = await readManifest(client, await write(inventory({ fileSchema, files })));
    expect(summary.problems).toEqual([
      { kind: 'emptyVersion', severity: 'warning', count: 1 },
      { kind: 'deleteMarker', severity: 'warning', count: 1 },
    ]);
    expect(summary).toMatchObject({ rows: 3, inventory: { noncurrent: 2 } });
    await put(row('', '"true","false"'));
    const none = await readManifest(client, await write(inventory({ fileSchema, files })));
    expect(none.problems).toEqual([{ kind: 'emptyVersion', severity: 'error', count: 1 }]);
  });

  async function write(body: string) {
    await writeObject(sandbox.clients.s3(), { bucket, key: KEY, body });
    return { bucket, key: KEY };
  }

  it('of many bytes is not counted', async () => {
    const files = [{ key: 'huge.csv.gz', size: 1e12 }];
    const summary = await read(inventory({ files }), KEY);
    expect(summary.rows).toBeUndefined();
    expect(summary.problems).toEqual([]);
  });

  it.each([
    ['of another format', () => inventory({ fileFormat: 'Parquet' }), 'inventoryFormat -'],
    ['without keys', () => inventory({ fileSchema: 'Bucket, Size' }), 'inventoryColumns -'],
    [
      'that is a completion report',
      () => '{"Format":"Report_CSV_20180820","Results":[]}',
      'completionReport -',
    ],
    ['that is something else', () => '{"files":[]}', 'notInventory -'],
    ['that is no JSON', () => 'nope', 'notInventory -'],
  ])('%s is refused', async (_, body, problem) => {
    expect((await read(body(), KEY)).problems).toEqual([problem]);
  });

  it('counts the files that can be read, and says of each other why it cannot', async () => {
    const client = sandbox.clients.s3();
    const good = gzipSync('"images","a","null","true","1"\n');
    const bodies = { 'good.csv.gz': good, 'bad.csv.gz': 'not gzip', 'other.csv.gz': good };
    for (const [key, body] of Object.entries({ ...bodies, 'cut.csv.gz': good.subarray(0, 20) })) {
      await writeObject(client, { bucket, key, body });
    }
    const files = [
      { key: 'gone.csv.gz', size: 10 },
      { key: 'bad.csv.gz', size: 8 },
      { key: 'cut.csv.gz', size: 20 },
      { key: 'other.csv.gz', size: 8, MD5checksum: '0'.repeat(32) },
      { key: 'good.csv.gz', size: 8, MD5checksum: createHash('md5').update(good).digest('hex') },
    ];
    const summary = await readManifest(client, await write(inventory({ files })));
    expect(summary).toMatchObject({ rows: 1, inventory: { files: 5, notCounted: 4 } });
    expect(summary.problems.map(({ kind, severity, text }) => [kind, severity, text])).toEqual([
      ['dataMissing', 'warning', 'gone.csv.gz'],
      ['dataNotGzip', 'warning', 'bad.csv.gz'],
      ['dataNotGzip', 'warning', 'cut.csv.gz'],
      ['dataChecksum', 'warning', 'other.csv.gz'],
    ]);
  });

  it('whose data may not be read can be used all the same', async () => {
    const server = await startScriptedServer((request, response) => {
      const denied = request.url.pathname.includes('data');
      response.writeHead(denied ? 403 : 200, { etag: '"e"' });
      const files = [{ key: 'data/1.csv.gz', size: 10 }];
      response.end(denied ? '<Error><Code>AccessDenied</Code></Error>' : inventory({ files }));
    });
    const summary = await readManifest(server.clients().s3(), { bucket, key: KEY });
    expect(summary.problems.map(({ kind, severity }) => [kind, severity])).toEqual([
      ['dataDenied', 'warning'],
    ]);
  });

  it('with a row that has no end does not fill the memory', async () => {
    // A few kilobytes of gzip that would become one row of 32 MiB.
    const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024, 'k'));
    await writeObject(sandbox.clients.s3(), { bucket, key: 'bomb.csv.gz', body: bomb });
    const long = await read(inventory({ files: [{ key: 'bomb.csv.gz', size: 8 }] }), KEY);
    expect(long.problems).toEqual(['malformed -']);
  });
});
