import { GetBucketEncryptionCommand } from '@aws-sdk/client-s3';
import { copyTarget } from '../batchJobs/operations/copy.ts';
import { isKeyArn } from '../batchJobs/operations/permissions.ts';
import { callWithAction } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { simulate } from '../roles/simulate.ts';
import { formatS3Uri } from '../s3Uri.ts';
import type { Check, MissingPermission } from './check.ts';
import { settled, type Checking, type Found } from './checking.ts';
import { statementsFor } from './statements.ts';

interface KeyUse {
  readonly bucket: string;
  readonly actions: readonly string[];
}

/**
 * Whether the role may use the KMS keys that buckets encrypt with by default, where the job reads or
 * writes what is in them. Keys that the request names are among the role's permissions.
 */
export async function keyChecks(checking: Checking, found: Found): Promise<readonly Check[]> {
  const checks = usesOf(checking, found).map(use =>
    settled('keys', use.bucket, () => bucketCheck(checking, use)),
  );
  return (await Promise.all(checks)).flat();
}

function usesOf({ parts: { operation } }: Checking, { targets }: Found): KeyUse[] {
  const sources = [...new Set(targets.slice(0, 10).map(({ bucket }) => bucket))];
  const reads = sources.map(bucket => ({ bucket, actions: ['kms:Decrypt'] }));
  switch (operation?.name) {
    case 'S3PutObjectCopy': {
      const target = copyTarget(operation.settings);
      const isGiven = operation.settings.NewObjectMetadata?.SSEAlgorithm !== undefined;
      const write = { bucket: target ?? '', actions: ['kms:GenerateDataKey', 'kms:Decrypt'] };
      return target === undefined || isGiven ? reads : [...reads, write];
    }
    case 'S3ComputeObjectChecksum':
      return reads;
    default:
      return [];
  }
}

async function bucketCheck(checking: Checking, { bucket, actions }: KeyUse): Promise<Check[]> {
  const { clients, request, options } = checking;
  const key = await defaultKey(checking, bucket);
  if (key === undefined) return [];
  const roleArn = request.RoleArn ?? '';
  const check = { id: 'keys', subject: key } as const;
  if (!isKeyArn(key)) {
    return [{ ...check, status: 'unchecked', reason: { kind: 'keyPolicyUnread', key } }];
  }
  const { decisions } = await simulate(clients, { roleArn, actions, pattern: key }, options);
  const missing = actions.flatMap((action): MissingPermission[] => {
    const decision = decisions.get(action);
    return decision === 'implicitDeny' || decision === 'explicitDeny'
      ? [{ action, resource: key, isDenied: decision === 'explicitDeny' }]
      : [];
  });
  if (missing.length === 0) {
    return [{ ...check, status: 'unchecked', reason: { kind: 'keyPolicyUnread', key } }];
  }
  const statements = statementsFor('useKey', missing);
  const isDenied = missing.some(one => one.isDenied);
  return [
    {
      ...check,
      status: 'failed',
      reason: { kind: 'notAllowed', purpose: 'useKey', missing },
      fixes: isDenied ? [] : [{ kind: 'addPermissions', roleArn, statements }],
    },
  ];
}

/** The key of a bucket's default encryption; undefined for S3's own keys and AWS's key for S3. */
async function defaultKey({ clients, options }: Checking, bucket: string) {
  const command = new GetBucketEncryptionCommand({ Bucket: bucket });
  try {
    const output = await callWithAction(
      's3:GetEncryptionConfiguration',
      formatS3Uri({ bucket }),
      options,
      async () => {
        const client = await clients.s3ForBucket(bucket, options.signal);
        return await client.send(command, { abortSignal: options.signal });
      },
    );
    const rules = output.ServerSideEncryptionConfiguration?.Rules ?? [];
    return rules.map(rule => rule.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID).find(Boolean);
  } catch (error) {
    const code = error instanceof BrigadeError ? error.awsCode : undefined;
    if (code === 'ServerSideEncryptionConfigurationNotFoundError') return undefined;
    throw error;
  }
}
