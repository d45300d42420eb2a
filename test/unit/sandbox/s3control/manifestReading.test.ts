import { Readable } from 'node:stream';
import { createGzip, gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  csvRows,
  inventoryTasks,
} from '../../../../src/sandbox/s3control/manifests/manifestTasks.ts';
import type { ManifestField } from '../../../../src/sandbox/s3control/job.ts';
import {
  decodeManifestKey,
  readColumns,
  readTask,
} from '../../../../src/sandbox/s3control/manifests/task.ts';
import type { Task } from '../../../../src/sandbox/s3control/manifests/task.ts';

const VERSION = 'PZ9ibn9D5lP6p298B7S9_ceqx1n5EJ0p';

async function tasksOf(
  text: string | Buffer,
  fields: ManifestField[] = ['Bucket', 'Key'],
): Promise<Task[]> {
  const columns = readColumns(fields);
  const tasks: Task[] = [];
  for await (const row of csvRows(Buffer.from(text))) tasks.push(readTask(row, columns));
  return tasks;
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('rows of a CSV manifest', () => {
  it('reads every line end, mixed too, in pieces of any size', async () => {
    const file = Buffer.from('b,1\r\nb,2\nb,3\rb,4\r\n');
    for (const size of [1, 2, 5, 100]) {
      const pieces = Array.from({ length: Math.ceil(file.length / size) }, (_, at) =>
        file.subarray(at * size, (at + 1) * size),
      );
      const rows = await collect(csvRows(Readable.from(pieces)));
      expect(rows).toEqual(['1', '2', '3', '4'].map(key => ['b', key]));
    }
  });

  it('reads LF and CRLF, with and without an end at the last line', async () => {
    const expected = [
      { bucket: 'b', rawKey: 'a.jpg', versionId: undefined },
      { bucket: 'b', rawKey: 'c%20d.jpg', versionId: undefined },
    ];
    for (const text of ['b,a.jpg\nb,c%20d.jpg\n', 'b,a.jpg\r\nb,c%20d.jpg']) {
      expect(await tasksOf(text)).toEqual(expected);
    }
  });

  it('takes the columns in the order of Fields and skips what is to be ignored', async () => {
    const fields: ManifestField[] = ['Key', 'Ignore', 'VersionId', 'Bucket'];
    expect(await tasksOf(`"k,1",x,${VERSION},b\nk2,y,,b\n`, fields)).toEqual([
      { bucket: 'b', rawKey: 'k,1', versionId: VERSION },
      { bucket: 'b', rawKey: 'k2', versionId: '' },
    ]);
  });

  it('takes a header row and a byte order mark for what they are: rows', async () => {
    expect((await tasksOf('Bucket,Key\nb,k\n'))[0]).toMatchObject({ bucket: 'Bucket' });
    expect((await tasksOf('\ufeffb,k\n'))[0]).toMatchObject({ bucket: '\ufeffb' });
  });

  it.each([
    ['a column too many', 'b,k,x\n', 'Manifest file is not properly formatted'],
    ['a column too few', 'b\n', 'Manifest file is not properly formatted'],
    ['an empty line', 'b,k\n\nb,l\n', 'Manifest file is not properly formatted'],
    ['an open quote', 'b,"k\n', 'Manifest file is not properly formatted'],
    ['an endless row', 'b,' + 'k'.repeat(200_000), 'Manifest file is not properly formatted'],
    ['an empty key', 'b,\n', 'Invalid object key format'],
    ['a key that is not encoded', 'b,100%\n', 'Invalid object key format'],
    ['a key with a space', 'b,a b\n', 'Invalid object key format'],
    ['a key that is not ASCII', 'b,\u00fc\n', 'Invalid object key format'],
    ['a key that is too long', `b,${'k'.repeat(1025)}\n`, 'Invalid object key format'],
  ])('fails for %s', async (_what, text, message) => {
    await expect(tasksOf(text)).rejects.toMatchObject({
      code: 'InvalidManifestContent',
      reason: message,
    });
  });

  it.each(['STANDARD', 'd41d8cd98f00b204e9800998ecf8427', '2026-11-29'])(
    'fails for %s in the column of versions',
    async cell => {
      const fields: ManifestField[] = ['Bucket', 'Key', 'VersionId'];
      await expect(tasksOf(`b,k,${VERSION}\nb,k,null\n`, fields)).resolves.toHaveLength(2);
      await expect(tasksOf(`b,k,${cell}\n`, fields)).rejects.toMatchObject({
        code: 'InvalidManifestContent',
        reason: 'Invalid version ID format',
      });
    },
  );

  it('says which column is missing', () => {
    expect(() => readColumns(['Bucket', 'VersionId'])).toThrow(
      'Required fields are missing in the schema: Key',
    );
  });
});

describe('keys in manifests', () => {
  it('decodes what clients encode', () => {
    const legal = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 80 })
      .filter(key => key.isWellFormed());
    fc.assert(
      fc.property(legal, key => {
        expect(decodeManifestKey(encodeURIComponent(key))).toBe(key);
        const plus = encodeURIComponent(key).replaceAll('%20', '+');
        expect(decodeManifestKey(plus)).toBe(key);
      }),
    );
  });
});

describe('an inventory', () => {
  const data = gzipSync(`"b","a%20b","null","true"\n"b","c","${VERSION}","true"\n`);
  const manifest = (changes: object = {}): Buffer =>
    Buffer.from(
      JSON.stringify({
        sourceBucket: 'b',
        destinationBucket: 'arn:aws:s3:::inventories',
        fileFormat: 'CSV',
        fileSchema: 'Bucket, Key, VersionId, IsLatest',
        files: [
          { key: 'data/1.csv.gz', MD5checksum: createHash('md5').update(data).digest('hex') },
        ],
        ...changes,
      }),
    );
  const read = (json: Buffer, body: Buffer | Readable = data): Promise<Task[]> =>
    collect(inventoryTasks(json, () => body));

  it('reads its files from the bucket and by the columns that it names', async () => {
    const opened: string[] = [];
    const tasks = inventoryTasks(manifest(), (bucket, key) => {
      opened.push(`${bucket}/${key}`);
      return Readable.from([data.subarray(0, 10), data.subarray(10)]);
    });
    expect(await collect(tasks)).toEqual([
      { bucket: 'b', rawKey: 'a%20b', versionId: 'null' },
      { bucket: 'b', rawKey: 'c', versionId: VERSION },
    ]);
    expect(opened).toEqual(['inventories/data/1.csv.gz']);
  });

  it.each([
    ['ORC', manifest({ fileFormat: 'ORC' }), data, 'Invalid Manifest Content'],
    ['no JSON', Buffer.from('x'), data, 'Manifest file is not properly formatted'],
    ['JSON that is no object', Buffer.from('null'), data, 'Invalid Manifest Content'],
    [
      'no Key',
      manifest({ fileSchema: 'Bucket, Size' }),
      data,
      'Required fields are missing in the schema: Key',
    ],
    ['a file that is none', manifest({ files: [null] }), data, 'Invalid Manifest Content'],
    ['other bytes', manifest(), gzipSync('"b","c","null","true"\n'), 'Invalid Manifest Content'],
    [
      'no gzip',
      manifest(),
      Buffer.from('b,c,v1,true\n'),
      'Manifest file is not properly formatted',
    ],
    [
      'half a file',
      manifest(),
      data.subarray(0, data.length - 12),
      'Manifest file is not properly formatted',
    ],
  ])('fails for %s', async (_what, json, body, reason) => {
    await expect(read(json, body)).rejects.toMatchObject({
      code: 'InvalidManifestContent',
      reason,
    });
  });

  it('lets go of a file with a bad row', async () => {
    const file = Readable.from([gzipSync('"b"\n"b"\n'), data]);
    await expect(read(manifest(), file)).rejects.toMatchObject({ code: 'InvalidManifestContent' });
    expect(file.destroyed).toBe(true);
  });

  it('streams', async () => {
    const rows = Readable.from(
      (function* () {
        for (let index = 0; index < 50_000; index += 1) yield `"b","key-${index}","null","true"\n`;
      })(),
    );
    const json = manifest({ files: [{ key: 'big' }] });
    const tasks = await collect(inventoryTasks(json, () => rows.pipe(createGzip())));
    expect(tasks).toHaveLength(50_000);
    expect(tasks.at(-1)?.rawKey).toBe('key-49999');
  });
});
