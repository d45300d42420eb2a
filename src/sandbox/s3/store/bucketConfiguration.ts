import type { Acl } from './acl.ts';

/** Who owns what is written to a bucket, and whether it has ACLs (not with `BucketOwnerEnforced`). */
export type ObjectOwnership = 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter';

export interface PublicAccessBlock {
  readonly blockPublicAcls: boolean;
  readonly ignorePublicAcls: boolean;
  readonly blockPublicPolicy: boolean;
  readonly restrictPublicBuckets: boolean;
}

/** A bucket policy as it was put. */
export interface StoredPolicy {
  readonly document: string;
  /** The ids that the roles it names had then, by ARN: another role of the same name is not meant. */
  readonly roles: Readonly<Record<string, string>>;
}

/** The settings of a bucket that stand apart from its tags and its versioning. */
export interface BucketConfiguration {
  /** Undefined once the ownership controls were deleted, which is as `ObjectWriter`. */
  readonly ownership?: ObjectOwnership | undefined;
  /** Undefined once it was deleted: nothing is blocked. */
  readonly publicAccessBlock?: PublicAccessBlock | undefined;
  /** Of the default encryption, which is AES256 always: it is kept, and has no effect. */
  readonly bucketKeyEnabled?: boolean | undefined;
  readonly policy?: StoredPolicy | undefined;
  /** Undefined: the owner has full control, and nobody else anything. */
  readonly acl?: Acl | undefined;
  /** As it was given, where that is not the Region's name: `EU` for eu-west-1. */
  readonly locationConstraint?: string | undefined;
}

/** What AWS gives every new bucket since April 2023. */
export const NEW_BUCKET: BucketConfiguration = {
  ownership: 'BucketOwnerEnforced',
  publicAccessBlock: {
    blockPublicAcls: true,
    ignorePublicAcls: true,
    blockPublicPolicy: true,
    restrictPublicBuckets: true,
  },
};

/** Whether a bucket's objects and the bucket itself have ACLs that count. */
export function allowsAcls({ ownership }: BucketConfiguration): boolean {
  return ownership !== 'BucketOwnerEnforced';
}
