import type {
  S3ComputeObjectChecksumOperation,
  S3CopyObjectOperation,
  S3InitiateRestoreObjectOperation,
  S3ReplicateObjectOperation,
  S3SetObjectAclOperation,
  S3SetObjectLegalHoldOperation,
  S3SetObjectRetentionOperation,
  S3UpdateObjectEncryptionOperation,
} from '@aws-sdk/client-s3-control';
import type { Tag } from '../objects/tagRules.ts';

/** What a job does to each object, by AWS's names. */
export type JobOperation =
  /** Replaces every object's whole tag set. */
  | { readonly name: 'S3PutObjectTagging'; readonly tags: readonly Tag[] }
  /** Removes all tags. */
  | { readonly name: 'S3DeleteObjectTagging' }
  | ({ readonly name: 'LambdaInvoke' } & LambdaInvocation)
  | SettingsOperation;

/** Which function a job calls for each object, and how. */
export interface LambdaInvocation {
  /** With or without a version or alias, which is looked up again for each object. */
  readonly functionArn: string;
  /** `1.0` gives the function the bucket's ARN; `2.0` the bucket's name, and user arguments. */
  readonly schemaVersion: InvocationSchemaVersion;
  /** The same for all objects; only with `2.0`. */
  readonly userArguments?: Readonly<Record<string, string>>;
}

export type InvocationSchemaVersion = '1.0' | '2.0';

/** The other operations, with what S3 Control takes of each: nothing of it gets lost in between. */
export interface OperationSettings {
  readonly S3PutObjectCopy: S3CopyObjectOperation;
  readonly S3PutObjectAcl: S3SetObjectAclOperation;
  readonly S3InitiateRestoreObject: S3InitiateRestoreObjectOperation;
  readonly S3PutObjectLegalHold: S3SetObjectLegalHoldOperation;
  readonly S3PutObjectRetention: S3SetObjectRetentionOperation;
  readonly S3ReplicateObject: S3ReplicateObjectOperation;
  readonly S3ComputeObjectChecksum: S3ComputeObjectChecksumOperation;
  readonly S3UpdateObjectEncryption: S3UpdateObjectEncryptionOperation;
}

export type SettingsOperation = {
  [Name in keyof OperationSettings]: {
    readonly name: Name;
    readonly settings: OperationSettings[Name];
  };
}[keyof OperationSettings];

export type OperationName = JobOperation['name'];

/** One operation of several, by its name. */
export type OperationOf<Name extends OperationName> = Extract<
  JobOperation,
  { readonly name: Name }
>;
