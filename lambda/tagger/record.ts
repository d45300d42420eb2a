import { createHash } from 'node:crypto';
import { textOf, type ObjectAddress, type S3 } from '../s3/s3.ts';
import { S3Error } from '../s3/s3Error.ts';
import { permanent } from './fault.ts';
import { isTags, type Tag } from './tag.ts';

/** What a job found and what it makes of it: an object beside its report, written before any change. */
export interface TagRecord {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string | undefined;
  readonly before: readonly Tag[];
  /** Undefined in one that the extension wrote where nobody knows it. */
  readonly after?: readonly Tag[] | undefined;
}

/** Where a job's records are: `s3://bucket/<prefix>/job-<id>/before/`. */
export interface RecordFolder {
  readonly bucket: string;
  readonly prefix: string;
}

/**
 * The place of an object's record. It depends on nothing but the job and the object, so that a task that is
 * invoked again finds what the first invocation wrote.
 */
export function recordAddress(
  { bucket, prefix }: RecordFolder,
  object: ObjectAddress,
): ObjectAddress {
  const name = JSON.stringify([object.bucket, object.key, object.versionId ?? '']);
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 40);
  return { bucket, key: `${prefix}${hash}.json` };
}

/**
 * Writes a record if there is none yet.
 *
 * @returns the one that was there: of an earlier invocation for the same object
 * @throws S3Error, or what the network failed with
 */
export async function writeRecord(
  s3: S3,
  at: ObjectAddress,
  record: TagRecord,
): Promise<TagRecord | undefined> {
  const bytes = Buffer.from(JSON.stringify(record));
  try {
    await s3.putObject(at, bytes, {
      'content-type': 'application/json',
      'if-none-match': '*',
      // As S3's own report beside it: the role may use no KMS key that is the bucket's default.
      'x-amz-server-side-encryption': 'AES256',
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof S3Error) || error.name !== 'PreconditionFailed') throw error;
    return await readRecord(s3, at);
  }
}

/**
 * The record at a place; undefined when there is none.
 *
 * @throws Fault permanent `DamagedRecord`; S3Error, or what the network failed with
 */
export async function readRecord(s3: S3, at: ObjectAddress): Promise<TagRecord | undefined> {
  try {
    const { body } = await s3.getObject(at);
    return parseRecord(await textOf(body), at);
  } catch (error) {
    if (error instanceof S3Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}

function parseRecord(text: string, { bucket, key }: ObjectAddress): TagRecord {
  const damaged = permanent('DamagedRecord', `s3://${bucket}/${key} holds no former tags`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged;
  }
  const { before, after } = Object(value) as Partial<TagRecord>;
  if (!isTags(before) || (after !== undefined && !isTags(after))) throw damaged;
  return value as TagRecord;
}
