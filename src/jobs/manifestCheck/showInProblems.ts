import { commands, l10n, Uri } from 'vscode';
import type { ManifestCheck } from '../../aws/manifestCheck/checkManifest.ts';
import type { Session } from '../../services.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { formatCount } from '../../vscode/formats.ts';
import type { Jobs } from '../jobs.ts';
import type { ManifestDiagnostics } from './manifestDiagnostics.ts';

/** Bytes of a manifest that an editor opens: beyond, VS Code turns off all that marks a row. */
const MAX_IN_EDITOR = 20 * 1024 * 1024;

/**
 * Shows the problems of a manifest in the Problems view: in the manifest itself, or, where that is too
 * big for an editor, in a document of the rows with problems.
 */
export async function showInProblems(
  { documents }: Jobs,
  diagnostics: ManifestDiagnostics,
  session: Session,
  check: ManifestCheck,
): Promise<void> {
  const { bucket, key, size } = check;
  const shown = { session: session.key, check };
  const opened =
    size <= MAX_IN_EDITOR &&
    (await runCommandFor(session, 'bucketBrigade.explorer.openObject', { bucket, key }));
  if (typeof opened === 'string') diagnostics.show(Uri.parse(opened, true), shown);
  else {
    const { text, lines } = excerptOf(check);
    const name = key.slice(key.lastIndexOf('/') + 1);
    const uri = await documents.show('manifest', l10n.t('Problem rows of {0}.csv', name), text);
    diagnostics.show(uri, shown, row => lines.get(row) ?? 0);
  }
  await commands.executeCommand('workbench.actions.view.problems');
}

/** The rows with problems, a line each, with their numbers. */
function excerptOf({ problems }: ManifestCheck): { text: string; lines: Map<number, number> } {
  const lines = new Map<number, number>();
  const texts: string[] = [];
  for (const { row, text = '' } of problems) {
    if (row === undefined || lines.has(row)) continue;
    lines.set(row, texts.length);
    texts.push(l10n.t('Row {0}: {1}', formatCount(row), text));
  }
  return { text: `${texts.join('\n')}\n`, lines };
}
