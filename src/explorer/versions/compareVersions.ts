import * as vscode from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { VersionLocation } from '../../commands.ts';
import { objectResource } from '../fileSystem/s3Resource.ts';
import { namedFor, sessionFor, type Explorer } from '../explorer.ts';
import { isRow } from '../tree/rows.ts';
import { isMarker, lastName, openable } from './openVersions.ts';
import { momentOf } from './versionUri.ts';

/** Opens a diff of a version and the current one, which can be edited there. */
export async function compareWithCurrent(
  explorer: Explorer,
  version: VersionLocation | undefined,
): Promise<void> {
  if (!version) return;
  const session = await sessionFor(explorer, version);
  const left = await openable(explorer, session, version);
  const right = objectResource(version.bucket, version.key, namedFor(explorer, session));
  await explorer.admit(session, right);
  const title = vscode.l10n.t('{0} ({1} ↔ current)', lastName(version.key), momentOf(version));
  await vscode.commands.executeCommand('vscode.diff', left, right, title);
}

/** Opens a diff of two versions, the older one on the left. */
export async function compareSelected(
  explorer: Explorer,
  versions: readonly VersionLocation[],
): Promise<void> {
  const [newer, older, ...more] = versions.filter(one => !isMarker(one)).sort(newestFirst);
  if (!newer || !older || more.length > 0) {
    throw new BrigadeError('InvalidInput', vscode.l10n.t('Select two versions to compare.'));
  }
  const session = await sessionFor(explorer, newer);
  const left = await openable(explorer, session, older);
  const right = await openable(explorer, session, newer);
  const names = [...new Set([lastName(older.key), lastName(newer.key)])].join(' ↔ ');
  const title = vscode.l10n.t('{0} ({1} ↔ {2})', names, momentOf(older), momentOf(newer));
  await vscode.commands.executeCommand('vscode.diff', left, right, title);
}

function newestFirst(one: VersionLocation, other: VersionLocation): number {
  return timeOf(other) - timeOf(one);
}

function timeOf(version: VersionLocation): number {
  if (!isRow(version)) return 0;
  const { isLatest, lastModified } = version.summary;
  return isLatest ? Infinity : (lastModified?.getTime() ?? 0);
}
