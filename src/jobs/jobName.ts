import { l10n } from 'vscode';
import type { JobSummary } from '../aws/batchJobs/batchJobs.ts';
import { operationLabel } from './jobText.ts';

/** What a job is called: its description, else what it does, short enough for a row of the view. */
export function jobName({
  description,
  operation,
}: Pick<JobSummary, 'description' | 'operation'>): string {
  if (description !== undefined) return description;
  switch (operation) {
    case 'S3PutObjectTagging':
      return l10n.t('Replace tags');
    case 'S3DeleteObjectTagging':
      return l10n.t('Delete tags');
    default:
      return operationLabel(operation);
  }
}
