import type { ReportDamage, ReportRow } from '../batchJobs/reportRows.ts';
import { parseResult } from '../tagChanges/formerTags.ts';
import { keyOfUndoCell } from './undoCell.ts';
import type { UndoRow } from './undoManifest.ts';

/** What of a report can't be undone. */
export interface SkippedRows {
  /** Failed tasks: nothing was changed. */
  failed: number;
  /** Rows that can't be read, or say nothing of former tags. */
  unreadable: number;
}

export interface TaggerReport {
  /** As `readReport` reads them. */
  readonly rows: AsyncIterable<readonly (ReportRow | ReportDamage)[]>;
  /** Whether the job was an undo itself: then its key column holds JSON, which a key could look like. */
  readonly isUndo: boolean;
}

/**
 * The rows of an undo, of the report of a job of the tagger.
 *
 * @param skipped is counted up
 */
export async function* undoRows(
  { rows: report, isUndo }: TaggerReport,
  skipped: SkippedRows,
): AsyncGenerator<UndoRow[], void, undefined> {
  for await (const batch of report) {
    const rows: UndoRow[] = [];
    for (const row of batch) {
      if ('taskStatus' in row && row.taskStatus !== 'succeeded') skipped.failed++;
      else {
        const undo = 'damage' in row ? undefined : undoRow(row, isUndo);
        if (undo === undefined) skipped.unreadable++;
        else if (undo !== 'unchanged') rows.push(undo);
      }
    }
    yield rows;
  }
}

function undoRow(
  { bucket, key: cell, versionId, message }: ReportRow,
  isUndo: boolean,
): UndoRow | 'unchanged' | undefined {
  const result = parseResult(message);
  const key = isUndo ? keyOfUndoCell(cell) : cell;
  if (result === undefined || key === undefined) return undefined;
  if ('unchanged' in result) return 'unchanged';
  const former = 'beforeKey' in result ? { recordKey: result.beforeKey } : result;
  return { bucket, key, ...(versionId !== undefined && { versionId }), former };
}
