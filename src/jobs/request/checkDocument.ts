import { l10n, Range, window, workspace, WorkspaceEdit, type TextDocument } from 'vscode';
import { partsOf, type JobRequest } from '../../aws/preflight/jobParts.ts';
import type { DocumentUri } from '../../commands.ts';
import { runCommand } from '../../vscode/runCommand.ts';
import { sessionForTarget } from '../../vscode/sessionOwner.ts';
import type { Jobs } from '../jobs.ts';
import { operationLabel } from '../operations/operationLabel.ts';
import { documentOf } from './documentOf.ts';
import { readDocument } from './readDocument.ts';
import { ownerOfRequest } from './requestDocument.ts';

/**
 * Shows on a page what speaks for and against the job that a `*.s3job.json` document asks for. What a
 * fix makes of it is written into the document.
 *
 * @param given the document; the one in front when absent
 * @throws BrigadeError `InvalidInput` with the first thing that is wrong in it
 */
export async function checkDocument(jobs: Jobs, given: DocumentUri | undefined): Promise<void> {
  const document = documentOf(given);
  const session = await sessionForTarget(jobs.connections, ownerOfRequest(document));
  const { request } = await readDocument(document);
  const uri = { scheme: document.uri.scheme, path: document.uri.path };
  await jobs.check.open({
    ...{ session, key: document.uri.toString(), name: requestTitle(request) },
    request: async () => (await readDocument(document)).request,
    adopt: changed => write(document, changed),
    actions: [
      { id: 'create', label: l10n.t('Create Job'), isPrimary: true },
      { id: 'edit', label: l10n.t('Edit as JSON') },
    ],
    onAction: async id => {
      if (id === 'create') await runCommand('bucketBrigade.jobs.createFromDocument', uri);
      else await window.showTextDocument(document);
    },
  });
}

function requestTitle(request: JobRequest): string {
  return request.Description ?? operationLabel(partsOf(request).operation?.name ?? '');
}

/** The whole text: JSON has no comments that could get lost, and undo brings it back. */
async function write(document: TextDocument, request: JobRequest): Promise<void> {
  const edit = new WorkspaceEdit();
  const end = document.lineAt(document.lineCount - 1).range.end;
  const whole = new Range(document.positionAt(0), end);
  edit.replace(document.uri, whole, `${JSON.stringify(request, undefined, 2)}\n`);
  await workspace.applyEdit(edit);
}
