import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import type { BucketNotification } from '../notifications/notification.ts';
import type { FunctionSettings } from './functionSettings.ts';

/**
 * A deployment as what a repository keeps: all that a script or a template is written of. Nothing here
 * loads the AWS SDK, and nothing here is a secret.
 */
export interface DeploymentFacts {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** Set where the engine is not at AWS's own address. */
  readonly endpoint?: string;
  /** Whose uploads invoke the function. */
  readonly bucket: string;
  /** The bucket that the function writes to, where it is another one and is made with the rest. */
  readonly destination?: { readonly bucket: string; readonly exists: boolean };
  readonly function: FunctionFacts;
  readonly role: RoleFacts;
  /** One at least. */
  readonly permissions: readonly PermissionFacts[];
  /** The entries of the bucket's event notifications that invoke the function. */
  readonly entries: readonly BucketNotification[];
  /** Entries whose ids begin so are of this deployment, whatever they say now. */
  readonly ownIdPrefix?: string;
  /** All that the bucket notifies with these entries in it, as S3 says it and in its order. */
  readonly notifications: NotificationConfiguration;
  /** Whether the bucket notifies anything today. */
  readonly hasNotifications: boolean;
  readonly logGroup: LogGroupFacts;
  /** The tags of what is made: whose it is. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface FunctionFacts {
  readonly name: string;
  readonly exists: boolean;
  readonly description: string;
  readonly runtime: string;
  readonly handler: string;
  /** `x86_64`, `arm64`. */
  readonly architecture: string;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /** The resize function's settings. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of variables whose values may be secrets: they are not written down. */
  readonly hiddenVariables: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly code: CodeFacts;
  /** What the function has besides that the extension never sets: `VpcConfig`. */
  readonly settings: FunctionSettings;
  readonly reservedConcurrency?: number;
  /** What the function has besides and no export holds. */
  readonly leftOut: readonly string[];
}

/** `path`: a zip on this computer; absent where only Lambda has it. `name` is what to call it. */
export interface CodeFacts {
  readonly name: string;
  readonly path?: string;
}

/** A role that is made with the rest, or one that is only named. */
export type RoleFacts = OwnRole | { readonly arn: string };

export interface OwnRole {
  readonly name: string;
  /** `/`, or `/service-role/` … */
  readonly path: string;
  readonly exists: boolean;
  readonly description: string;
  readonly trust: object;
  /** Inline policies by name. */
  readonly policies: Readonly<Record<string, object>>;
  /** Those of them that are there already. */
  readonly existingPolicies: readonly string[];
  /** ARNs of managed policies. */
  readonly attached: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** The ARN of its permissions boundary. */
  readonly boundary?: string;
  /** Set where it is not the hour that roles have by default. */
  readonly maxSessionSeconds?: number;
}

/** A statement by which S3 may invoke the function. */
export interface PermissionFacts {
  /** The version or alias whose policy has it; absent: the function's own. */
  readonly qualifier?: string;
  readonly statementId: string;
  readonly exists: boolean;
  /** The ARN of the bucket. */
  readonly sourceArn: string;
  /** Absent where a statement was added by hand without it. */
  readonly sourceAccount?: string;
}

export interface LogGroupFacts {
  readonly name: string;
  readonly exists: boolean;
  /** Days; absent: forever. */
  readonly retentionDays?: number;
}

/** The ARN of the function's role. */
export function roleArnOf({ role, partition, accountId }: DeploymentFacts): string {
  return 'arn' in role
    ? role.arn
    : `arn:${partition}:iam::${accountId}:role${role.path}${role.name}`;
}
