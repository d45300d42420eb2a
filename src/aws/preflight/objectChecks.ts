import { countSelection } from '../selection/countSelection.ts';
import type { JobGenerator, JobManifestLocation } from '../manifest/jobManifest.ts';
import type { ManifestCheck } from '../manifestCheck/checkManifest.ts';
import { formatS3Uri } from '../s3Uri.ts';
import type { Check, CheckReason } from './check.ts';
import type { Checking, Found } from './checking.ts';
import { generatedSelection } from './generatedSelection.ts';

/** Whether the objects exist that a manifest names, as far as S3 was asked for them. */
export function objectCheck(asked: JobManifestLocation, found: ManifestCheck): Check {
  const check = { id: 'objects', subject: formatS3Uri(asked) } as const;
  const { asked: heads, rows, problemCounts: counts } = found;
  if (heads === undefined || heads < (rows ?? Infinity)) {
    const reason: CheckReason = { kind: 'objectsNotAsked', rows };
    const fixes = rows === undefined ? [] : ([{ kind: 'askObjects' }] as const);
    return { ...check, status: 'unchecked', reason, fixes };
  }
  const missing = (counts.objectMissing ?? 0) + (counts.bucketMissing ?? 0);
  if (missing > 0) {
    return {
      ...check,
      // A job of which more than half of the tasks fail is ended by S3.
      status: missing * 2 > heads ? 'failed' : 'warned',
      reason: { kind: 'objectsMissing', missing, asked: heads },
      fixes: missing === heads ? [] : [{ kind: 'correctManifest', corrections: ['dropMissing'] }],
    };
  }
  const denied = counts.objectDenied ?? 0;
  return denied > 0
    ? { ...check, status: 'unchecked', reason: { kind: 'objectsDenied', denied, asked: heads } }
    : { ...check, status: 'passed', reason: { kind: 'objectsAsked', asked: heads } };
}

/** What S3 would find itself, counted as far as that is worth a wait. */
export async function generatorCheck(
  { clients, options }: Checking,
  generator: JobGenerator,
): Promise<{ readonly check: Check; readonly found: Found }> {
  const { sourceBucket: bucket, prefix, otherFilters } = generator;
  const targets = [{ bucket, ...(prefix !== undefined && { prefix }) }];
  const check = { id: 'objects', subject: formatS3Uri({ bucket, key: prefix }) } as const;
  const count = await countSelection(clients, generatedSelection(generator), options);
  const { objects, complete: isComplete } = count;
  if (objects === 0 && isComplete) {
    const reason = { kind: 'noObjects' } as const;
    return { check: { ...check, status: 'failed', reason }, found: { targets, objects: 0 } };
  }
  // What else S3 filters by is not counted here: there may be none left.
  const isFiltered = otherFilters.length > 0 || objects === 0;
  const reason = isFiltered
    ? ({ kind: 'generated' } as const)
    : ({ kind: 'generated', objects, isComplete } as const);
  return {
    check: { ...check, status: isFiltered ? 'unchecked' : 'passed', reason },
    found: { targets, ...(isComplete && !isFiltered && { objects }) },
  };
}
