import type { FailureReason } from './job.ts';

/** Ends a job as Failed, with the reason that DescribeJob then tells. */
export class JobFailure extends Error implements FailureReason {
  readonly code: string;
  readonly reason: string;

  /** @param reason cut to the 256 characters that AWS's model allows */
  constructor(code: string, reason: string) {
    super(reason);
    this.name = 'JobFailure';
    this.code = code;
    this.reason = reason.slice(0, 256).replace(/[\ud800-\udbff]$/, '');
  }
}

/** AWS's code for a manifest that is no list of objects. */
export function invalidManifest(reason: string): JobFailure {
  return new JobFailure('InvalidManifestContent', reason);
}
