import type { AwsClients } from '../clients.ts';
import { previewItems, type PreviewOptions, type TagPreview } from '../tagChanges/previewTags.ts';
import { readFormerTags, type FormerTagsSource } from './formerTagsReport.ts';
import { planUndo } from './undoTags.ts';

export interface PreviewUndoInput {
  /** Looks at so many objects, and no more; at all when absent. */
  readonly limit?: number;
  readonly source: FormerTagsSource;
}

/**
 * Says what undoing a job would do, and changes nothing: one GetObjectTagging an object. Those whose
 * tags were changed since are refused, with the code `ChangedSince`.
 *
 * @throws BrigadeError as `readFormerTags`
 */
export async function previewUndo(
  clients: AwsClients,
  { source, limit }: PreviewUndoInput,
  options: PreviewOptions = {},
): Promise<TagPreview> {
  const items = readFormerTags(clients, source, { signal: options.signal });
  const plan = (item: Parameters<typeof planUndo>[0], current: Parameters<typeof planUndo>[1]) =>
    planUndo(item, current, 'keep');
  return await previewItems(clients, { items, plan, limit }, options);
}
