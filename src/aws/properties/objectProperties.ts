import {
  GetObjectAclCommand,
  GetObjectAttributesCommand,
  GetObjectLegalHoldCommand,
  GetObjectRetentionCommand,
  HeadObjectCommand,
  type GetObjectAclCommandOutput,
  type GetObjectAttributesCommandOutput,
  type HeadObjectCommandOutput,
  type ObjectLockRetention,
  type S3Client,
} from '@aws-sdk/client-s3';
import { callWithAction, type CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { explainHead } from '../objects/listing.ts';
import type { Tag } from '../objects/tagRules.ts';
import { getObjectTags } from '../objects/tags.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { readProperty, type Reading } from './reading.ts';

export interface ObjectAddress {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

/** All that S3 tells of an object besides its bytes. */
export interface ObjectProperties {
  /** Headers, metadata, storage class, encryption, a checksum: one answer. */
  readonly head: Reading<HeadObjectCommandOutput>;
  /** The checksum's type, and the parts that it was uploaded in. */
  readonly attributes: Reading<GetObjectAttributesCommandOutput>;
  readonly tags: Reading<readonly Tag[]>;
  readonly retention: Reading<ObjectLockRetention>;
  readonly legalHold: Reading<'ON' | 'OFF'>;
  readonly acl: Reading<GetObjectAclCommandOutput>;
}

/**
 * Reads an object's properties, all at once; what can't be read has the reason instead.
 *
 * @throws BrigadeError `NotFound` when there is no such object, `Cancelled`, `Network`,
 *   `Credentials…`
 */
export async function readObjectProperties(
  client: S3Client,
  address: ObjectAddress,
  options: CallOptions = {},
): Promise<ObjectProperties> {
  const input = { Bucket: address.bucket, Key: address.key, VersionId: address.versionId };
  const abort = { abortSignal: options.signal };
  const question = <T>(name: string, ask: () => Promise<T | undefined>) =>
    readProperty({ action: actionOf(name, address), subject: formatS3Uri(address), ask }, options);
  const [head, attributes, tags, retention, legalHold, acl] = await Promise.all([
    readHead(client, address, options),
    question('GetObjectAttributes', () =>
      client.send(
        new GetObjectAttributesCommand({
          ...input,
          ObjectAttributes: ['Checksum', 'ObjectParts'],
        }),
        abort,
      ),
    ),
    question('GetObjectTagging', async () => {
      const found = await getObjectTags(client, address, options);
      return found.length === 0 ? undefined : found;
    }),
    question('GetObjectRetention', async () => {
      const { Retention } = await client.send(new GetObjectRetentionCommand(input), abort);
      return Retention;
    }),
    question('GetObjectLegalHold', async () => {
      const { LegalHold } = await client.send(new GetObjectLegalHoldCommand(input), abort);
      return LegalHold?.Status;
    }),
    question('GetObjectAcl', () => client.send(new GetObjectAclCommand(input), abort)),
  ]);
  return { head, attributes, tags, retention, legalHold, acl };
}

/** Without it there is nothing to show, unless it is only not permitted. */
async function readHead(
  client: S3Client,
  address: ObjectAddress,
  options: CallOptions,
): Promise<Reading<HeadObjectCommandOutput>> {
  const input = { Bucket: address.bucket, Key: address.key, VersionId: address.versionId };
  const command = new HeadObjectCommand({ ...input, ChecksumMode: 'ENABLED' });
  const action = actionOf('GetObject', address);
  try {
    const value = await callWithAction(action, formatS3Uri(address), options, () =>
      client
        .send(command, { abortSignal: options.signal })
        .catch((error: unknown) => explainHead(client, input, error, options)),
    );
    return { kind: 'known', value };
  } catch (error) {
    if (!(error instanceof BrigadeError) || error.code !== 'AccessDenied') throw error;
    return { kind: 'denied', action: error.action ?? action };
  }
}

/** A version takes a permission of its own, but for its retention and legal hold. */
function actionOf(name: string, { versionId }: ObjectAddress): string {
  const hasOwn = versionId !== undefined && !/Retention|LegalHold/.test(name);
  return `s3:${hasOwn ? name.replace('Object', 'ObjectVersion') : name}`;
}
