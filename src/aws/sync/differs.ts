import type { SyncComparison, SyncDirection } from './syncPlan.ts';

interface Sized {
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/**
 * Whether `aws s3 sync` would copy what both sides have
 * (awscli/customizations/s3/syncstrategy: `SizeAndLastModifiedSync`, `SizeOnlySync`,
 * `ExactTimestampsSync`).
 */
export function differs(
  direction: SyncDirection,
  comparison: SyncComparison,
  file: Sized,
  object: Sized,
): boolean {
  if (file.size !== object.size) return true;
  if (comparison === 'sizeOnly') return false;
  // The CLI reads the time of a file to the microsecond.
  const fileTime = Math.trunc(file.modified * 1000) / 1000;
  if (direction === 'down' && comparison === 'exactTime') return fileTime !== object.modified;
  return fileTime > object.modified;
}
