import {
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  type GetObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { toBrigadeError } from '../toBrigadeError.ts';
import { formatS3Uri } from '../s3Uri.ts';
import {
  archiveState,
  listedRestore,
  restoredCopy,
  type ArchiveState,
  type RestoredCopy,
} from './archive.ts';

export interface BucketSummary {
  readonly name: string;
  readonly region?: string;
  readonly creationDate?: Date;
}

/** The account's buckets of all Regions, every page, in AWS's order (by name). @throws BrigadeError */
export async function listBuckets(
  clients: AwsClients,
  options: CallOptions = {},
): Promise<BucketSummary[]> {
  const buckets: BucketSummary[] = [];
  let token: string | undefined;
  do {
    // AWS tells a bucket's Region only when the request has a parameter.
    const command = new ListBucketsCommand({ MaxBuckets: 1000, ContinuationToken: token });
    const output = await call('s3://', options, () =>
      clients.s3().send(command, { abortSignal: options.signal }),
    );
    for (const bucket of output.Buckets ?? []) {
      const region = bucket.BucketRegion;
      if (bucket.Name !== undefined) {
        buckets.push({ name: bucket.Name, region, creationDate: bucket.CreationDate });
        clients.rememberRegion(bucket.Name, region);
      }
    }
    token = output.ContinuationToken === '' ? undefined : output.ContinuationToken;
  } while (token !== undefined);
  return buckets;
}

export interface ObjectSummary {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  readonly lastModified?: Date;
  /** Without quotes. */
  readonly eTag?: string;
  readonly storageClass?: string;
  /** Only where the listing was asked for restores. */
  readonly restore?: RestoredCopy;
}

export interface ListObjectsInput {
  readonly bucket: string;
  /** Always sent, even empty: policies with a condition on `s3:prefix` deny a list without it. */
  readonly prefix: string;
  /** 1 to 1000, 1000 by default. */
  readonly pageSize?: number;
  readonly continuationToken?: string;
  /** `/` by default; `''` lists everything below the prefix, without prefixes. */
  readonly delimiter?: string;
  /** Has S3 say of archived objects what is restored of them. */
  readonly withRestores?: boolean;
}

export interface ObjectPage {
  readonly prefixes: readonly string[];
  /** An object whose key is the prefix itself (a "folder" made by the console) is among them. */
  readonly objects: readonly ObjectSummary[];
  /** Given back as `continuationToken` for the next page. */
  readonly nextToken?: string;
}

/** One page of a bucket's prefixes and objects; any legal key survives. @throws BrigadeError */
export async function listObjects(
  client: S3Client,
  input: ListObjectsInput,
  options: CallOptions = {},
): Promise<ObjectPage> {
  const { bucket, prefix, pageSize, continuationToken, delimiter = '/', withRestores } = input;
  const command = new ListObjectsV2Command({
    Bucket: bucket,
    Prefix: prefix,
    Delimiter: delimiter === '' ? undefined : delimiter,
    MaxKeys: pageSize,
    ContinuationToken: continuationToken,
    // XML 1.0 cannot carry some characters that keys can have.
    EncodingType: 'url',
    ...(withRestores && { OptionalObjectAttributes: ['RestoreStatus'] }),
  });
  return call(formatS3Uri({ bucket, key: prefix }), options, async () => {
    const output = await client.send(command, { abortSignal: options.signal });
    const decode = output.EncodingType === 'url' ? decodeListed : (key: string) => key;
    return {
      prefixes: (output.CommonPrefixes ?? []).map(common => decode(common.Prefix ?? '')),
      objects: (output.Contents ?? []).map(object => ({
        key: decode(object.Key ?? ''),
        size: object.Size ?? 0,
        lastModified: object.LastModified,
        eTag: unquoted(object.ETag),
        storageClass: object.StorageClass,
        ...(object.RestoreStatus && { restore: listedRestore(object.RestoreStatus) }),
      })),
      nextToken: output.IsTruncated ? output.NextContinuationToken : undefined,
    };
  });
}

/** S3 writes a space of a listed key as `+` and a plus as `%2B`. */
export function decodeListed(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch {
    // Another engine's slip must not hide the whole bucket.
    return encoded;
  }
}

/** Without the quotes S3 puts around it: batch jobs want an ETag bare. */
export function unquoted(eTag: string | undefined): string | undefined {
  return eTag?.replaceAll('"', '');
}

export interface ObjectDetails {
  /** Bytes. */
  readonly size: number;
  /** Without quotes. */
  readonly eTag: string;
  readonly lastModified?: Date;
  readonly versionId?: string;
  readonly contentType?: string;
  /** S3 names every class but STANDARD. */
  readonly storageClass?: string;
  readonly archive: ArchiveState;
  /** The archive tier of an object in Intelligent-Tiering: `ARCHIVE_ACCESS`, `DEEP_ARCHIVE_ACCESS`. */
  readonly archiveTier?: string;
  readonly restore?: RestoredCopy;
}

/** What S3 knows of one object without its body. @throws BrigadeError `NotFound` … */
export async function headObject(
  client: S3Client,
  { bucket, key, versionId }: { bucket: string; key: string; versionId?: string },
  options: CallOptions = {},
): Promise<ObjectDetails> {
  const input = { Bucket: bucket, Key: key, VersionId: versionId };
  return call(formatS3Uri({ bucket, key }), options, async () => {
    const output = await client
      .send(new HeadObjectCommand(input), { abortSignal: options.signal })
      .catch((error: unknown) => explainHead(client, input, error, options));
    return {
      size: output.ContentLength ?? 0,
      eTag: unquoted(output.ETag) ?? '',
      lastModified: output.LastModified,
      contentType: output.ContentType,
      versionId: output.VersionId,
      storageClass: output.StorageClass,
      archive: archiveState(output),
      ...(output.ArchiveStatus && { archiveTier: output.ArchiveStatus }),
      ...(output.Restore !== undefined && { restore: restoredCopy(output.Restore) }),
    };
  });
}

/**
 * HEAD's refusals have no body: expired credentials are a bare 400. GET tells what S3 means.
 *
 * @throws what GET throws, else `error` again.
 */
export async function explainHead(
  client: S3Client,
  input: GetObjectCommandInput,
  error: unknown,
  options: CallOptions,
): Promise<never> {
  const { code } = toBrigadeError(error);
  if (code === 'AccessDenied' || code === 'InvalidInput') {
    const command = new GetObjectCommand({ ...input, Range: 'bytes=0-0' });
    const { Body: body } = await client.send(command, { abortSignal: options.signal });
    if (body instanceof Readable) {
      body.destroy();
    }
  }
  throw error;
}
