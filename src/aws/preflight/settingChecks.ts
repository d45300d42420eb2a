import {
  GetBucketOwnershipControlsCommand,
  GetBucketReplicationCommand,
  GetObjectLockConfigurationCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { callWithAction } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { formatS3Uri } from '../s3Uri.ts';
import type { BucketSetting, Check } from './check.ts';
import { settled, type Checking, type Found } from './checking.ts';

/** Buckets that are asked for: a manifest names one, or few. */
const MAX_BUCKETS = 10;

/** What an operation needs of its buckets, without which every task fails. */
export async function settingChecks(
  checking: Checking,
  { targets }: Found,
): Promise<readonly Check[]> {
  const setting = neededBy(checking.parts.operation?.name ?? '');
  if (setting === undefined) return [];
  const buckets = [...new Set(targets.map(({ bucket }) => bucket))].slice(0, MAX_BUCKETS);
  const checks = buckets.map(bucket =>
    settled('settings', bucket, async () => {
      const isOn = await isSet(checking, bucket, setting);
      const check = { id: 'settings', subject: bucket } as const;
      return [
        {
          ...check,
          status: isOn ? 'passed' : 'failed',
          reason: { kind: 'setting', setting, isOn },
        },
      ];
    }),
  );
  return (await Promise.all(checks)).flat();
}

function neededBy(operation: string): BucketSetting | undefined {
  switch (operation) {
    case 'S3PutObjectLegalHold':
    case 'S3PutObjectRetention':
      return 'objectLock';
    case 'S3PutObjectAcl':
      return 'acls';
    case 'S3ReplicateObject':
      return 'replication';
    default:
      return undefined;
  }
}

interface Question {
  readonly action: string;
  /** AWS's code for a bucket where nobody has set it. */
  readonly none: string;
  /** What a bucket is then. */
  readonly otherwise: boolean;
  readonly ask: (
    client: S3Client,
    bucket: string,
    signal: AbortSignal | undefined,
  ) => Promise<boolean>;
}

const QUESTIONS: Readonly<Record<BucketSetting, Question>> = {
  objectLock: {
    action: 's3:GetBucketObjectLockConfiguration',
    none: 'ObjectLockConfigurationNotFoundError',
    otherwise: false,
    ask: async (client, Bucket, abortSignal) => {
      const command = new GetObjectLockConfigurationCommand({ Bucket });
      const output = await client.send(command, { abortSignal });
      return output.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled';
    },
  },
  acls: {
    action: 's3:GetBucketOwnershipControls',
    none: 'OwnershipControlsNotFoundError',
    // Amazon S3 user guide, "Controlling ownership of objects": without them ACLs count.
    otherwise: true,
    ask: async (client, Bucket, abortSignal) => {
      const command = new GetBucketOwnershipControlsCommand({ Bucket });
      const output = await client.send(command, { abortSignal });
      const rules = output.OwnershipControls?.Rules ?? [];
      return !rules.some(({ ObjectOwnership: owner }) => owner === 'BucketOwnerEnforced');
    },
  },
  replication: {
    action: 's3:GetReplicationConfiguration',
    none: 'ReplicationConfigurationNotFoundError',
    otherwise: false,
    ask: async (client, Bucket, abortSignal) => {
      const command = new GetBucketReplicationCommand({ Bucket });
      const output = await client.send(command, { abortSignal });
      const rules = output.ReplicationConfiguration?.Rules ?? [];
      return rules.some(({ Status }) => Status === 'Enabled');
    },
  },
};

async function isSet(
  { clients, options }: Checking,
  bucket: string,
  setting: BucketSetting,
): Promise<boolean> {
  const { action, none, otherwise, ask } = QUESTIONS[setting];
  try {
    return await callWithAction(action, formatS3Uri({ bucket }), options, async () =>
      ask(await clients.s3ForBucket(bucket, options.signal), bucket, options.signal),
    );
  } catch (error) {
    if (error instanceof BrigadeError && error.awsCode === none) return otherwise;
    throw error;
  }
}
