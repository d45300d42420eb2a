import type { AwsClients } from '../clients.ts';
import type { ObjectRef, ObjectSelection } from '../selection/selection.ts';
import { readSelection } from '../selection/readSelection.ts';
import {
  runDirectTask,
  type DirectOptions,
  type DirectResult,
  type DirectTask,
  type ReportPlace,
} from './directEngine.ts';
import { applyTagChange, type TagChange } from './tagChange.ts';
import type { WorkItem } from './workList.ts';

export interface ChangeTagsInput {
  /** Of this run: its report is in `<prefix>/direct-<id>/`. */
  readonly id: string;
  readonly selection: ObjectSelection;
  readonly change: TagChange;
  readonly report: ReportPlace;
}

/**
 * Makes one change to the tags of all objects of a selection, with a report from which it can be
 * undone. See `runDirectTask` for how it continues after a kill.
 *
 * @param folder of the task's own, on this computer
 * @throws BrigadeError as `runDirectTask`; `AccessDenied` (s3:ListBucket) …
 */
export async function changeTags(
  clients: AwsClients,
  input: ChangeTagsInput,
  folder: string,
  options: DirectOptions = {},
): Promise<DirectResult> {
  return await runDirectTask(clients, taskOf(clients, input, folder, options), options);
}

function taskOf(
  clients: AwsClients,
  { id, selection, change, report }: ChangeTagsInput,
  folder: string,
  { signal }: DirectOptions,
): DirectTask {
  return {
    id,
    folder,
    report,
    facts: { engine: 'direct', change },
    items: () => itemsOf(readSelection(clients, selection, { signal })),
    plan: (_, current) => applyTagChange(current, change),
  };
}

/** The objects of a selection as they are worked on. */
export async function* itemsOf(
  batches: AsyncIterable<readonly ObjectRef[]>,
): AsyncGenerator<readonly WorkItem[]> {
  for await (const refs of batches) {
    yield refs.map(({ bucket, key, versionId }) => ({
      object: { bucket, key, ...(versionId !== undefined && { versionId }) },
    }));
  }
}
