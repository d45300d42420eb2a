import { l10n, ThemeIcon } from 'vscode';
import type { CompletionReport } from '../../aws/batchJobs/completionReport.ts';
import { pick } from '../../vscode/prompts.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import type { Session } from '../../services.ts';

/** Opens the report's only file of results, or the one that is chosen. */
export async function openResultFile(
  session: Session,
  { results }: CompletionReport,
): Promise<void> {
  const title = l10n.t('Open Completion Report as CSV');
  const items = results.map(({ bucket, key, status }) => ({
    label:
      status === 'succeeded' ? l10n.t('Objects that Succeeded') : l10n.t('Objects that Failed'),
    description: key.slice(key.lastIndexOf('/') + 1),
    iconPath: new ThemeIcon(status === 'succeeded' ? 'pass' : 'error'),
    place: { bucket, key },
  }));
  const only = items.length === 1 ? items[0] : undefined;
  const placeholder = l10n.t('Select a file of the report');
  const { place } = only ?? (await pick({ title, placeholder, items }));
  await runCommandFor(session, 'bucketBrigade.explorer.openObject', place);
}
