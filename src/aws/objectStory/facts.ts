import type { LambdaFunction } from '../functions/functions.ts';
import type { BucketNotifications } from '../notifications/bucketNotifications.ts';
import type { Attempt } from './attempts.ts';
import type { FollowedObject } from './mention.ts';

/** What was asked of AWS, and what came of it. */
export type Known<T> =
  | { readonly kind: 'known'; readonly value: T }
  /** The caller lacks the permission, where AWS names it. */
  | { readonly kind: 'denied'; readonly action?: string }
  | { readonly kind: 'missing' }
  /** Not asked yet, or not to be known. */
  | { readonly kind: 'unknown' };

export interface UploadFacts {
  /** By S3's clock, in whole seconds. */
  readonly at: Date;
  /** Bytes. */
  readonly size: number;
  readonly eTag: string;
  readonly versionId?: string;
}

/** An upload that this window sends. */
export interface UploadProgress {
  readonly state: 'running' | 'paused' | 'done' | 'failed' | 'cancelled';
  readonly bytes?: number;
  readonly totalBytes?: number;
}

export interface FunctionFacts {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly logGroup: string;
  readonly details: Known<LambdaFunction>;
  /** Whether it is the resize function, whose settings and log lines are known. */
  readonly isOurs: boolean;
  /** Whether its policy lets S3 invoke it for this bucket. */
  readonly isPermitted?: boolean;
  /** Zero: nothing may invoke it. */
  readonly reservedConcurrency?: number;
  /** How often Lambda runs an event again that failed; two unless someone changed it. */
  readonly retries: number;
  /** ARN of where Lambda sends an event that it gave up. */
  readonly onFailure?: string;
}

export interface LogFacts {
  /** Of this upload. */
  readonly attempts: readonly Attempt[];
  /** Began since the upload and name no object: one of them may be about this one. */
  readonly unnamed: readonly Attempt[];
}

export interface ResultFacts extends FollowedObject {
  /** `older`: it is there, but was written before this upload. */
  readonly state: 'there' | 'missing' | 'older' | 'denied';
  readonly at?: Date;
  /** Bytes. */
  readonly size?: number;
  /** Pixels, where the function's log says them. */
  readonly width?: number;
  readonly height?: number;
}

/** All that is known of what happened to an object. */
export interface StoryFacts {
  readonly object: FollowedObject;
  /** When someone began to look. */
  readonly since: Date;
  /** The upload is under way, or ended without the object. */
  readonly sending?: UploadProgress;
  /** When an upload that was seen under way was complete: S3 dates an object by its upload’s beginning. */
  readonly sentAt?: Date;
  readonly upload: Known<UploadFacts>;
  readonly notifications: Known<BucketNotifications>;
  /** What the notification that sends the event invokes; undefined: no function. */
  readonly function?: FunctionFacts;
  readonly log: Known<LogFacts>;
  /** Invocations that Lambda turned away since the upload, by its metric. */
  readonly throttles?: number;
  readonly results: readonly ResultFacts[];
  /** Where the resized objects are to be written there is no bucket. */
  readonly missingBucket?: string;
}

/**
 * By when an upload was complete, as far as it is known: S3 dates an object that was uploaded in parts by the
 * beginning of its upload (S3 user guide, "System-defined object metadata").
 */
export function completeBy({ at }: Pick<UploadFacts, 'at'>, sentAt: Date | undefined): Date {
  return sentAt === undefined || sentAt < at ? at : sentAt;
}
