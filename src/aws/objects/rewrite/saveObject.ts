import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { call, type CallOptions } from '../../call.ts';
import { BrigadeError } from '../../errors.ts';
import { formatS3Uri } from '../../s3Uri.ts';
import { contentTypeOf } from '../contentType.ts';
import { unquoted } from '../listing.ts';
import { BucketRules } from './bucketRules.ts';
import { retryConflicts, toConditionError } from './conditions.ts';
import { COMPUTED } from './objectChecksum.ts';
import {
  readObjectState,
  refuseArchived,
  refuseHiddenMetadata,
  type ObjectState,
} from './objectState.ts';
import { readTags } from './readTags.ts';
import { encodeTags } from './tagHeader.ts';
import type { Tag } from '../tagRules.ts';
import { sendVerbatim } from './verbatimHeaders.ts';
import { findWrittenBody } from './findWrittenBody.ts';

export interface SaveObjectInput {
  readonly bucket: string;
  readonly key: string;
  readonly body: Uint8Array;
  /** The ETag of the state to write over, without quotes; without it there must be no object yet. */
  readonly over?: string;
}

/**
 * Writes an object's bytes and nothing else of it: all that PutObject would set back is read and
 * sent along. It is written only over the state that the caller knows, or where nothing is yet.
 *
 * S3 has no condition for what is beside the bytes: tags or metadata that another client changes
 * between the reading and the write, a moment, are set back.
 *
 * @throws BrigadeError `Conflict` when the object is not in that state; `AccessDenied` naming the
 *   permission where it can't be known what would be lost; `InvalidInput` with a `reason` where
 *   something can't be carried, or the service knows no conditions
 */
export async function saveObject(
  client: S3Client,
  input: SaveObjectInput,
  options: CallOptions = {},
): Promise<{ eTag: string; versionId?: string }> {
  const { bucket, key, body, over } = input;
  const subject = formatS3Uri(input);
  const before = over === undefined ? undefined : await readBefore(client, input, over, options);
  const command = () => {
    const put = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: body,
      ...(before ? keptFields(before) : { ContentType: contentTypeOf(key) }),
      ...(over === undefined ? { IfNoneMatch: '*' } : { IfMatch: `"${over}"` }),
    });
    sendVerbatim(put, before?.state.expires);
    return put;
  };
  try {
    return await retryConflicts(options, () =>
      call(subject, options, async () => {
        const output = await client.send(command(), { abortSignal: options.signal });
        return { eTag: unquoted(output.ETag) ?? '', versionId: output.VersionId };
      }),
    );
  } catch (error) {
    // An answer may be lost, and the SDK's second try then meets what the first has written.
    const written = await findWrittenBody(client, { bucket, key, body, not: over }, error, options);
    if (written) return written;
    throw toConditionError(error, subject, over === undefined);
  }
}

interface Before {
  readonly state: ObjectState;
  readonly tags: readonly Tag[];
}

async function readBefore(
  client: S3Client,
  { bucket, key }: SaveObjectInput,
  over: string,
  options: CallOptions,
): Promise<Before> {
  const subject = formatS3Uri({ bucket, key });
  const state = await readObjectState(new BucketRules(client, bucket), key, options);
  if (state.eTag !== over) {
    throw new BrigadeError('Conflict', 'It has changed', { subject, reason: 'Changed' });
  }
  refuseArchived(state, subject);
  refuseHiddenMetadata(state, subject);
  if (state.checksum && !COMPUTED.includes(state.checksum.algorithm)) {
    const sentence = `Checksum algorithm ${state.checksum.algorithm}`;
    throw new BrigadeError('InvalidInput', sentence, { subject, reason: 'Checksum' });
  }
  // Last, for nothing holds a write against tags that are changed meanwhile.
  return { state, tags: await readTags(client, { bucket, key }, options) };
}

function keptFields({ state, tags }: Before) {
  return {
    ...state.headers,
    ...state.settings,
    ...state.grants,
    ChecksumAlgorithm: state.checksum?.algorithm,
    Tagging: encodeTags(tags),
  };
}
