import type { BucketNotification, DestinationKind } from '../notifications/notification.ts';
import type { MatchedNotification } from './matchEvent.ts';

export type StepKind = 'uploaded' | 'event' | 'function' | 'invocation' | 'resized';

/**
 * `waiting`: it is looked for; `pending`: what comes before it is not done; `unknown`: it can't be told;
 * `failed`: the story stops here.
 */
export type StepState = 'done' | 'waiting' | 'pending' | 'unknown' | 'failed';

/** Why a step is what it is, for `src/resize/` to say in words. */
export type StepReason =
  | { readonly kind: 'objectMissing' }
  | { readonly kind: 'sending'; readonly isPaused: boolean }
  | { readonly kind: 'notSent'; readonly isCancelled: boolean }
  | { readonly kind: 'denied'; readonly action?: string }
  | { readonly kind: 'noNotifications'; readonly eventBridge: boolean }
  /** `eventBridge`: the bucket sends every event there besides. */
  | {
      readonly kind: 'noneMatches';
      readonly near: readonly MatchedNotification[];
      readonly eventBridge: boolean;
    }
  | { readonly kind: 'otherDestination'; readonly to: DestinationKind; readonly arn: string }
  /** `isConditional`: only for one way of writing an object. */
  | {
      readonly kind: 'sent';
      readonly notification: BucketNotification;
      readonly isConditional: boolean;
    }
  | { readonly kind: 'functionMissing' }
  | { readonly kind: 'functionBroken'; readonly state: string; readonly reason: string }
  | { readonly kind: 'notPermitted' }
  | { readonly kind: 'nothingReserved' }
  | { readonly kind: 'throttled'; readonly count: number }
  /** `isOld`: the lines may have expired, for a log group keeps them for a day at least. */
  | { readonly kind: 'noInvocation'; readonly isOld: boolean }
  /** Of so many runs that name no object, one may be about this. */
  | { readonly kind: 'notNamed'; readonly count: number }
  | { readonly kind: 'running' }
  /** It failed; `next` is when Lambda runs it again, undefined: no more. */
  | {
      readonly kind: 'attemptFailed';
      readonly why: 'failed' | 'timedOut' | 'outOfMemory';
      readonly attempt: number;
      readonly of: number;
      readonly next?: Date;
      /** ARN of where Lambda sends the event when it tries no more. */
      readonly onFailure?: string;
      readonly errorType?: string;
      readonly message?: string;
    }
  /** The function did not resize it, and said so. */
  | {
      readonly kind: 'notResized';
      readonly isSkip: boolean;
      readonly errorType?: string;
      readonly message?: string;
    }
  | { readonly kind: 'bucketMissing'; readonly bucket: string }
  | { readonly kind: 'resultMissing'; readonly keys: readonly string[] }
  /** Another function: what it writes is its own affair. */
  | { readonly kind: 'otherFunction' };

export interface Step {
  readonly kind: StepKind;
  readonly state: StepState;
  readonly at?: Date;
  readonly reason?: StepReason;
}

/** What happened to an object, from the upload on: always all five steps. */
export interface Story {
  readonly steps: readonly Step[];
  /** Nothing more is to come. */
  readonly isOver: boolean;
  /** Until when it is worth waiting for more. */
  readonly until: Date;
}
