import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { callWithAction, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { createBucket, findBucket } from '../objects/buckets.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { toBrigadeError } from '../toBrigadeError.ts';

export interface NewBucket {
  readonly bucket: string;
  readonly region: string;
  readonly versioning: boolean;
  /** Whether its name is of the account's regional namespace. */
  readonly isRegional?: boolean;
}

/**
 * Makes a bucket that is not there yet, with what AWS gives every new one. In us-east-1 S3 answers to its
 * owner that it made one again: so it is asked for first.
 *
 * @returns what kept the versioning from being turned on, if anything did: the bucket is there then
 * @throws BrigadeError `Conflict` (reason `OwnBucket`, or `TakenName`), `AccessDenied` (s3:CreateBucket) …
 */
export async function makeBucket(
  clients: AwsClients,
  { bucket, region, versioning, isRegional = false }: NewBucket,
  options: CallOptions = {},
): Promise<{ readonly versioningFailed?: BrigadeError }> {
  const subject = formatS3Uri({ bucket });
  const known = await findBucket(clients, bucket, options);
  if (known) throw taken(subject, known.own);
  try {
    await createBucket(clients, { bucket, region, isRegional }, options);
  } catch (error) {
    throw explained(error, subject);
  }
  if (!versioning) return {};
  try {
    await turnOnVersioning(clients, { bucket, region }, options);
    return {};
  } catch (error) {
    return { versioningFailed: toBrigadeError(error, subject) };
  }
}

function explained(error: unknown, subject: string): unknown {
  const { awsCode } = toBrigadeError(error, subject);
  if (awsCode === 'BucketAlreadyOwnedByYou') return taken(subject, true);
  return awsCode === 'BucketAlreadyExists' ? taken(subject, false) : error;
}

function taken(subject: string, isOwn: boolean): BrigadeError {
  return new BrigadeError('Conflict', 'There is such a bucket', {
    subject,
    reason: isOwn ? 'OwnBucket' : 'TakenName',
  });
}

async function turnOnVersioning(
  clients: AwsClients,
  { bucket, region }: { readonly bucket: string; readonly region: string },
  options: CallOptions,
): Promise<void> {
  const VersioningConfiguration = { Status: 'Enabled' as const };
  const command = new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration });
  await callWithAction('s3:PutBucketVersioning', formatS3Uri({ bucket }), options, () =>
    clients.s3(region).send(command, { abortSignal: options.signal }),
  );
}
