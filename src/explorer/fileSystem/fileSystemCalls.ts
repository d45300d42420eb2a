import type { AwsClients } from '../../aws/clients.ts';
import { BrigadeError } from '../../aws/errors.ts';
import type { ObjectSummary } from '../../aws/objects/listing.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { isAccessDenied } from '../isAccessDenied.ts';
import type { ObjectStat, Stat } from './statCache.ts';

/** Names only come back from a folder listing, and VS Code shows them all: more is no use. */
const MAX_FOLDER = 20_000;

/** What a key stands for: an object before a folder of the same name. */
export async function lookUp(
  clients: AwsClients,
  bucket: string,
  key: string | undefined,
): Promise<Stat> {
  const { headObject, listObjects } = await import('../../aws/objects/listing.ts');
  const client = await clients.s3ForBucket(bucket);
  let denied: unknown;
  if (key) {
    try {
      const { size, lastModified, eTag } = await headObject(client, { bucket, key });
      return { kind: 'object', size, mtime: wholeSeconds(lastModified), eTag };
    } catch (error) {
      // Without s3:ListBucket a key that does not exist is "denied" too.
      if (isAccessDenied(error)) denied = error;
      else if (!isNotFound(error)) throw error;
    }
  }
  const prefix = key === undefined ? '' : `${key}/`;
  const { objects, prefixes } = await listObjects(client, { bucket, prefix, pageSize: 1 });
  if (key === undefined || objects.length + prefixes.length > 0) return { kind: 'folder' };
  if (denied !== undefined) throw asError(denied);
  return { kind: 'none' };
}

export interface ListedFolder {
  readonly prefixes: readonly string[];
  readonly objects: readonly (readonly [key: string, stat: ObjectStat])[];
}

/**
 * What is directly below a prefix; undefined where nothing is, for then there is no such folder.
 *
 * @throws BrigadeError `InvalidInput` if there is more than a folder can show.
 */
export async function listFolder(
  clients: AwsClients,
  bucket: string,
  prefix: string,
): Promise<ListedFolder | undefined> {
  const { listObjects } = await import('../../aws/objects/listing.ts');
  const client = await clients.s3ForBucket(bucket);
  const prefixes: string[] = [];
  const objects: [string, ObjectStat][] = [];
  let token: string | undefined;
  do {
    const page = await listObjects(client, { bucket, prefix, continuationToken: token });
    prefixes.push(...page.prefixes);
    objects.push(
      ...page.objects.map(object => [object.key, statOf(object)] as [string, ObjectStat]),
    );
    if (prefixes.length + objects.length > MAX_FOLDER) {
      const subject = formatS3Uri({ bucket, key: prefix });
      const problem = { kind: 'bigFolder', max: MAX_FOLDER } as const;
      throw new BrigadeError('InvalidInput', `More than ${MAX_FOLDER} entries`, {
        subject,
        problem,
      });
    }
    token = page.nextToken;
  } while (token !== undefined);
  const isEmpty = prefixes.length + objects.length === 0;
  return isEmpty && prefix !== '' ? undefined : { prefixes, objects };
}

function statOf({ size, lastModified, eTag = '' }: ObjectSummary): ObjectStat {
  return { kind: 'object', size, mtime: wholeSeconds(lastModified), eTag };
}

function wholeSeconds(date: Date | undefined): number {
  return Math.floor((date?.getTime() ?? 0) / 1000) * 1000;
}

/** A whole body with the ETag it has. @throws BrigadeError `InvalidInput` if it is bigger than `max` bytes. */
export async function readBody(
  clients: AwsClients,
  bucket: string,
  key: string,
  max: number,
): Promise<{ body: Uint8Array; eTag: string }> {
  const { readWholeObject } = await import('../../aws/objects/objects.ts');
  const client = await clients.s3ForBucket(bucket);
  return await readWholeObject(client, { bucket, key, maxBytes: max });
}

export interface WriteBodyInput {
  readonly bucket: string;
  readonly key: string;
  readonly content: Uint8Array;
  /** The state to write over; without it the object must not be there yet. */
  readonly over?: ObjectStat;
}

/** Writes an object's bytes and keeps the rest of it. @throws as saveObject */
export async function writeBody(clients: AwsClients, input: WriteBodyInput): Promise<void> {
  const { bucket, key, content, over } = input;
  const { saveObject } = await import('../../aws/objects/rewrite/saveObject.ts');
  const client = await clients.s3ForBucket(bucket);
  await saveObject(client, { bucket, key, body: content, over: over?.eTag });
}

function isNotFound(error: unknown): boolean {
  return error instanceof BrigadeError && error.code === 'NotFound';
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
