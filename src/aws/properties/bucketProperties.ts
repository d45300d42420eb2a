import {
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  ListBucketIntelligentTieringConfigurationsCommand,
  ListBucketInventoryConfigurationsCommand,
  ListBucketsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { readProperty, type Reading } from './reading.ts';

/** Each property's request: the permission it takes, and what of the answer is its value. */
function questions(s3: S3Client, bucket: string, abort: { abortSignal?: AbortSignal }) {
  const of = { Bucket: bucket };
  return {
    versioning: ask('s3:GetBucketVersioning', async () => {
      const { Status, MFADelete } = await s3.send(new GetBucketVersioningCommand(of), abort);
      return Status === undefined ? undefined : { status: Status, mfaDelete: MFADelete };
    }),
    encryption: ask('s3:GetEncryptionConfiguration', async () => {
      const output = await s3.send(new GetBucketEncryptionCommand(of), abort);
      return output.ServerSideEncryptionConfiguration?.Rules?.[0];
    }),
    publicAccess: ask('s3:GetBucketPublicAccessBlock', async () => {
      const output = await s3.send(new GetPublicAccessBlockCommand(of), abort);
      return output.PublicAccessBlockConfiguration;
    }),
    ownership: ask('s3:GetBucketOwnershipControls', async () => {
      const output = await s3.send(new GetBucketOwnershipControlsCommand(of), abort);
      return output.OwnershipControls?.Rules?.[0]?.ObjectOwnership;
    }),
    acl: ask('s3:GetBucketAcl', () => s3.send(new GetBucketAclCommand(of), abort)),
    policy: ask('s3:GetBucketPolicy', async () => {
      return (await s3.send(new GetBucketPolicyCommand(of), abort)).Policy;
    }),
    policyStatus: ask('s3:GetBucketPolicyStatus', async () => {
      return (await s3.send(new GetBucketPolicyStatusCommand(of), abort)).PolicyStatus;
    }),
    notifications: ask('s3:GetBucketNotification', () =>
      s3.send(new GetBucketNotificationConfigurationCommand(of), abort),
    ),
    lifecycle: ask('s3:GetLifecycleConfiguration', async () => {
      return some((await s3.send(new GetBucketLifecycleConfigurationCommand(of), abort)).Rules);
    }),
    cors: ask('s3:GetBucketCORS', async () => {
      return some((await s3.send(new GetBucketCorsCommand(of), abort)).CORSRules);
    }),
    tags: ask('s3:GetBucketTagging', async () => {
      return some((await s3.send(new GetBucketTaggingCommand(of), abort)).TagSet);
    }),
    logging: ask('s3:GetBucketLogging', async () => {
      return (await s3.send(new GetBucketLoggingCommand(of), abort)).LoggingEnabled;
    }),
    website: ask('s3:GetBucketWebsite', () => s3.send(new GetBucketWebsiteCommand(of), abort)),
    replication: ask('s3:GetReplicationConfiguration', async () => {
      return (await s3.send(new GetBucketReplicationCommand(of), abort)).ReplicationConfiguration;
    }),
    objectLock: ask('s3:GetBucketObjectLockConfiguration', async () => {
      const output = await s3.send(new GetObjectLockConfigurationCommand(of), abort);
      return output.ObjectLockConfiguration;
    }),
    acceleration: ask('s3:GetAccelerateConfiguration', async () => {
      return (await s3.send(new GetBucketAccelerateConfigurationCommand(of), abort)).Status;
    }),
    payer: ask('s3:GetBucketRequestPayment', async () => {
      return (await s3.send(new GetBucketRequestPaymentCommand(of), abort)).Payer;
    }),
    intelligentTiering: ask('s3:GetIntelligentTieringConfiguration', async () => {
      const command = new ListBucketIntelligentTieringConfigurationsCommand(of);
      return some((await s3.send(command, abort)).IntelligentTieringConfigurationList);
    }),
    inventories: ask('s3:GetInventoryConfiguration', async () => {
      const command = new ListBucketInventoryConfigurationsCommand(of);
      return some((await s3.send(command, abort)).InventoryConfigurationList);
    }),
  };
}

function ask<T>(action: string, run: () => Promise<T | undefined>) {
  return { action, ask: run };
}

function some<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}

type Questions = ReturnType<typeof questions>;
type Readings = {
  readonly [Name in keyof Questions]: Reading<
    NonNullable<Awaited<ReturnType<Questions[Name]['ask']>>>
  >;
};

/** All that S3 tells of a bucket. */
export interface BucketProperties extends Readings {
  readonly region: string;
  /** Only the owner's list of buckets tells it. */
  readonly created: Reading<Date>;
}

/**
 * Reads a bucket's properties, all at once; what can't be read has the reason instead.
 *
 * @throws BrigadeError `NotFound` when there is no such bucket, `Cancelled`, `Network`,
 *   `Credentials…`
 */
export async function readBucketProperties(
  clients: AwsClients,
  bucket: string,
  options: CallOptions = {},
): Promise<BucketProperties> {
  const subject = formatS3Uri({ bucket });
  const abort = { abortSignal: options.signal };
  const client = await clients.s3ForBucket(bucket, options.signal);
  const entries = Object.entries(questions(client, bucket, abort)).map(
    async ([name, question]): Promise<[string, Reading<unknown>]> => [
      name,
      await readProperty<unknown>({ ...question, subject }, options),
    ],
  );
  const [region, created, ...readings] = await Promise.all([
    clients.regionOfBucket(bucket, options.signal),
    readProperty(
      {
        action: 's3:ListAllMyBuckets',
        subject,
        ask: () => creationDate(clients, bucket, options),
      },
      options,
    ),
    ...entries,
  ]);
  for (const [, reading] of readings) {
    if (reading.kind === 'failed' && reading.error.awsCode === 'NoSuchBucket') throw reading.error;
  }
  // One reading for each of the questions.
  return { region, created, ...(Object.fromEntries(readings) as unknown as Readings) };
}

/** Services that know no `prefix` list all of them, a page of a thousand at a time. */
async function creationDate(
  clients: AwsClients,
  bucket: string,
  options: CallOptions,
): Promise<Date | undefined> {
  let token: string | undefined;
  do {
    const command = new ListBucketsCommand({
      Prefix: bucket,
      MaxBuckets: 1000,
      ContinuationToken: token,
    });
    const output = await clients.s3().send(command, { abortSignal: options.signal });
    const found = output.Buckets?.find(({ Name }) => Name === bucket);
    if (found) return found.CreationDate;
    token = output.ContinuationToken === '' ? undefined : output.ContinuationToken;
  } while (token !== undefined);
  return undefined;
}
