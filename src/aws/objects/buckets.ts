import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  PutBucketTaggingCommand,
  type BucketLocationConstraint,
} from '@aws-sdk/client-s3';
import { callWithAction, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { formatS3Uri } from '../s3Uri.ts';

export interface BucketFacts {
  readonly region: string;
  /** Whether it belongs to the caller's account; false too where the caller may not know. */
  readonly own: boolean;
}

/**
 * Whether there is a bucket of a name in the world, and whose it is.
 *
 * @returns undefined when there is none
 * @throws BrigadeError `Network` …
 */
export async function findBucket(
  clients: AwsClients,
  bucket: string,
  options: CallOptions = {},
): Promise<BucketFacts | undefined> {
  const subject = formatS3Uri({ bucket });
  try {
    return await callWithAction('s3:ListBucket', subject, options, async () => {
      const client = await clients.s3ForBucket(bucket, options.signal);
      const region = await clients.regionOfBucket(bucket, options.signal);
      const command = new HeadBucketCommand({
        Bucket: bucket,
        ExpectedBucketOwner: clients.accountId || undefined,
      });
      await client.send(command, { abortSignal: options.signal });
      return { region, own: true };
    });
  } catch (error) {
    if (!(error instanceof BrigadeError)) throw error;
    if (error.code === 'NotFound') {
      clients.rememberRegion(bucket, undefined);
      return undefined;
    }
    if (error.code !== 'AccessDenied') throw error;
    return { region: await clients.regionOfBucket(bucket, options.signal), own: false };
  }
}

/** Makes a bucket with what AWS gives every new one: private, encrypted. @throws BrigadeError */
export async function createBucket(
  clients: AwsClients,
  input: { readonly bucket: string; readonly region: string; readonly isRegional?: boolean },
  options: CallOptions = {},
): Promise<void> {
  const { bucket, region, isRegional = false } = input;
  const command = new CreateBucketCommand({
    Bucket: bucket,
    BucketNamespace: isRegional ? 'account-regional' : undefined,
    // us-east-1 is the one Region that S3 does not take as a constraint.
    CreateBucketConfiguration:
      region === 'us-east-1'
        ? undefined
        : { LocationConstraint: region as BucketLocationConstraint },
  });
  await callWithAction('s3:CreateBucket', formatS3Uri({ bucket }), options, () =>
    clients.s3(region).send(command, { abortSignal: options.signal }),
  );
  clients.rememberRegion(bucket, region);
}

/**
 * A bucket's tags; empty when it has none.
 *
 * @throws BrigadeError `NotFound` when there is no such bucket, `AccessDenied` (s3:GetBucketTagging) …
 */
export async function getBucketTags(
  clients: AwsClients,
  bucket: string,
  options: CallOptions = {},
): Promise<Record<string, string>> {
  const command = new GetBucketTaggingCommand({ Bucket: bucket });
  try {
    const output = await callWithAction(
      's3:GetBucketTagging',
      formatS3Uri({ bucket }),
      options,
      async () =>
        (await clients.s3ForBucket(bucket, options.signal)).send(command, {
          abortSignal: options.signal,
        }),
    );
    return Object.fromEntries((output.TagSet ?? []).map(tag => [tag.Key ?? '', tag.Value ?? '']));
  } catch (error) {
    if (error instanceof BrigadeError && error.awsCode === 'NoSuchTagSet') return {};
    throw error;
  }
}

/** Replaces all tags of a bucket. @throws BrigadeError `AccessDenied` (s3:PutBucketTagging) … */
export async function putBucketTags(
  clients: AwsClients,
  { bucket, tags }: { readonly bucket: string; readonly tags: Readonly<Record<string, string>> },
  options: CallOptions = {},
): Promise<void> {
  const command = new PutBucketTaggingCommand({
    Bucket: bucket,
    Tagging: { TagSet: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
  });
  await callWithAction('s3:PutBucketTagging', formatS3Uri({ bucket }), options, async () =>
    (await clients.s3ForBucket(bucket, options.signal)).send(command, {
      abortSignal: options.signal,
    }),
  );
}

/** @throws BrigadeError `Conflict` when there is anything in it, `AccessDenied` (s3:DeleteBucket) … */
export async function deleteBucket(
  clients: AwsClients,
  bucket: string,
  options: CallOptions = {},
): Promise<void> {
  const command = new DeleteBucketCommand({ Bucket: bucket });
  await callWithAction('s3:DeleteBucket', formatS3Uri({ bucket }), options, async () =>
    (await clients.s3ForBucket(bucket, options.signal)).send(command, {
      abortSignal: options.signal,
    }),
  );
  clients.rememberRegion(bucket, undefined);
}
