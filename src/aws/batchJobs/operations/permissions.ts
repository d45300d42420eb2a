import type { RolePermission } from '../../roles/rolePolicy.ts';
import { below } from '../../roles/policyStatement.ts';
import { bucketArn } from '../../s3Uri.ts';
import type { OperationPlace } from './operationKind.ts';

/** Something done to the objects that the job goes over. */
export function onObjects(
  { partition, targets }: OperationPlace,
  actions: readonly string[],
  purpose: RolePermission['purpose'] = 'operate',
): RolePermission {
  const resources = targets.map(({ bucket, prefix }) => below(partition, bucket, prefix));
  return { purpose, actions, resources: [...new Set(resources)] };
}

/** Something asked of the buckets that those objects are in. */
export function onBuckets(
  { partition, targets }: OperationPlace,
  actions: readonly string[],
  purpose: RolePermission['purpose'],
): RolePermission {
  const resources = targets.map(({ bucket }) => bucketArn(partition, bucket));
  return { purpose, actions, resources: [...new Set(resources)] };
}

/**
 * The use of a KMS key; none where it is not named by its ARN: an alias or an id is no resource of
 * a policy.
 */
export function onKey(key: string | undefined, actions: readonly string[]): RolePermission[] {
  return key === undefined || !isKeyArn(key)
    ? []
    : [{ purpose: 'useKey', actions, resources: [key] }];
}

/** Whether a text is the ARN of a KMS key; an alias has an ARN too, which is no key's. */
export function isKeyArn(text: string): boolean {
  return /^arn:[^:]+:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/.test(text);
}
