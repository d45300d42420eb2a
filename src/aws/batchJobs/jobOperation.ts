import type { JobOperation as SdkJobOperation } from '@aws-sdk/client-s3-control';
import type { Tag } from '../objects/tagRules.ts';

/** What a job does to each object, by AWS's names. */
export type JobOperation =
  /** Replaces every object's whole tag set. */
  | { readonly name: 'S3PutObjectTagging'; readonly tags: readonly Tag[] }
  /** Removes all tags. */
  | { readonly name: 'S3DeleteObjectTagging' }
  | ({ readonly name: 'LambdaInvoke' } & LambdaInvocation);

/** Which function a job calls for each object, and how. */
export interface LambdaInvocation {
  /** With or without a version or alias, which is looked up anew for each object. */
  readonly functionArn: string;
  /** `1.0` gives the function the bucket's ARN; `2.0` the bucket's name, and user arguments. */
  readonly schemaVersion: InvocationSchemaVersion;
  /** The same for all objects; only with `2.0`. */
  readonly userArguments?: Readonly<Record<string, string>>;
}

export type InvocationSchemaVersion = '1.0' | '2.0';

/** The operation as S3 Control takes it. */
export function sdkOperation(operation: JobOperation): SdkJobOperation {
  switch (operation.name) {
    case 'S3PutObjectTagging':
      return {
        S3PutObjectTagging: {
          TagSet: operation.tags.map(tag => ({ Key: tag.key, Value: tag.value })),
        },
      };
    case 'S3DeleteObjectTagging':
      return { S3DeleteObjectTagging: {} };
    case 'LambdaInvoke':
      return {
        LambdaInvoke: {
          FunctionArn: operation.functionArn,
          InvocationSchemaVersion: operation.schemaVersion,
          UserArguments: operation.userArguments && { ...operation.userArguments },
        },
      };
  }
}

/** The one member of the operation that is set is its name. */
export function operationName(operation: SdkJobOperation = {}): string {
  const set = Object.entries(operation).find(([, value]) => value !== undefined);
  return set?.[0] ?? '';
}

/** What S3PutObjectTagging writes; undefined for other operations. */
export function tagsOf(operation: SdkJobOperation | undefined): Tag[] | undefined {
  const tagging = operation?.S3PutObjectTagging;
  return tagging === undefined
    ? undefined
    : (tagging.TagSet ?? []).map(tag => ({ key: tag.Key ?? '', value: tag.Value ?? '' }));
}

/** What LambdaInvoke calls; undefined for other operations. */
export function invocationOf(operation: SdkJobOperation | undefined): LambdaInvocation | undefined {
  const invoke = operation?.LambdaInvoke;
  if (invoke === undefined) return undefined;
  const userArguments = invoke.UserArguments ?? {};
  return {
    functionArn: invoke.FunctionArn ?? '',
    schemaVersion: invoke.InvocationSchemaVersion === '2.0' ? '2.0' : '1.0',
    ...(Object.keys(userArguments).length > 0 && { userArguments }),
  };
}
