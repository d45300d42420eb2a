import {
  CodeAction,
  CodeActionKind,
  l10n,
  type CodeActionContext,
  type CodeActionProvider,
  type Command,
  type Diagnostic,
  type Range,
  type TextDocument,
} from 'vscode';
import { correctionsOf, type Correction } from '../../aws/manifestCheck/corrections.ts';
import type { ManifestProblemKind } from '../../aws/manifest/manifestProblems.ts';
import { correctionTitle, offeredCorrections } from './correctionText.ts';
import { SOURCE, type ManifestDiagnostics } from './manifestDiagnostics.ts';

/**
 * Quick fixes for what was found in a manifest. Each writes a new manifest: a row at a time would take
 * a person years, and the object that jobs were made from stays what it is.
 */
export class CorrectionActions implements CodeActionProvider {
  readonly #diagnostics: ManifestDiagnostics;

  constructor(diagnostics: ManifestDiagnostics) {
    this.#diagnostics = diagnostics;
  }

  provideCodeActions(
    { uri }: TextDocument,
    _: Range,
    { diagnostics }: CodeActionContext,
  ): CodeAction[] {
    const shown = this.#diagnostics.at(uri);
    const ours = diagnostics.filter(({ source }) => source === SOURCE);
    if (shown === undefined || ours.length === 0) return [];
    const { bucket, key, problemCounts } = shown.check;
    const single = correctionsFor(ours).map(([correction, of]) =>
      action(correctionTitle(correction), of, { bucket, key, corrections: [correction] }),
    );
    if (offeredCorrections(problemCounts).size === 0) return single;
    const all = action(l10n.t('Write Corrected Manifest…'), ours, { bucket, key });
    return [...single, Object.assign(all, { isPreferred: true })];
  }
}

/** Each correction once, with what it fixes. */
function correctionsFor(diagnostics: readonly Diagnostic[]): [Correction, Diagnostic[]][] {
  const mended = new Map<Correction, Diagnostic[]>();
  for (const diagnostic of diagnostics) {
    for (const correction of correctionsOf(diagnostic.code as ManifestProblemKind)) {
      mended.set(correction, [...(mended.get(correction) ?? []), diagnostic]);
    }
  }
  return [...mended];
}

function action(title: string, diagnostics: Diagnostic[], argument: object): CodeAction {
  const command: Command = {
    command: 'bucketBrigade.jobs.correctManifest',
    title,
    arguments: [argument],
  };
  return Object.assign(new CodeAction(title, CodeActionKind.QuickFix), { command, diagnostics });
}
