import {
  Diagnostic,
  DiagnosticSeverity,
  l10n,
  languages,
  Range,
  type DiagnosticCollection,
  type Disposable,
  type Uri,
} from 'vscode';
import type { ManifestCheck } from '../../aws/manifestCheck/checkManifest.ts';
import type { ManifestProblem } from '../../aws/manifest/manifestProblems.ts';
import { formatCount } from '../../vscode/formats.ts';
import { visible } from '../../vscode/visibleText.ts';
import { describeKind, describeProblem } from '../create/manifestProblemText.ts';

/** As the Problems view names where they come from; code actions know ours by it. */
export const SOURCE = 'Bucket Brigade';

/** A manifest that was checked, and where its problems are shown. */
interface ShownCheck {
  /** `Session.key` of whose manifest it is. */
  readonly session: string;
  readonly check: ManifestCheck;
}

/** What was found wrong with manifests, in the Problems view. */
export class ManifestDiagnostics implements Disposable {
  readonly #collection: DiagnosticCollection;
  readonly #shown = new Map<string, ShownCheck>();

  constructor() {
    this.#collection = languages.createDiagnosticCollection('bucket-brigade.manifest');
  }

  /**
   * Shows the problems of a manifest.
   *
   * @param lines the line of the document, counted from 0, where a row is; by default its own
   */
  show(uri: Uri, shown: ShownCheck, lines: (row: number) => number = row => row - 1): void {
    this.#shown.set(uri.toString(), shown);
    this.#collection.set(uri, diagnosticsOf(shown.check, lines));
  }

  /** Forgets a manifest in which nothing is wrong any more. */
  forget(session: string, place: { readonly bucket: string; readonly key: string }): void {
    for (const [name, shown] of this.#shown) {
      if (!isAbout(shown, session, place)) continue;
      this.#shown.delete(name);
      this.#collection.forEach(uri => {
        if (uri.toString() === name) this.#collection.delete(uri);
      });
    }
  }

  clear(): void {
    this.#shown.clear();
    this.#collection.clear();
  }

  at(uri: Uri): ShownCheck | undefined {
    return this.#shown.get(uri.toString());
  }

  /** What was found when a manifest was checked last. */
  of(
    session: string,
    place: { readonly bucket: string; readonly key: string },
  ): ManifestCheck | undefined {
    return [...this.#shown.values()].find(shown => isAbout(shown, session, place))?.check;
  }

  dispose(): void {
    this.#collection.dispose();
  }
}

function isAbout(
  shown: ShownCheck,
  session: string,
  { bucket, key }: { readonly bucket: string; readonly key: string },
): boolean {
  const { check } = shown;
  return shown.session === session && check.bucket === bucket && check.key === key;
}

/** Longer than any row that an editor shows. */
const WHOLE_LINE = 100_000;

function diagnosticsOf(check: ManifestCheck, lines: (row: number) => number): Diagnostic[] {
  const kept = check.problems.map(problem => {
    const { row = 1, severity, kind } = problem;
    const line = Math.max(0, lines(row));
    const at = new Range(line, 0, line, WHOLE_LINE);
    const diagnostic = new Diagnostic(at, messageOf(problem), severityOf(severity));
    return Object.assign(diagnostic, { source: SOURCE, code: kind });
  });
  const rest = restOf(check);
  return rest === undefined ? kept : [...kept, rest];
}

function messageOf(problem: ManifestProblem): string {
  return visible(describeProblem(problem));
}

function severityOf(severity: ManifestProblem['severity']): DiagnosticSeverity {
  return severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning;
}

/** What is not listed for its number. */
function restOf({ problems, problemCounts }: ManifestCheck): Diagnostic | undefined {
  const lines = problems
    .filter(({ kind }, at) => problems.findIndex(one => one.kind === kind) === at)
    .flatMap(problem => {
      const listed = problems
        .filter(({ kind }) => kind === problem.kind)
        .reduce((sum, { count = 1 }) => sum + count, 0);
      const more = (problemCounts[problem.kind] ?? 0) - listed;
      return more > 0 ? [l10n.t('{0} more: {1}', formatCount(more), describeKind(problem))] : [];
    });
  if (lines.length === 0) return undefined;
  const text = [l10n.t('Not all rows with problems are listed.'), ...lines].join('\n');
  const diagnostic = new Diagnostic(new Range(0, 0, 0, 0), text, DiagnosticSeverity.Information);
  return Object.assign(diagnostic, { source: SOURCE });
}
