import type { ObjectSelection } from '../selection/selection.ts';
import type { TagChange } from '../tagChanges/tagChange.ts';
import { generatedSelection } from './generatedSelection.ts';
import { partsOf, type JobRequest } from './jobParts.ts';

/** A change of tags that direct requests do in place of a job. */
export interface DirectChange {
  readonly selection: ObjectSelection;
  readonly change: TagChange;
}

/** What does the same as a job without one; undefined where only a job does it. */
export function directChange(request: JobRequest): DirectChange | undefined {
  const change = changeOf(request);
  const selection = selectionOf(request);
  return change && selection && { change, selection };
}

function changeOf(request: JobRequest): TagChange | undefined {
  const { operation } = partsOf(request);
  if (operation?.name === 'S3DeleteObjectTagging') return { kind: 'removeAll' };
  return operation?.name === 'S3PutObjectTagging'
    ? { kind: 'replaceAll', tags: operation.tags }
    : undefined;
}

/** Filters that only S3 knows are not listed here. */
function selectionOf(request: JobRequest): ObjectSelection | undefined {
  const { manifest, generator } = partsOf(request);
  if (manifest) {
    const { bucket, key, versionId } = manifest;
    return { kind: 'manifest', bucket, key, ...(versionId !== undefined && { versionId }) };
  }
  if (generator === undefined || generator.otherFilters.length > 0) return undefined;
  return generatedSelection(generator);
}
