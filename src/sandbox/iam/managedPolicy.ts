import type { IamTag } from './iamTags.ts';

/** A policy of its own, which can be attached to roles: a customer's, or one that AWS keeps. */
export interface ManagedPolicy {
  readonly arn: string;
  /** `ANPA…` */
  readonly id: string;
  readonly name: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly description: string | undefined;
  /** The number of the version that is evaluated. */
  readonly defaultVersion: number;
  /** The highest number that a version ever had: numbers are not given twice. */
  readonly lastVersion: number;
  readonly tags: readonly IamTag[];
  readonly created: Date;
  /** When the newest version was made. */
  readonly updated: Date;
  /** Whether it is AWS's, which nobody here may change. */
  readonly ofAws: boolean;
}

export interface PolicyVersion {
  readonly number: number;
  /** The document as it was given. */
  readonly document: string;
  readonly created: Date;
}
