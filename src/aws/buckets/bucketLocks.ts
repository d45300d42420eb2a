import {
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { callWithAction, type CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { formatS3Uri } from '../s3Uri.ts';

/** What may keep versions from being deleted; undefined where that can't be found out. */
export interface BucketLocks {
  readonly objectLock: boolean | undefined;
  readonly mfaDelete: boolean | undefined;
}

/** @throws BrigadeError `Network`, `NotFound` …; what may not be read, or is not known, is undefined */
export async function bucketLocks(
  client: S3Client,
  bucket: string,
  { signal }: CallOptions = {},
): Promise<BucketLocks> {
  const subject = formatS3Uri({ bucket });
  const lock = callWithAction(
    's3:GetBucketObjectLockConfiguration',
    subject,
    { signal },
    async () => {
      const command = new GetObjectLockConfigurationCommand({ Bucket: bucket });
      const output = await client.send(command, { abortSignal: signal });
      return output.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled';
    },
  );
  const mfa = callWithAction('s3:GetBucketVersioning', subject, { signal }, async () => {
    const command = new GetBucketVersioningCommand({ Bucket: bucket });
    return (await client.send(command, { abortSignal: signal })).MFADelete === 'Enabled';
  });
  const [objectLock, mfaDelete] = await Promise.all([lock.catch(orUnknown), mfa.catch(orUnknown)]);
  return { objectLock, mfaDelete };
}

/** Other services have neither. */
function orUnknown(error: unknown): boolean | undefined {
  if (!(error instanceof BrigadeError)) throw error;
  if (error.awsCode === 'ObjectLockConfigurationNotFoundError') return false;
  const passes = [
    'Network',
    'Cancelled',
    'CredentialsExpired',
    'CredentialsMissing',
    'Misconfigured',
  ];
  if (passes.includes(error.code) || error.awsCode === 'NoSuchBucket') throw error;
  return undefined;
}
