import { AwsError } from '../errors.ts';
import { newId } from '../iam/newId.ts';
import { sandboxUser } from '../principal.ts';
import { REGION } from '../region.ts';
import { putObject } from '../s3/objects/putObject.ts';
import type { S3Context } from '../s3/s3Context.ts';
import { encodeManifestKey, hardKeys } from './hardKeys.ts';
import { readLabFunction } from './labFunction.ts';
import { LAB_IMAGES, labImageFolder, readLabImage } from './labImages.ts';
import { labRoles } from './labRoles.ts';
import type { LabRole } from './labRoles.ts';

/** The number of the lab's first edition. */
export const LAB_NUMBER = '82834469';

interface SeedObject {
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
  readonly read: () => Buffer | Promise<Buffer>;
}

/**
 * Makes the lab's buckets, objects and roles where they are missing; what is there stays as it is, so
 * that it can be asked for at every start.
 * @param number what the bucket names end in
 */
export async function seedLab(context: S3Context, number: string = LAB_NUMBER): Promise<void> {
  if (!/^[a-z0-9-]{1,40}$/.test(number)) {
    throw new AwsError('InvalidBucketName', 400, `"${number}" can not end a bucket's name.`);
  }
  const { buckets } = context.s3;
  for (const name of [`images-${number}`, `images-${number}-resized`, `assets-${number}`]) {
    if (!buckets.find(name)) buckets.create(name, REGION, context.clock.now());
  }
  for (const role of labRoles(number)) seedRole(context, role);
  const folder = await labImageFolder();
  for (const object of labObjects(folder, number)) await seedObject(context, object);
  await seedHardKeys(context, number);
}

function labObjects(folder: string, number: string): SeedObject[] {
  const images = LAB_IMAGES.map(([key, contentType]) => ({
    bucket: `images-${number}`,
    key,
    contentType,
    read: () => readLabImage(folder, key),
  }));
  const rows = images.map(({ bucket, key }) => `${bucket},${encodeManifestKey(key)}\n`);
  const assets = `assets-${number}`;
  const zip = { key: 'function.zip', contentType: 'application/zip', read: readLabFunction };
  return [...images, csv(assets, 'manifest.csv', rows), { bucket: assets, ...zip }];
}

async function seedHardKeys(context: S3Context, number: string): Promise<void> {
  const bucket = `hard-keys-${number}`;
  const { buckets } = context.s3;
  if (!buckets.find(bucket)) buckets.create(bucket, REGION, context.clock.now());
  const keys = hardKeys();
  for (const key of keys) {
    const read = (): Buffer => Buffer.from(`The key of this object is ${JSON.stringify(key)}.\n`);
    await seedObject(context, { bucket, key, contentType: 'text/plain; charset=utf-8', read });
  }
  const rows = keys.map(key => `${bucket},${encodeManifestKey(key)}\n`);
  await seedObject(context, csv(`assets-${number}`, 'manifest-hard-keys.csv', rows));
}

function csv(bucket: string, key: string, rows: readonly string[]): SeedObject {
  return { bucket, key, contentType: 'text/csv', read: () => Buffer.from(rows.join('')) };
}

async function seedObject(context: S3Context, object: SeedObject): Promise<void> {
  const { bucket, key, contentType, read } = object;
  const { s3, accountId } = context;
  const record = s3.buckets.find(bucket);
  if (record !== undefined && s3.versions.latest(record.id, key)) return;
  await putObject(context, sandboxUser(accountId), {
    bucket,
    key,
    body: await read(),
    headers: { 'content-type': contentType },
  });
}

function seedRole({ iam, accountId, clock }: S3Context, role: LabRole): void {
  if (iam.find(role.name)) return;
  const trust = {
    Effect: 'Allow',
    Principal: { Service: role.trustedService },
    Action: 'sts:AssumeRole',
  };
  const record = {
    id: newId('AROA'),
    name: role.name,
    path: '/',
    arn: `arn:aws:iam::${accountId}:role/${role.name}`,
    description: undefined,
    trustPolicy: policyDocument([trust]),
    maxSessionDuration: 3600,
    tags: [],
    created: clock.now(),
  };
  iam.save(record);
  iam.putInlinePolicy(record, role.policyName, policyDocument(role.statements));
}

function policyDocument(statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements }, undefined, 2);
}
