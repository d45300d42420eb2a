import { l10n } from 'vscode';
import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';

interface Place {
  readonly bucket: string;
  readonly key: string;
}

interface Filter {
  readonly sourceBucket: string;
  readonly prefix?: string;
  readonly suffix?: string;
}

/** Which objects a job works on: its manifest's address, or a pattern where S3 finds them. */
export function objectsText(manifest: Place | Filter): string {
  if (!isGenerator<Filter>(manifest)) return formatS3Uri(manifest);
  const { sourceBucket: bucket, prefix = '', suffix = '' } = manifest;
  return `${formatS3Uri({ bucket, key: prefix })}*${suffix}`;
}

/** Where resized copies go, and what that may cost. @param destination a bucket */
export function copiesText(destination: string): string {
  const written = l10n.t(
    'It writes resized copies to {0}, overwriting existing ones with the same name.',
    formatS3Uri({ bucket: destination }),
  );
  const undo = l10n.t('This can’t be undone unless versioning is on in {0}.', destination);
  return `${written} ${undo}`;
}
