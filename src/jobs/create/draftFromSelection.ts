import { l10n } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { S3Location } from '../../commands.ts';
import { isObject, selectionOf } from '../../vscode/selection/selectedRows.ts';
import type { CreateOptions } from './createJob.ts';
import type { Given } from './draft.ts';

/**
 * The draft that a new job starts with: a selected manifest is read, a single bucket or prefix is where
 * browsing starts, and any other selection is itself the objects of the job.
 *
 * @throws BrigadeError `InvalidInput` for rows of several buckets
 */
export function draftFromSelection(places: readonly S3Location[]): {
  readonly given: Given;
  readonly options: CreateOptions;
} {
  const selected = selectionOf(places);
  const [first] = places;
  if (selected === 'severalBuckets') {
    const sentence = l10n.t(
      'A job runs on the objects of one bucket. Select rows of one bucket only.',
    );
    throw new BrigadeError('InvalidInput', sentence);
  }
  if (selected === undefined || first === undefined) return { given: {}, options: {} };
  if (selected.kind === 'manifest') return { given: { manifest: first }, options: {} };
  if (places.length === 1 && !isObject(first)) return { given: {}, options: { from: first } };
  return { given: {}, options: { selected } };
}
