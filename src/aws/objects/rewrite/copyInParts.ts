import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCopyCommand,
  type CompletedPart,
  type S3Client,
} from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { call } from '../../call.ts';
import { formatS3Uri } from '../../s3Uri.ts';
import { unquoted } from '../listing.ts';
import {
  abandonUpload,
  abortLeftovers,
  eTagOf,
  findCompleted,
  type MultipartUpload,
} from '../multipartUploads.ts';
import { conditionOf, type CopyInput, type CopyOptions, type CopyRoute } from './copyRoute.ts';
import { copySource } from './copySource.ts';
import type { ObjectChecksum } from './objectChecksum.ts';
import { refuseHiddenMetadata, type ObjectState } from './objectState.ts';
import { readTags } from './readTags.ts';
import { encodeTags } from './tagHeader.ts';
import { sendVerbatim } from './verbatimHeaders.ts';

const MIB = 1024 ** 2;
const MIN_PART = 256 * MIB;
/** S3's limit of parts. */
const MAX_PARTS = 10_000;
const PARTS_AT_A_TIME = 8;

/**
 * Copies an object that is too big for CopyObject. Nothing comes along by itself then: headers,
 * metadata and tags are read and given.
 *
 * @returns the copy's ETag, without quotes
 * @throws BrigadeError as uploadFile
 */
export async function copyInParts(
  route: CopyRoute,
  input: CopyInput,
  state: ObjectState,
  options: CopyOptions,
): Promise<string> {
  const { client, bucket } = route.target;
  const subject = formatS3Uri({ bucket, key: input.to });
  await abortLeftovers(client, bucket, options.journal);
  const uploadId = await call(subject, options, () => begin(route, input, state, options));
  const upload: MultipartUpload = { bucket, key: input.to, uploadId };
  options.journal?.begin(upload);
  try {
    const parts = await call(subject, options, () =>
      copyParts(route, input, state, uploadId, options),
    );
    const copy = { eTag: eTagOf(parts), of: state.eTag };
    const eTag = await complete(client, { ...upload, copy }, parts, input, options);
    options.journal?.end(upload);
    return eTag;
  } catch (error) {
    return await abandonUpload(client, upload, error, options.journal);
  }
}

async function complete(
  client: S3Client,
  upload: MultipartUpload,
  parts: readonly CompletedPart[],
  { over }: CopyInput,
  options: CopyOptions,
): Promise<string> {
  const { bucket, key, uploadId } = upload;
  options.journal?.completing?.(upload);
  const command = new CompleteMultipartUploadCommand({
    ...{ Bucket: bucket, Key: key, UploadId: uploadId },
    MultipartUpload: { Parts: [...parts] },
    ...conditionOf(over),
  });
  try {
    const output = await call(formatS3Uri(upload), options, () =>
      client.send(command, { abortSignal: options.signal }),
    );
    // Ceph's gateway leaves it out of its answer.
    return unquoted(output.ETag) || eTagOf(parts);
  } catch (error) {
    // Its answer may be lost, or be one to the SDK's second try.
    const done = await findCompleted(client, upload, parts, error);
    if (!done) throw error;
    return done.eTag;
  }
}

async function begin(
  { source, target }: CopyRoute,
  { from, fromVersion, to }: CopyInput,
  state: ObjectState,
  options: CopyOptions,
): Promise<string> {
  const object = { bucket: source.bucket, key: from, versionId: fromVersion };
  refuseHiddenMetadata(state, formatS3Uri(object));
  const command = new CreateMultipartUploadCommand({
    Bucket: target.bucket,
    Key: to,
    ...state.headers,
    ...state.settings,
    ...state.grants,
    ...checksumFields(state.checksum),
    Tagging: encodeTags(await readTags(source.client, object, options)),
  });
  sendVerbatim(command, state.expires);
  const output = await target.client.send(command, { abortSignal: options.signal });
  return output.UploadId ?? '';
}

/** SHA checksums of parts can't be joined to one of the whole, CRCs can. */
function checksumFields(checksum: ObjectChecksum | undefined) {
  if (!checksum) return {};
  const isComposite = checksum.isComposite || !checksum.algorithm.startsWith('CRC');
  return {
    ChecksumAlgorithm: checksum.algorithm,
    ChecksumType: isComposite ? ('COMPOSITE' as const) : ('FULL_OBJECT' as const),
  };
}

async function copyParts(
  { source, target }: CopyRoute,
  { from, fromVersion, to }: CopyInput,
  { size, eTag }: ObjectState,
  uploadId: string,
  options: CopyOptions,
): Promise<CompletedPart[]> {
  // Smaller only where a test copies little in parts.
  const smallest = Math.min(MIN_PART, options.maxCopyBytes ?? MIN_PART);
  const partSize = Math.max(smallest, Math.ceil(size / MAX_PARTS / MIB) * MIB);
  const starts = Array.from({ length: Math.ceil(size / partSize) }, (_, index) => index * partSize);
  // The first failure ends them all; what is under way comes to its end, for S3 would keep its part.
  let failure: { readonly error: unknown } | undefined;
  const parts = await pLimit(PARTS_AT_A_TIME).map(starts, async (start, index) => {
    if (failure) return undefined;
    const command = new UploadPartCopyCommand({
      Bucket: target.bucket,
      Key: to,
      UploadId: uploadId,
      PartNumber: index + 1,
      CopySource: copySource(source.bucket, from, fromVersion),
      CopySourceIfMatch: `"${eTag}"`,
      CopySourceRange: `bytes=${start}-${Math.min(start + partSize, size) - 1}`,
    });
    try {
      options.signal?.throwIfAborted();
      const output = await target.client.send(command, { abortSignal: options.signal });
      // It has a date too, which the list of parts leaves out.
      return { ...output.CopyPartResult, PartNumber: index + 1 };
    } catch (error) {
      failure ??= { error };
      return undefined;
    }
  });
  if (failure) throw failure.error;
  return parts.filter(part => part !== undefined);
}
