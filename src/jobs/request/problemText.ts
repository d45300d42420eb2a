import { l10n } from 'vscode';
import type { RequestProblem } from '../../aws/batchJobs/request/readRequest.ts';

/** What is wrong with a request as someone wrote it, in a sentence. */
export function requestProblemText({ path, kind, expected = '' }: RequestProblem): string {
  const where = path.join('.');
  switch (kind) {
    case 'unknown':
      return l10n.t(
        '{0} isn’t supported by this version of Bucket Brigade. If AWS supports it, create the job with the AWS CLI.',
        where,
      );
    case 'missing':
      return l10n.t('{0} is missing.', where);
    case 'choice':
      return where === ''
        ? l10n.t('Specify exactly one of these: {0}.', expected)
        : l10n.t('{0} needs exactly one of these: {1}.', where, expected);
    case 'type':
      return where === ''
        ? l10n.t('A job must be a JSON object: { … }.')
        : l10n.t('{0} must be a {1}.', where, typeText(expected));
  }
}

function typeText(expected: string): string {
  switch (expected) {
    case 'text':
      return l10n.t('string');
    case 'number':
      return l10n.t('number');
    case 'boolean':
      return l10n.t('Boolean');
    case 'date':
      return l10n.t('date in ISO 8601, such as 2026-12-31T00:00:00Z');
    case 'list':
      return l10n.t('list');
    default:
      return l10n.t('object');
  }
}
