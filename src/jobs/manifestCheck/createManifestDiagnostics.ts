import { CodeActionKind, languages } from 'vscode';
import type { DisposableStore } from '../../vscode/disposables.ts';
import { DOCUMENT_SCHEME } from '../../vscode/documents.ts';
import type { Jobs } from '../jobs.ts';
import { CorrectionActions } from './correctionActions.ts';
import { ManifestDiagnostics } from './manifestDiagnostics.ts';

/** Manifests are opened as objects; what is too big for that, as a document of ours. */
const DOCUMENTS = [{ scheme: 's3' }, { scheme: DOCUMENT_SCHEME, pattern: '/manifest/**' }];

/** Registers the diagnostics of manifests, and the quick fixes that correct them. */
export function createManifestDiagnostics(
  jobs: Jobs,
  disposables: DisposableStore,
): ManifestDiagnostics {
  const diagnostics = disposables.add(new ManifestDiagnostics());
  const actions = new CorrectionActions(diagnostics);
  const metadata = { providedCodeActionKinds: [CodeActionKind.QuickFix] };
  disposables.add(languages.registerCodeActionsProvider(DOCUMENTS, actions, metadata));
  disposables.add(jobs.connections.onDidChange(() => diagnostics.clear()));
  return diagnostics;
}
