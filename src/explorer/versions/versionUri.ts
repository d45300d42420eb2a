import { env, l10n } from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { VersionLocation } from '../../commands.ts';
import { isRow } from '../tree/rows.ts';
import { shortId, versionLabel } from '../tree/versionItems.ts';

/** `s3://bucket/key?versionId=…`, as our `s3:` file system and many tools take it. */
export function versionUri({ bucket, key, versionId }: VersionLocation): string {
  return `${formatS3Uri({ bucket, key })}?versionId=${versionId}`;
}

/** What a version is called in a message: its object and when it was written. */
export function versionName(version: VersionLocation): string {
  return l10n.t('{0} ({1})', version.key, momentOf(version));
}

/** When a version was written; its id where that is not known. */
export function momentOf(version: VersionLocation): string {
  return isRow(version) ? versionLabel(version) : shortId(version.versionId);
}

/** Puts the ids of versions into the clipboard, one a line. */
export async function copyVersionIds(versions: readonly VersionLocation[]): Promise<void> {
  await env.clipboard.writeText(versions.map(({ versionId }) => versionId).join('\n'));
}

/** Puts the addresses of versions into the clipboard, one a line. */
export async function copyVersionUris(versions: readonly VersionLocation[]): Promise<void> {
  await env.clipboard.writeText(versions.map(versionUri).join('\n'));
}
