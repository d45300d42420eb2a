import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { GetRoleCommand, GetRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateJobCommand, UpdateJobStatusCommand } from '@aws-sdk/client-s3-control';
import sharp from 'sharp';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeManifestKey, hardKeys } from '../../src/sandbox/lab/hardKeys.ts';
import { readLabFunction } from '../../src/sandbox/lab/labFunction.ts';
import { seedLab } from '../../src/sandbox/lab/seedLab.ts';
import { controlClient, iamClient, waitForJob } from './controlClients.ts';
import { startTestSandbox } from './testSandbox.ts';
import type { TestSandbox } from './testSandbox.ts';

const IMAGES = 'images-82834469';
const ASSETS = 'assets-82834469';
let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox({ seed: true });
});
afterAll(() => test.close());

const text = async (bucket: string, key: string): Promise<string> => {
  const { Body } = await test.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Body!.transformToString();
};
const keysOf = async (bucket: string, prefix = ''): Promise<string[]> => {
  const { Contents = [] } = await test.s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }),
  );
  return Contents.map(object => object.Key!);
};

describe('the seeded lab', () => {
  it('has the buckets, and the objects of the images bucket in manifest.csv', async () => {
    const { Buckets = [] } = await test.s3.send(new ListBucketsCommand({}));
    expect(Buckets.map(bucket => bucket.Name)).toEqual([
      ASSETS,
      'hard-keys-82834469',
      IMAGES,
      `${IMAGES}-resized`,
    ]);
    const keys = await keysOf(IMAGES);
    expect(keys).toContain('image1.png');
    expect(keys).not.toContain('image5.png');
    expect(await text(ASSETS, 'manifest.csv')).toBe(keys.map(key => `${IMAGES},${key}\n`).join(''));
    expect(await keysOf(`${IMAGES}-resized`)).toEqual([]);
  });

  it('has real pictures of the types that they say', async () => {
    for (const key of await keysOf(IMAGES)) {
      const head = await test.s3.send(new HeadObjectCommand({ Bucket: IMAGES, Key: key }));
      const { Body } = await test.s3.send(new GetObjectCommand({ Bucket: IMAGES, Key: key }));
      const { format, width } = await sharp(await Body!.transformToByteArray()).metadata();
      expect(head.ContentType).toBe(`image/${format}`);
      expect(width).toBe(960);
    }
  });

  it('has the zip of the resize function', async () => {
    const zip = await test.s3.send(new GetObjectCommand({ Bucket: ASSETS, Key: 'function.zip' }));
    const bytes = await zip.Body!.transformToByteArray();
    expect(zip.ContentType).toBe('application/zip');
    expect(Buffer.from(bytes).equals(await readLabFunction())).toBe(true);
    expect(Buffer.from(bytes.subarray(0, 4)).toString('latin1')).toBe('PK\x03\x04');
  });

  it('has the roles with the policies of the lab', async () => {
    const iam = iamClient(test.sandbox);
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'S3BatchPutRole' }));
    expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toContain(
      'batchoperations.s3.amazonaws.com',
    );
    const policy = await iam.send(
      new GetRolePolicyCommand({ RoleName: 'S3LambdaRole', PolicyName: 'S3LambdaPolicy' }),
    );
    expect(JSON.parse(decodeURIComponent(policy.PolicyDocument!))).toMatchObject({
      Statement: [
        { Resource: ['arn:aws:logs:*:*:*'] },
        { Action: ['s3:GetObject'], Resource: [`arn:aws:s3:::${IMAGES}/*`] },
        { Action: ['s3:PutObject'], Resource: [`arn:aws:s3:::${IMAGES}-resized/*`] },
      ],
    });
  });

  it('has a few hundred hard keys, each in its manifest', async () => {
    const keys = hardKeys();
    expect(keys.length).toBeGreaterThan(250);
    const rows = parse(await text(ASSETS, 'manifest-hard-keys.csv'));
    expect(rows.map(row => row[1])).toEqual(keys.map(encodeManifestKey));
    for (const key of keys) {
      expect(await text('hard-keys-82834469', key)).toContain(JSON.stringify(key));
    }
  });

  it('is left as it is when it is asked for again', async () => {
    const object = { Bucket: IMAGES, Key: 'image2.jpg' };
    const Tagging = { TagSet: [{ Key: 'mine', Value: 'yes' }] };
    await test.s3.send(new PutObjectTaggingCommand({ ...object, Tagging }));
    await seedLab(test.sandbox.services);
    const { TagSet } = await test.s3.send(new GetObjectTaggingCommand(object));
    expect(TagSet).toEqual(Tagging.TagSet);
  });
});

describe('tasks 1 and 2 of the lab', () => {
  it('tag every image and report it', async () => {
    const control = controlClient(test.sandbox);
    const { accountId: AccountId } = test.sandbox;
    const head = await test.s3.send(new HeadObjectCommand({ Bucket: ASSETS, Key: 'manifest.csv' }));
    const { JobId } = await control.send(
      new CreateJobCommand({
        AccountId,
        Operation: {
          S3PutObjectTagging: { TagSet: [{ Key: 'phototype', Value: 'finished' }] },
        },
        Manifest: {
          Spec: { Format: 'S3BatchOperations_CSV_20180820', Fields: ['Bucket', 'Key'] },
          Location: {
            ObjectArn: `arn:aws:s3:::${ASSETS}/manifest.csv`,
            ETag: head.ETag!.replaceAll('"', ''),
          },
        },
        Report: {
          Enabled: true,
          Bucket: `arn:aws:s3:::${ASSETS}`,
          Format: 'Report_CSV_20180820',
          ReportScope: 'AllTasks',
        },
        RoleArn: `arn:aws:iam::${AccountId}:role/S3BatchPutRole`,
        Priority: 10,
        ConfirmationRequired: true,
      }),
    );
    const waiting = await waitForJob(control, { AccountId, JobId }, 'Suspended');
    const keys = await keysOf(IMAGES);
    expect(waiting.ProgressSummary?.TotalNumberOfTasks).toBe(keys.length);
    expect(waiting.SuspendedCause).toBe('AWAITING_CONFIRMATION');
    await control.send(
      new UpdateJobStatusCommand({ AccountId, JobId, RequestedJobStatus: 'Ready' }),
    );
    const job = await waitForJob(control, { AccountId, JobId });
    expect(job).toMatchObject({
      Status: 'Complete',
      ProgressSummary: { NumberOfTasksSucceeded: keys.length, NumberOfTasksFailed: 0 },
    });
    const [results] = await keysOf(ASSETS, `job-${JobId}/results/`);
    expect(parse(await text(ASSETS, results!))).toEqual(
      keys.map(key => [IMAGES, key, '', 'succeeded', '200', '', 'Successful']),
    );
    const { TagSet } = await test.s3.send(
      new GetObjectTaggingCommand({ Bucket: IMAGES, Key: 'image1.png' }),
    );
    expect(TagSet).toEqual([{ Key: 'phototype', Value: 'finished' }]);
  });
});
