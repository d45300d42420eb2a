import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { call, type CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { unquoted } from '../objects/listing.ts';
import { formatS3Uri } from '../s3Uri.ts';

export interface PartInput {
  readonly bucket: string;
  readonly key: string;
  /** Bytes from the beginning; negative: from the end. */
  readonly offset: number;
  /** Maximum length, in bytes. */
  readonly length: number;
  /** An ETag without quotes that it must have. */
  readonly ifMatch?: string;
  /** An ETag without quotes: nothing is read while it has that one. */
  readonly ifNoneMatch?: string;
}

export interface ObjectPart {
  readonly body: Uint8Array;
  /** Where it begins, in bytes. */
  readonly offset: number;
  /** Bytes of the whole object. */
  readonly total: number;
  /** Without quotes. */
  readonly eTag: string;
  readonly contentEncoding?: string;
}

/**
 * Reads a range of bytes of an object with one ranged GET.
 *
 * @returns undefined where the object still has the ETag `ifNoneMatch`
 * @throws BrigadeError `Conflict` when its ETag is not `ifMatch`, `InvalidInput` with the reason
 *   `BeyondEnd` when the part would begin behind its end, `NotFound` …
 */
export async function readPart(
  client: S3Client,
  input: PartInput,
  options: CallOptions = {},
): Promise<ObjectPart | undefined> {
  const subject = formatS3Uri(input);
  const { bucket, key, offset, length } = input;
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    Range: offset < 0 ? `bytes=${offset}` : `bytes=${offset}-${offset + length - 1}`,
    IfMatch: quoted(input.ifMatch),
    IfNoneMatch: quoted(input.ifNoneMatch),
  });
  try {
    const part = await call(subject, options, async () => {
      const output = await client.send(command, { abortSignal: options.signal });
      return await partOf(output, input, subject);
    });
    // Some services answer a request for the end of an object with its beginning.
    const start = Math.max(0, part.total + offset);
    if (offset >= 0 || part.offset === start) return part;
    return await readPart(client, { ...input, offset: start, length: -offset }, options);
  } catch (error) {
    const status = statusOf(error);
    if (status === 304) return undefined;
    if (status !== 416) throw error;
    // Of nothing there is no part, and it is no mistake to ask for its first.
    if (offset <= 0) return await emptyPart(client, input, options);
    throw new BrigadeError('InvalidInput', 'It ends before', {
      ...{ subject, reason: 'BeyondEnd', cause: error },
    });
  }
}

function quoted(eTag: string | undefined): string | undefined {
  return eTag === undefined ? undefined : `"${eTag}"`;
}

async function partOf(
  output: GetObjectCommandOutput,
  { offset, length }: PartInput,
  subject: string,
): Promise<ObjectPart> {
  const { Body: stream, ContentRange, ContentLength = 0, ContentEncoding } = output;
  if (!(stream instanceof Readable))
    throw new BrigadeError('Unknown', 'S3 answered without a body', {
      subject,
      problem: { kind: 'noBody' },
    });
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(ContentRange ?? '') ?? [];
  if (from === undefined && offset !== 0) {
    stream.destroy();
    const reason = 'NoRanges';
    throw new BrigadeError('InvalidInput', 'The whole object was answered', { subject, reason });
  }
  return {
    // A service without ranges answers with the whole object: its beginning is enough.
    body: await firstBytes(stream, Math.min(length, offset < 0 ? -offset : length)),
    offset: Number(from ?? 0),
    total: Number(total ?? ContentLength),
    eTag: unquoted(output.ETag) ?? '',
    contentEncoding: ContentEncoding,
  };
}

/** What comes first; leaving the loop destroys the stream, and the connection with it. */
async function firstBytes(stream: Readable, length: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= length) break;
  }
  return Buffer.concat(chunks).subarray(0, length);
}

/** S3 refuses every range of an empty object. */
async function emptyPart(
  client: S3Client,
  { bucket, key, ifMatch }: PartInput,
  options: CallOptions,
): Promise<ObjectPart> {
  const { headObject } = await import('../objects/listing.ts');
  const { size, eTag } = await headObject(client, { bucket, key }, options);
  if (size === 0 && (ifMatch ?? eTag) === eTag) {
    return { body: new Uint8Array(), offset: 0, total: 0, eTag };
  }
  const subject = formatS3Uri({ bucket, key });
  throw new BrigadeError('Conflict', 'It has changed', { subject, reason: 'Changed' });
}

function statusOf(error: unknown): number {
  const cause = error instanceof BrigadeError ? error.cause : error;
  const { $metadata } = (cause ?? {}) as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode ?? 0;
}
