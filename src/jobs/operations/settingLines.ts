import { l10n } from 'vscode';
import { copyTarget } from '../../aws/batchJobs/operations/copy.ts';
import type { JobOperation } from '../../aws/batchJobs/jobOperation.ts';
import { functionName } from '../../aws/functionArn.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';

/** One setting of an operation: its name and value. */
export interface SettingLine {
  readonly label: string;
  readonly value: string;
}

/**
 * All settings of an operation besides its name, in the order of its importance. What has no
 * words of ours is shown by AWS's name: nothing is left out.
 */
export function settingLines(operation: JobOperation): SettingLine[] {
  switch (operation.name) {
    case 'S3PutObjectTagging':
      return operation.tags.map(({ key, value }) => ({ label: key, value }));
    case 'S3DeleteObjectTagging':
      return [];
    case 'LambdaInvoke':
      return [
        { label: l10n.t('Function'), value: functionName(operation.functionArn) },
        { label: l10n.t('Schema version'), value: operation.schemaVersion },
        ...members(operation.userArguments ?? {}),
      ];
    case 'S3PutObjectCopy': {
      const { TargetResource, TargetKeyPrefix, ...rest } = operation.settings;
      return [
        { label: l10n.t('Destination'), value: destination(TargetResource, TargetKeyPrefix) },
        ...members(rest),
      ];
    }
    default:
      return members(operation.settings);
  }
}

function destination(arn = '', prefix = ''): string {
  const bucket = copyTarget({ TargetResource: arn });
  if (bucket === undefined) return [arn, prefix].filter(part => part !== '').join(' ');
  const key = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  return formatS3Uri({ bucket, key });
}

/** `NewObjectMetadata.ContentType` and its like, each with what stands there. */
function members(settings: object, path = ''): SettingLine[] {
  return Object.entries(settings).flatMap(([name, value]: [string, unknown]) => {
    if (value === undefined || value === null) return [];
    const label = path === '' ? name : `${path}.${name}`;
    if (isLeaf(value)) return [{ label, value: leafText(value) }];
    return members(value, label);
  });
}

function isLeaf(value: unknown): value is string | number | boolean | Date | readonly unknown[] {
  return typeof value !== 'object' || value instanceof Date || Array.isArray(value);
}

function leafText(value: string | number | boolean | Date | readonly unknown[]): string {
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object') return String(value);
  const tags = value.map(each => tagText(each));
  return tags.length === 0 ? l10n.t('none') : tags.join(', ');
}

function tagText(each: unknown): string {
  const { Key: key, Value: value } = (each ?? {}) as { Key?: unknown; Value?: unknown };
  return typeof key === 'string' && typeof value === 'string'
    ? `${key}=${value}`
    : JSON.stringify(each);
}
