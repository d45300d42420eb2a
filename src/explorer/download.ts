import { posix } from 'node:path';
import pLimit from 'p-limit';
import * as vscode from 'vscode';
import type { LocalFolder } from '../aws/objects/localFolder.ts';
import { formatS3Uri } from '../aws/s3Uri.ts';
import type { S3Location } from '../commands.ts';
import type { Session } from '../services.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { withCancellableProgress, type ProgressUpdate } from '../vscode/progress.ts';
import { ownerOf, sessionOf } from '../vscode/sessionOwner.ts';
import { visible } from '../vscode/visibleText.ts';
import { withoutLinks } from '../vscode/withoutLinks.ts';
import { runBatch, type BatchOutcome } from './batch.ts';
import { confirmOverwrite } from './confirmOverwrite.ts';
import { DownloadFolder, folderOf } from './downloadFolder.ts';
import { defaultFileName, planDownload, targetOf, type DownloadItem } from './downloadPlan.ts';
import { askLocation, targetsOrAsk, type Explorer } from './explorer.ts';
import { reportFailures } from './reportFailures.ts';
import { isObject, isRow } from './rows.ts';
import { MAX_FILE_SIZE } from './s3Resource.ts';
import { transferConcurrency } from './settings.ts';
import { TransferTotals } from './transferTotals.ts';

const LOOKS_AT_A_TIME = 16;

/** Gets objects, or everything below a bucket or prefix, as files. */
export async function download(
  explorer: Explorer,
  target: S3Location | undefined,
  selection: readonly S3Location[] | undefined,
): Promise<void> {
  const session = await explorer.connections.session();
  const title = vscode.l10n.t('Download');
  const chosen = await targetsOrAsk(target, selection, () =>
    askLocation(explorer, session, { title, kind: 'any' }),
  );
  const [first] = chosen;
  const items =
    first && chosen.length === 1 && isObject(first)
      ? [await askFile(explorer, first)]
      : await askFolder(explorer, session, chosen);
  if (items.length > 0) await fetchItems(explorer, session, items);
}

/** The dialog itself asks before it gives the name of a file that is there. */
async function askFile(
  { memory }: Explorer,
  location: S3Location & { key: string },
): Promise<DownloadItem> {
  const downloads = new DownloadFolder(memory);
  const start = await downloads.start();
  const target = await vscode.window.showSaveDialog({
    title: visible(vscode.l10n.t('Download {0}', formatS3Uri(location))),
    defaultUri: vscode.Uri.joinPath(start, defaultFileName(location.key, start)),
    saveLabel: vscode.l10n.t('Download'),
  });
  if (!target) throw cancelled();
  const folder = folderOf(target);
  await downloads.remember(folder);
  const { bucket, key } = location;
  const size = isRow(location) && location.kind === 'object' ? location.summary.size : 0;
  return { bucket, key, size, folder, names: [posix.basename(target.path)] };
}

async function askFolder(
  { memory }: Explorer,
  session: Session,
  chosen: readonly S3Location[],
): Promise<readonly DownloadItem[]> {
  const downloads = new DownloadFolder(memory);
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Download Into'),
      defaultUri: await downloads.start(),
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: vscode.l10n.t('Download Here'),
    })) ?? [];
  if (!folder) throw cancelled();
  await downloads.remember(folder);
  const title = vscode.l10n.t('Looking through the objects to download');
  const items = await withCancellableProgress({ title }, signal =>
    planDownload(session, chosen, folder, signal),
  );
  if (items.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There are no objects to download.'));
    return items;
  }
  const existing = await findExisting(items);
  return await confirmOverwrite({
    items,
    existing,
    nameOf: item => vscode.workspace.asRelativePath(targetOf(item)),
    question:
      existing.length === 1
        ? vscode.l10n.t('Overwrite a file in {0}?', folder.fsPath)
        : vscode.l10n.t('Overwrite {0} files in {1}?', existing.length, folder.fsPath),
  });
}

async function findExisting(items: readonly DownloadItem[]): Promise<DownloadItem[]> {
  const there = await pLimit(LOOKS_AT_A_TIME).map(items, async item => {
    try {
      await vscode.workspace.fs.stat(targetOf(item));
      return true;
    } catch {
      return false;
    }
  });
  return items.filter((_, index) => there[index]);
}

async function fetchItems(
  explorer: Explorer,
  session: Session,
  items: readonly DownloadItem[],
): Promise<void> {
  const [first] = items;
  const owner = ownerOf(session);
  const title =
    items.length === 1 && first
      ? vscode.l10n.t('Downloading {0}', formatS3Uri(first))
      : vscode.l10n.t('Downloading {0} files', items.length);
  const outcome = await withCancellableProgress({ title }, (signal, report) =>
    fetchAll(session, items, signal, report),
  );
  const { done, failed } = outcome;
  if (done.length === items.length) void tellDone(items);
  void reportFailures({
    outcome,
    doneText: vscode.l10n.t('{0} of {1} files were downloaded.', done.length, items.length),
    failedText: vscode.l10n.t('{0} of {1} files were not downloaded.', failed.length, items.length),
    nameOf: item => item.key,
    again: async rest => fetchItems(explorer, await sessionOf(explorer.connections, owner), rest),
  });
}

/** Opens the file, or shows where the files are. */
async function tellDone(items: readonly DownloadItem[]): Promise<void> {
  const [first] = items;
  if (!first) return;
  const target = targetOf(first);
  const open = vscode.l10n.t('Open');
  const place = whereToShow(target);
  const isOne = items.length === 1;
  const text = isOne
    ? vscode.l10n.t('Downloaded {0}.', target.fsPath)
    : vscode.l10n.t('Downloaded {0} files into {1}.', items.length, first.folder.fsPath);
  const buttons = [...(isOne ? [open] : []), ...(place ? [place.title] : [])];
  const answer = await vscode.window.showInformationMessage(withoutLinks(text), ...buttons);
  if (answer === open) await vscode.commands.executeCommand('vscode.open', target);
  if (place && answer === place.title) await vscode.commands.executeCommand(place.command, target);
}

/** The file manager where VS Code runs beside the files, else its own Explorer where it shows them. */
function whereToShow(target: vscode.Uri): { title: string; command: string } | undefined {
  const { uiKind, remoteName } = vscode.env;
  const isHere = uiKind === vscode.UIKind.Desktop && remoteName === undefined;
  if (isHere && target.scheme === 'file') {
    return { title: vscode.l10n.t('Open Folder'), command: 'revealFileInOS' };
  }
  return vscode.workspace.getWorkspaceFolder(target)
    ? { title: vscode.l10n.t('Reveal in Explorer'), command: 'revealInExplorer' }
    : undefined;
}

async function fetchAll(
  session: Session,
  items: readonly DownloadItem[],
  signal: AbortSignal,
  report: (update: ProgressUpdate) => void,
): Promise<BatchOutcome<DownloadItem>> {
  const { LocalFolder } = await import('../aws/objects/localFolder.ts');
  const folders = new Map(
    items.map(({ folder }) => [folder.toString(), new LocalFolder(folder.fsPath)]),
  );
  const totals = new TransferTotals<DownloadItem>(
    items.length,
    items.reduce((sum, item) => sum + item.size, 0),
  );
  const fetch = async (item: DownloadItem): Promise<void> => {
    const folder = item.folder.scheme === 'file' ? folders.get(item.folder.toString()) : undefined;
    try {
      await fetchOne(session, item, folder, signal, bytes => {
        totals.moved(item, bytes);
        report(totals.update);
      });
    } finally {
      totals.finished();
      report(totals.update);
    }
  };
  return await runBatch(items, transferConcurrency(), signal, fetch, item => item.bucket);
}

async function fetchOne(
  session: Session,
  item: DownloadItem,
  folder: LocalFolder | undefined,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const { bucket, key, names } = item;
  const client = await session.clients.s3ForBucket(bucket, signal);
  if (folder) {
    const { downloadFile } = await import('../aws/objects/transfer.ts');
    await downloadFile(client, { bucket, key, folder, names }, { signal, onProgress: onBytes });
    return;
  }
  // Another file system takes a file only as a whole.
  const target = targetOf(item);
  await vscode.workspace.fs.createDirectory(folderOf(target));
  const { readObject } = await import('../aws/objects/objects.ts');
  const body = await readObject(client, { bucket, key, maxBytes: MAX_FILE_SIZE }, { signal });
  await vscode.workspace.fs.writeFile(target, body);
}
