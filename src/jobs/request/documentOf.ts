import { l10n, window, workspace, type TextDocument } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { DocumentUri } from '../../commands.ts';
import { isRequestDocument } from './requestDocument.ts';

/**
 * The document that a title's button is of, or the one in front; one that is not open is nobody's
 * choice.
 *
 * @throws BrigadeError `InvalidInput` where there is none
 */
export function documentOf(given: DocumentUri | undefined): TextDocument {
  const document =
    given === undefined
      ? window.activeTextEditor?.document
      : workspace.textDocuments.find(
          ({ uri }) => uri.scheme === given.scheme && uri.path === given.path,
        );
  if (document !== undefined && isRequestDocument(document)) return document;
  throw new BrigadeError('InvalidInput', l10n.t('Open a document whose name ends in .s3job.json.'));
}
