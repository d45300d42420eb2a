import { posix } from 'node:path';
import * as vscode from 'vscode';
import type { VersionLocation } from '../../commands.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { visible } from '../../vscode/visibleText.ts';
import { sessionFor, type Explorer } from '../explorer.ts';
import { DownloadFolder, folderOf } from '../transfers/downloadFolder.ts';
import { defaultFileName, type DownloadItem } from '../transfers/downloadPlan.ts';
import { isRow } from '../tree/rows.ts';
import { isMarker } from './openVersions.ts';
import { versionName } from './versionUri.ts';

interface Item extends VersionLocation {
  readonly folder: vscode.Uri;
  readonly name: string;
}

/** Gets versions as files; several go into one folder, each named after its date. */
export async function downloadVersions(
  explorer: Explorer,
  selected: readonly VersionLocation[],
): Promise<void> {
  const versions = selected.filter(one => !isMarker(one));
  const [first] = versions;
  if (!first) return;
  const session = await sessionFor(explorer, first);
  const downloads = new DownloadFolder(explorer.memory);
  const start = await downloads.start();
  const items =
    versions.length === 1 ? [await askFile(first, start)] : await askFolder(versions, start);
  const [one] = items;
  if (one) await downloads.remember(one.folder);
  const { fetchItems } = await import('../transfers/download.ts');
  await fetchItems(explorer, session, items.map(downloadOf));
}

function downloadOf({ bucket, key, versionId, folder, name, ...version }: Item): DownloadItem {
  const row = { bucket, key, versionId, ...version };
  const size = isRow(row) && 'summary' in row ? row.summary.size : 0;
  return { bucket, key, versionId, size, folder, names: [name], label: versionName(row) };
}

/** The dialog itself asks before it gives the name of a file that is there. */
async function askFile(version: VersionLocation, start: vscode.Uri): Promise<Item> {
  const target = await vscode.window.showSaveDialog({
    title: visible(vscode.l10n.t('Download {0}', versionName(version))),
    defaultUri: vscode.Uri.joinPath(start, fileNameOf(version, start)),
    saveLabel: vscode.l10n.t('Download'),
  });
  if (!target) throw cancelled();
  return { ...version, folder: folderOf(target), name: posix.basename(target.path) };
}

async function askFolder(versions: readonly VersionLocation[], start: vscode.Uri): Promise<Item[]> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Download Into'),
      defaultUri: start,
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: vscode.l10n.t('Download Here'),
    })) ?? [];
  if (!folder) throw cancelled();
  const there = await vscode.workspace.fs.readDirectory(folder);
  const taken = new Set(there.map(([name]) => folded(name)));
  return versions.map(version => {
    const name = freeName(fileNameOf(version, folder), taken);
    taken.add(folded(name));
    return { ...version, folder, name };
  });
}

/** `report 2026-11-30T09-20-13.txt`: nothing of a version's name may be lost on the way. */
export function fileNameOf(version: VersionLocation, folder: vscode.Uri): string {
  const name = defaultFileName(version.key, folder);
  const { ext, name: stem } = posix.parse(name);
  const when = isRow(version) && version.summary.lastModified;
  const mark = when ? when.toISOString().slice(0, 19).replaceAll(':', '-') : version.versionId;
  return defaultFileName(`${stem} ${mark.replaceAll('/', '_')}${ext}`, folder);
}

/** Some file systems take names for the same that differ by their case. */
function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** Nothing that is there is overwritten. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  const { ext, name: stem } = posix.parse(name);
  let free = name;
  for (let count = 2; taken.has(folded(free)); count++) free = `${stem} (${count})${ext}`;
  return free;
}
