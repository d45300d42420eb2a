// Against the user guide's "Compute checksums", "Checking object integrity for data at rest" and the
// report in "Examples: S3 Batch Operations completion reports".
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { S3ComputeObjectChecksumOperation } from '@aws-sdk/client-s3-control';
import { DescribeJobCommand } from '@aws-sdk/client-s3-control';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../testSandbox.ts';
import { OperationWorld, SOURCE } from './operationWorld.ts';

const READ = {
  Effect: 'Allow',
  Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:RestoreObject'],
  Resource: `arn:aws:s3:::${SOURCE}/*`,
};
const LIST = { Effect: 'Allow', Action: 's3:ListBucket', Resource: `arn:aws:s3:::${SOURCE}` };
const FULL = { ChecksumAlgorithm: 'SHA256', ChecksumType: 'FULL_OBJECT' } as const;
const PART = 5 * 1024 * 1024;

let world: OperationWorld;
beforeAll(async () => {
  world = await OperationWorld.start();
});
beforeEach(() => world.allow(READ, LIST));
afterAll(() => world.close());

const sum = (keys: readonly string[], operation: S3ComputeObjectChecksumOperation = FULL) =>
  world.run(
    { S3ComputeObjectChecksum: operation },
    keys.map(key => `${SOURCE},${key}`),
  );
const resultOf = async (
  key: string,
  operation: S3ComputeObjectChecksumOperation,
): Promise<Record<string, string>> => {
  const { rows } = await sum([key], operation);
  return JSON.parse(rows.get(key)?.[6] ?? '') as Record<string, string>;
};

describe('a checksum job', () => {
  it("writes the row of AWS's guide", async () => {
    const bytes = Buffer.from('bytes of plain');
    await world.put('plain');
    const digits = crc32(bytes).toString(16).toUpperCase().padStart(8, '0');
    const base64 = Buffer.from(digits, 'hex').toString('base64').replaceAll('=', '\\u003d');
    const etag = createHash('md5').update(bytes).digest('hex');
    const { job, rows } = await sum(['plain'], { ...FULL, ChecksumAlgorithm: 'CRC32' });
    expect(job.Status).toBe('Complete');
    expect(rows.get('plain')).toEqual([
      ...[SOURCE, 'plain', '', 'succeeded', '200', ''],
      `{"checksum_base64":"${base64}","etag":"${etag}","checksumAlgorithm":"CRC32","checksumType":"FULL_OBJECT","checksum_hex":"${digits}"}`,
    ]);
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'computes the %s that S3 gives an object uploaded with it',
    async ChecksumAlgorithm => {
      const Body = Buffer.alloc(200_000, ChecksumAlgorithm);
      await world.put('uploaded', { Body, ChecksumAlgorithm });
      const headers = await world.test.s3.send(
        new HeadObjectCommand({ Bucket: SOURCE, Key: 'uploaded', ChecksumMode: 'ENABLED' }),
      );
      const result = await resultOf('uploaded', { ...FULL, ChecksumAlgorithm });
      expect(result['checksum_base64']).toBe(headers[`Checksum${ChecksumAlgorithm}`]);
      expect(Buffer.from(result['checksum_hex']!, 'hex').toString('base64')).toBe(
        result['checksum_base64'],
      );
    },
  );

  it('computes MD5 of the whole and the composite of the parts', async () => {
    const parts = [Buffer.alloc(PART, 'a'), Buffer.from('rest')];
    await uploadInParts('parts', parts);
    const whole = await resultOf('parts', { ...FULL, ChecksumAlgorithm: 'MD5' });
    const md5 = createHash('md5').update(Buffer.concat(parts)).digest('hex').toUpperCase();
    expect(whole['checksum_hex']).toBe(md5);
    const composite = await resultOf('parts', {
      ChecksumAlgorithm: 'MD5',
      ChecksumType: 'COMPOSITE',
    });
    // Which is how S3 makes the ETag of such an object.
    expect(composite['checksum_hex']?.toLowerCase()).toBe(composite['etag']);
    expect(composite['checksumType']).toBe('COMPOSITE');
    const sha = await resultOf('parts', { ...FULL, ChecksumType: 'COMPOSITE' });
    const digests = parts.map(part => createHash('sha256').update(part).digest());
    const expected = createHash('sha256').update(Buffer.concat(digests)).digest('base64');
    expect(sha['checksum_base64']).toBe(`${expected}-2`);
  });

  it('reads archived objects without restoring them, and empty ones', async () => {
    await world.put('frozen', { StorageClass: 'DEEP_ARCHIVE' });
    await world.put('empty', { Body: '' });
    const { job } = await sum(['frozen', 'empty']);
    expect(job.ProgressSummary?.NumberOfTasksSucceeded).toBe(2);
    const Key = 'frozen';
    const { Restore } = await world.test.s3.send(new HeadObjectCommand({ Bucket: SOURCE, Key }));
    expect(Restore).toBeUndefined();
  });

  it('computes of the version that is named', async () => {
    await world.version(SOURCE);
    const first = await world.put('versioned', { Body: 'first' });
    await world.put('versioned', { Body: 'second' });
    const rows = [`${SOURCE},versioned,${first}`];
    const fields = ['Bucket', 'Key', 'VersionId'] as const;
    const done = await world.run({ S3ComputeObjectChecksum: FULL }, rows, [...fields]);
    const digits = createHash('sha256').update('first').digest('hex').toUpperCase();
    expect(done.rows.get('versioned')?.[6]).toContain(digits);
  });

  it('fails what is not there, and what the role may not read, as AWS writes it', async () => {
    await world.put('there');
    const gone = await sum(['gone']);
    expect(gone.rows.get('gone')?.slice(3, 6)).toEqual(['failed', '200', 'PermanentFailure']);
    expect(gone.rows.get('gone')?.[6]).toMatch(
      /^error details: {"failureMessage":"Task [0-9a-f-]{36} Key not found", "errorCode": "404"}$/,
    );
    await world.allow({ ...READ, Action: 's3:GetObject' }, LIST);
    const { rows } = await sum(['there']);
    expect(rows.get('there')?.slice(3, 6)).toEqual(['failed', '200', 'PermanentFailure']);
    expect(rows.get('there')?.[6]).toMatch(/"errorCode": "403"}$/);
  });
});

async function uploadInParts(Key: string, parts: readonly Buffer[]): Promise<void> {
  const { s3 } = world.test;
  const place = { Bucket: SOURCE, Key };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(place));
  const Parts = [];
  for (const [index, Body] of parts.entries()) {
    const PartNumber = index + 1;
    const part = new UploadPartCommand({ ...place, UploadId, PartNumber, Body });
    Parts.push({ PartNumber, ETag: (await s3.send(part)).ETag });
  }
  const MultipartUpload = { Parts };
  await s3.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload }));
}

describe('CreateJob', () => {
  const create = async (operation: S3ComputeObjectChecksumOperation, report: object = {}) => {
    const request = await world.request({ S3ComputeObjectChecksum: operation }, [`${SOURCE},k`]);
    return world.create({ ...request, Report: { ...request.Report!, ...report } });
  };

  it.each<[string, S3ComputeObjectChecksumOperation, string, number]>([
    ['no algorithm', { ChecksumType: 'FULL_OBJECT' }, 'InvalidRequest', 400],
    ['no type', { ChecksumAlgorithm: 'SHA1' }, 'InvalidRequest', 400],
    ['another type', { ...FULL, ChecksumType: 'HALF' as 'COMPOSITE' }, 'MalformedXML', 400],
    [
      'a composite CRC64NVME',
      { ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'COMPOSITE' },
      'InvalidRequest',
      400,
    ],
    [
      'an algorithm of a later day',
      { ...FULL, ChecksumAlgorithm: 'XXHASH3' },
      'NotImplemented',
      501,
    ],
  ])('refuses %s', async (_what, operation, name, status) => {
    expect(await failure(create(operation))).toMatchObject({ name, status });
  });

  it.each([
    ['without a report', { Enabled: false }],
    ["without the owner of the report's bucket", { ExpectedBucketOwner: undefined }],
  ])('refuses a checksum job %s', async (_what, report) => {
    expect(await failure(create(FULL, report))).toMatchObject({ name: 'InvalidRequest' });
  });

  it('keeps what it was asked for, for DescribeJob', async () => {
    const JobId = await create(FULL);
    const command = new DescribeJobCommand({ AccountId: world.accountId, JobId });
    const { Job } = await world.control.send(command);
    expect(Job?.Operation).toEqual({ S3ComputeObjectChecksum: FULL });
    await world.finished(JobId);
  });
});
