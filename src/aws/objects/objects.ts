import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { call, type CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { unquoted } from './listing.ts';
import { formatS3Uri } from '../s3Uri.ts';

export interface ReadObjectInput {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  /** Bytes; a bigger object is refused before its body is read. */
  readonly maxBytes: number;
}

/**
 * A small object's whole body. What counts is the bytes that come, whatever length the answer names.
 *
 * @throws BrigadeError `InvalidInput` when it is bigger than `maxBytes`, `NotFound` …
 */
export async function readObject(
  client: S3Client,
  input: ReadObjectInput,
  options: CallOptions = {},
): Promise<Uint8Array> {
  return (await readWholeObject(client, input, options)).body;
}

/** The same, with the ETag it has, without quotes. @throws as readObject */
export async function readWholeObject(
  client: S3Client,
  { maxBytes, ...object }: ReadObjectInput,
  options: CallOptions = {},
): Promise<{ body: Uint8Array; eTag: string }> {
  const subject = formatS3Uri(object);
  const { body, size, eTag } = await openObject(client, object, options);
  const tooBig = () =>
    new BrigadeError('InvalidInput', `The object is bigger than ${maxBytes} bytes`, {
      subject,
      reason: 'TooBig',
    });
  if (size > maxBytes) {
    body.destroy();
    throw tooBig();
  }
  return call(subject, options, async () => {
    const chunks: Buffer[] = [];
    let total = 0;
    for await (const chunk of body as AsyncIterable<Buffer>) {
      total += chunk.length;
      // Leaving the loop destroys the stream, and the connection with it.
      if (total > maxBytes) throw tooBig();
      chunks.push(chunk);
    }
    return { body: Buffer.concat(chunks), eTag };
  });
}

export interface OpenedObject {
  readonly body: Readable;
  /** Bytes. */
  readonly size: number;
  /** Without quotes. */
  readonly eTag: string;
  readonly versionId?: string;
  readonly contentType?: string;
  /** `AES256`, `aws:kms` … */
  readonly encryption?: string;
}

/**
 * Begins to read an object; its body streams. The caller reads it to its end or destroys it, and
 * turns what the stream throws into a BrigadeError.
 *
 * @param input.ifMatch an ETag without quotes: an object that has changed since is a `Conflict`.
 */
export async function openObject(
  client: S3Client,
  input: { bucket: string; key: string; versionId?: string; ifMatch?: string },
  options: CallOptions = {},
): Promise<OpenedObject> {
  const command = new GetObjectCommand({
    Bucket: input.bucket,
    Key: input.key,
    VersionId: input.versionId,
    IfMatch: quoted(input.ifMatch),
  });
  return call(formatS3Uri(input), options, async () => {
    const output = await client.send(command, { abortSignal: options.signal });
    if (!(output.Body instanceof Readable)) {
      throw new BrigadeError('Unknown', 'S3 answered without a body', {
        subject: formatS3Uri(input),
        problem: { kind: 'noBody' },
      });
    }
    return {
      body: output.Body,
      size: output.ContentLength ?? 0,
      eTag: unquoted(output.ETag) ?? '',
      versionId: output.VersionId,
      contentType: output.ContentType,
      encryption: output.ServerSideEncryption,
    };
  });
}

export interface WriteObjectInput {
  readonly bucket: string;
  readonly key: string;
  readonly body: Uint8Array | string;
  /** An ETag without quotes: write only over this very state. */
  readonly ifMatch?: string;
  /** `*`: write only where there is no object yet. */
  readonly ifNoneMatch?: '*';
  /** With S3's own keys, whatever the bucket's default is. */
  readonly encryption?: 'AES256';
}

/**
 * Writes a small object with nothing besides its bytes: for one that is ours, or new. To change the
 * bytes of any other there is `saveObject`.
 *
 * @throws BrigadeError `Conflict` when `ifMatch` or `ifNoneMatch` does not hold.
 */
export async function writeObject(
  client: S3Client,
  input: WriteObjectInput,
  options: CallOptions = {},
): Promise<{ eTag: string; versionId?: string }> {
  const command = new PutObjectCommand({
    Bucket: input.bucket,
    Key: input.key,
    // The SDK takes an empty string for a stream of unknown length.
    Body: typeof input.body === 'string' ? Buffer.from(input.body) : input.body,
    IfMatch: quoted(input.ifMatch),
    IfNoneMatch: input.ifNoneMatch,
    ServerSideEncryption: input.encryption,
  });
  return call(formatS3Uri(input), options, async () => {
    const output = await client.send(command, { abortSignal: options.signal });
    return { eTag: unquoted(output.ETag) ?? '', versionId: output.VersionId };
  });
}

function quoted(eTag: string | undefined): string | undefined {
  return eTag === undefined ? undefined : `"${eTag}"`;
}
