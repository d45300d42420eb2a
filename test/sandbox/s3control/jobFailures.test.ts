import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Job, JobDefinition } from '../../../src/sandbox/s3control/job.ts';
import { JobWorld, ROLE_ARN, STATEMENTS, TRUST } from './jobWorld.ts';
import type { ManifestDefinition } from './jobWorld.ts';

let world: JobWorld;
let definition: ManifestDefinition;
beforeEach(async () => {
  world = new JobWorld();
  await world.put('images', 'image1.png');
  definition = await world.manifest('images,image1.png\n');
});
afterEach(() => world.close());

const run = (changed: JobDefinition = definition): Promise<Job> => world.end(world.start(changed));
const without = (sid: string): object[] => STATEMENTS.filter(statement => statement.Sid !== sid);
const withManifest = (changes: Partial<ManifestDefinition['manifest']>): JobDefinition => ({
  ...definition,
  manifest: { ...definition.manifest, ...changes },
});

describe('a job fails before its first task', () => {
  const expectFailure = async (job: Job, code: string, reason: RegExp): Promise<void> => {
    expect(job).toMatchObject({
      status: 'Failed',
      progress: { total: undefined, succeeded: 0, failed: 0 },
      failureReasons: [{ code }],
    });
    expect(job.failureReasons[0]?.reason).toMatch(reason);
    expect(job.terminated).toBeDefined();
    await expect(world.read(`job-${job.id}/manifest.json`)).rejects.toMatchObject({
      code: 'NoSuchKey',
    });
  };

  it('when its role may not read the manifest', async () => {
    world.putRole(without('Manifest'));
    await expectFailure(
      await run(),
      'AccessDenied',
      /^Reading the manifest is forbidden: AccessDenied$/,
    );
  });

  it('when its role does not trust batch operations, or is gone', async () => {
    world.putRole(STATEMENTS, TRUST.replace('batchoperations.s3', 'lambda'));
    await expectFailure(await run(), 'AccessDenied', /assume the role/);
    world.services.iam.delete(world.services.iam.find('batch')!);
    await expectFailure(await run(), 'AccessDenied', /assume the role/);
  });

  it('when the manifest has changed since it was read', async () => {
    await world.put('assets', 'manifest.csv', 'images,image2.png\n');
    await expectFailure(await run(), 'ManifestETagMismatch', /ETag/);
  });

  it('when the ETag has its quotes', async () => {
    const quoted = withManifest({ eTag: `"${definition.manifest.eTag}"` });
    await expectFailure(await run(quoted), 'InvalidManifestContent', /^ETag format is invalid$/);
  });

  it('when the manifest, or its bucket, is gone', async () => {
    const other = withManifest({ objectArn: 'arn:aws:s3:::assets/other.csv' });
    await expectFailure(await run(other), 'AccessDenied', /forbidden/);
    const nowhere = withManifest({ objectArn: 'arn:aws:s3:::nowhere/manifest.csv' });
    await expectFailure(await run(nowhere), 'NoSuchBucket', /^Reading the manifest failed/);
  });

  it.each([
    ['empty', '', 'Invalid Manifest Content'],
    ['of three columns', 'images,image1.png,v\n', 'Manifest file is not properly formatted'],
    ['with a blank line', 'images,a\n\n', 'Manifest file is not properly formatted'],
    ['with a key that is not encoded', 'images,100%.png\n', 'Invalid object key format'],
  ])('when the manifest is %s', async (_what, rows, reason) => {
    const job = await run(await world.manifest(rows));
    await expectFailure(job, 'InvalidManifestContent', new RegExp(`^${reason}$`));
  });

  it('when the fields name no key', async () => {
    const job = await run(withManifest({ fields: ['Bucket', 'Ignore'] }));
    await expectFailure(job, 'InvalidManifestContent', /^Required fields are missing .*: Key$/);
  });
});

describe('a job whose tasks fail', () => {
  it('completes and reports what the policy of the bucket denies its role', async () => {
    const { buckets } = world.services.s3;
    const document = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: { AWS: ROLE_ARN },
          Action: 's3:PutObjectTagging',
          Resource: 'arn:aws:s3:::images/image1.png',
        },
      ],
    });
    await world.put('images', 'image2.png');
    const roles = { [ROLE_ARN]: world.services.iam.find('batch')!.id };
    buckets.configure(buckets.find('images')!, { policy: { document, roles } });
    const job = await run(await world.manifest('images,image1.png\nimages,image2.png\n'));
    buckets.configure(buckets.find('images')!, { policy: undefined });
    expect(job).toMatchObject({ status: 'Complete', progress: { succeeded: 1, failed: 1 } });
    const failed = (await world.reportRows(job.id)).find(row => row[3] === 'failed');
    expect(failed?.[1]).toBe('image1.png');
    expect(failed?.join(' ')).toContain('AccessDenied');
  });

  it.each([
    ['a header', 'Bucket,Key\nimages,image1.png\n', 'NoSuchBucket', '404'],
    ['a byte order mark', '\ufeffimages,image1.png\nimages,image1.png\n', 'NoSuchBucket', '404'],
    ["another bucket's row", 'assets,manifest.csv\nimages,image1.png\n', 'AccessDenied', '403'],
    ['a missing bucket', 'nowhere,k\nimages,image1.png\n', 'NoSuchBucket', '404'],
  ])('completes and reports %s', async (_what, rows, code, status) => {
    const job = await run(await world.manifest(rows));
    expect(job).toMatchObject({ status: 'Complete', progress: { succeeded: 1, failed: 1 } });
    const failed = (await world.reportRows(job.id)).find(row => row[3] === 'failed');
    expect(failed?.slice(4, 6)).toEqual([status, code]);
    expect(failed?.[0]).toBe(rows.split(',')[0]);
  });

  it('says AccessDenied for each when the role may not tag', async () => {
    world.putRole(without('Tag'));
    const job = await run();
    expect(job).toMatchObject({ status: 'Complete', progress: { failed: 1 }, failureReasons: [] });
    const [row] = await world.reportRows(job.id);
    expect(row?.slice(3, 6)).toEqual(['failed', '403', 'AccessDenied']);
    expect(row?.[6]).toContain('is not authorized to perform: s3:PutObjectTagging on resource');
  });

  it('needs the permission for versions when the manifest names them', async () => {
    world.putRole([
      ...without('Tag'),
      { Effect: 'Allow', Action: 's3:PutObjectTagging', Resource: 'arn:aws:s3:::images/*' },
    ]);
    const rows = await world.manifest('images,image1.png,null\n');
    const fields = ['Bucket', 'Key', 'VersionId'] as const;
    const job = await run({ ...rows, manifest: { ...rows.manifest, fields } });
    const [row] = await world.reportRows(job.id);
    expect(row?.[6]).toContain('s3:PutObjectVersionTagging');
  });

  it('stops when its role is taken away meanwhile', async () => {
    const suspended = { ...definition, confirmationRequired: true };
    const id = world.start(suspended);
    await world.reaches(id, 'Suspended');
    world.putRole(STATEMENTS, TRUST.replace('batchoperations.s3', 'lambda'));
    world.setStatus(id, 'Ready');
    const job = await world.end(id);
    expect(job).toMatchObject({ status: 'Failed', failureReasons: [{ code: 'AccessDenied' }] });
    expect(world.tags('image1.png')).toEqual({});
  });
});

describe('a report that can not be written', () => {
  const reason =
    'The job report could not be written to your report bucket. Please check your permissions.';

  it('fails the job although its tasks were run: permission', async () => {
    world.putRole(without('Report'));
    const job = await run();
    expect(job).toMatchObject({ status: 'Failed', progress: { succeeded: 1 } });
    expect(job.failureReasons).toEqual([{ code: 'AccessDenied', reason }]);
    expect(world.tags('image1.png')).toEqual({ phototype: 'finished' });
  });

  it('fails the job although its tasks were run: bucket gone, bucket of another', async () => {
    const report = { ...definition.report!, bucketArn: 'arn:aws:s3:::nowhere' };
    const job = await run({ ...definition, report });
    expect(job).toMatchObject({ status: 'Failed', failureReasons: [{ code: 'NoSuchBucket' }] });
    const other = { ...definition.report!, expectedBucketOwner: '999999999999' };
    expect(await run({ ...definition, report: other })).toMatchObject({
      status: 'Failed',
      failureReasons: [{ code: 'AccessDenied', reason }],
    });
  });
});
