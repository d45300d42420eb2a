import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { formatS3Uri } from '../s3Uri.ts';
import {
  runDirectTask,
  type DirectOptions,
  type DirectResult,
  type ReportPlace,
} from '../tagChanges/directEngine.ts';
import { readFormerTags, type FormerTagsSource } from './formerTagsReport.ts';
import { revertTagChange, type WhenChanged } from '../tagChanges/revert.ts';
import type { AppliedChange } from '../tagChanges/tagChange.ts';
import type { WorkItem } from '../tagChanges/workList.ts';
import type { Tag } from '../objects/tagRules.ts';

export interface UndoTagsInput {
  /** Of this run: its report is in `<prefix>/direct-<id>/`. */
  readonly id: string;
  /** The report of what is undone. */
  readonly source: FormerTagsSource;
  readonly whenChanged: WhenChanged;
  readonly report: ReportPlace;
}

/**
 * Restores the tags that were there before a job, by its report, object by object; its own report says
 * what was there before that, so that it can be undone too.
 *
 * @param folder of the task's own, on this computer
 * @throws BrigadeError as `runDirectTask`; `NotFound` with the reason `NothingToUndo` when the report
 *   names no former tags
 */
export async function undoTags(
  clients: AwsClients,
  { id, source, whenChanged, report }: UndoTagsInput,
  folder: string,
  options: DirectOptions = {},
): Promise<DirectResult> {
  const { bucket, key } = source;
  const task = {
    ...{ id, folder, report },
    facts: { engine: 'direct' as const, undone: { bucket, key } },
    items: () => readFormerTags(clients, source, options),
    plan: (item: WorkItem, current: readonly Tag[]) => planUndo(item, current, whenChanged),
  };
  const result = await runDirectTask(clients, task, options);
  if (result.total > 0 || options.settles) return result;
  throw new BrigadeError('NotFound', 'The report names no tags that were changed', {
    subject: formatS3Uri(source),
    reason: 'NothingToUndo',
  });
}

/** What undoing makes of an object's tags. */
export function planUndo(
  { former }: WorkItem,
  current: readonly Tag[],
  whenChanged: WhenChanged,
): AppliedChange {
  if (former === undefined) return { after: current, changed: false };
  if (former === 'lost') return { problem: { kind: 'formerTagsLost' } };
  return revertTagChange(current, former, whenChanged);
}
