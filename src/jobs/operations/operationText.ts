import { l10n } from 'vscode';
import type { JobOperation } from '../../aws/batchJobs/jobOperation.ts';
import { functionName } from '../../aws/functionArn.ts';
import { formatTagText } from '../../aws/objects/tagText.ts';
import { operationLabel } from './operationLabel.ts';
import { settingLines } from './settingLines.ts';

/** What an operation does, on one line: `to s3://archive/2026/ · StorageClass: GLACIER`. */
export function operationSummary(operation: JobOperation): string {
  switch (operation.name) {
    case 'S3PutObjectTagging':
      return formatTagText(operation.tags);
    case 'S3DeleteObjectTagging':
      return l10n.t('all are removed');
    case 'LambdaInvoke':
      return functionName(operation.functionArn);
    default: {
      const lines = settingLines(operation).map(({ label, value }) => `${label}: ${value}`);
      return lines.length === 0 ? operationLabel(operation.name) : lines.join(' · ');
    }
  }
}

/** The question before a job is created: what is lost by it, or paid for. */
export function operationQuestion(operation: JobOperation, objects: string): string {
  switch (operation.name) {
    case 'S3PutObjectTagging':
      return l10n.t('Replace all tags of {0} with {1}?', objects, formatTagText(operation.tags));
    case 'S3DeleteObjectTagging':
      return l10n.t('Remove all tags of {0}?', objects);
    case 'LambdaInvoke':
      return l10n.t('Invoke {0} for {1}?', functionName(operation.functionArn), objects);
    case 'S3PutObjectCopy':
      return l10n.t('Copy {0} to {1}?', objects, settingLines(operation)[0]?.value ?? '');
    case 'S3InitiateRestoreObject':
      return l10n.t('Restore {0}?', objects);
    case 'S3ComputeObjectChecksum':
      return l10n.t('Compute the checksums of {0}?', objects);
    default:
      return l10n.t('{0}: {1}?', operationLabel(operation.name), objects);
  }
}

/** What an operation does to its objects, line by line, for the summary in an editor. */
export function operationLines(operation: JobOperation): string[] {
  const lines = settingLines(operation);
  switch (operation.name) {
    case 'S3PutObjectTagging':
      return [
        l10n.t('All tags of these objects are replaced by:'),
        ...operation.tags.map(tag => `    ${tag.key} = ${tag.value}`),
      ];
    case 'S3DeleteObjectTagging':
      return [l10n.t('All tags of these objects are removed.')];
    case 'LambdaInvoke':
      return [
        l10n.t(
          'The function {0} is invoked once for each object.',
          functionName(operation.functionArn),
        ),
        ...Object.entries(operation.userArguments ?? {}).map(
          ([key, value]) => `    ${key} = ${value}`,
        ),
      ];
    default:
      return [
        l10n.t('Operation: {0}', operationLabel(operation.name)),
        ...lines.map(({ label, value }) => `    ${label}: ${value}`),
      ];
  }
}
