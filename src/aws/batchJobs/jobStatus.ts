/**
 * The states of a batch job (S3 Control service model). AWS may add some: `Completing` is in the
 * model but not in the user guide, so an unknown state counts as one that passes by itself.
 * Nothing here loads the AWS SDK.
 */
export const JOB_STATUSES = [
  'New',
  'Preparing',
  'Suspended',
  'Ready',
  'Active',
  'Pausing',
  'Paused',
  'Completing',
  'Complete',
  'Cancelling',
  'Cancelled',
  'Failing',
  'Failed',
] as const;

export type KnownJobStatus = (typeof JOB_STATUSES)[number];
/** A known state, or one that AWS has added since. */
export type JobStatus = KnownJobStatus | (string & Record<never, never>);

const FINAL: ReadonlySet<string> = new Set<KnownJobStatus>(['Complete', 'Cancelled', 'Failed']);
/**
 * AWS takes a cancellation, and another priority. Its own sample offers the first three; the user guide
 * lets a paused job be cancelled too.
 */
const CHANGEABLE: ReadonlySet<string> = new Set<KnownJobStatus>([
  'Suspended',
  'Ready',
  'Active',
  'Paused',
]);

/** Nothing will happen to the job any more. */
export function isFinal(status: JobStatus): boolean {
  return FINAL.has(status);
}

/** The job changes by itself, so it is worth following; a suspended one waits for a person. */
export function isRunning(status: JobStatus): boolean {
  return !isFinal(status) && status !== 'Suspended';
}

/** The job waits for its confirmation. */
export function canRun(status: JobStatus): boolean {
  return status === 'Suspended';
}

/** AWS takes a cancellation of the job now. */
export function canCancel(status: JobStatus): boolean {
  return CHANGEABLE.has(status);
}

/** AWS takes another priority for the job now. */
export function canPrioritize(status: JobStatus): boolean {
  return CHANGEABLE.has(status);
}
