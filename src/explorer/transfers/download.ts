import { posix } from 'node:path';
import pLimit from 'p-limit';
import * as vscode from 'vscode';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import { visible } from '../../vscode/visibleText.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { runBatch, type BatchOutcome } from '../../aws/transfers/batch.ts';
import { confirmOverwrite } from './confirmOverwrite.ts';
import { DownloadFolder, folderOf } from './downloadFolder.ts';
import { defaultFileName, planDownload, targetOf, type DownloadItem } from './downloadPlan.ts';
import { askLocation, targetsOrAsk, sessionFor, type Explorer } from '../explorer.ts';
import { commonPrefix } from './commonPrefix.ts';
import { trackBatch } from './trackBatch.ts';
import { revealActionFor } from '../transferList/revealTarget.ts';
import type { RunningTransfer } from '../transferList/transfer.ts';
import { isObject, isRow } from '../tree/rows.ts';
import { MAX_FILE_SIZE } from '../fileSystem/s3Resource.ts';
import { maxTransfers, transferConcurrency } from '../settings.ts';
import { continueBatch, transferInWorker } from './inWorker.ts';
import { TransferTotals } from './transferTotals.ts';

const LOOKS_AT_A_TIME = 16;

/** Gets objects, or everything below a bucket or prefix, as files. */
export async function download(
  explorer: Explorer,
  target: S3Location | undefined,
  selection: readonly S3Location[] | undefined,
): Promise<void> {
  const session = await sessionFor(explorer, target);
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
  const title = vscode.l10n.t('Listing the objects to download');
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

/**
 * Gets them without a question.
 *
 * @param kept the task of the journal that was begun with exactly these
 */
export async function fetchItems(
  explorer: Explorer,
  session: Session,
  items: readonly DownloadItem[],
  kept?: string,
): Promise<void> {
  const [first] = items;
  const owner = ownerOf(session);
  const title =
    items.length === 1 && first
      ? vscode.l10n.t('Downloading {0}', first.label ?? formatS3Uri(first))
      : vscode.l10n.t('Downloading {0} files', items.length);
  const to = items.length === 1 && first ? targetOf(first) : first?.folder;
  const { done } = await trackBatch<DownloadItem>(
    explorer,
    {
      ...{ kind: 'download', title, owner },
      from: commonPrefix(items.map(formatS3Uri)),
      ...(to && { to: to.fsPath, target: { uri: to.toString() } }),
      total: { items: items.length, bytes: bytesOf(items) },
      doneText: count => vscode.l10n.t('{0} of {1} files were downloaded.', count, items.length),
      failedText: count =>
        vscode.l10n.t('{0} of {1} files weren’t downloaded.', count, items.length),
      nameOf: ({ key, label = key }) => label,
      pausesInside: items.every(({ folder }) => folder.scheme === 'file'),
      again: async (rest, left) => {
        const now = await sessionOf(explorer.connections, owner);
        await fetchItems(explorer, now, left === undefined ? rest : items, left);
      },
      discard: async left =>
        explorer.worker.discard(await sessionOf(explorer.connections, owner), left),
    },
    transfer => fetchAll(explorer, session, items, { ...transfer, title, kept }),
  );
  if (done.length === items.length) void showDone(items);
}

function bytesOf(items: readonly DownloadItem[]): number {
  return items.reduce((sum, { size }) => sum + size, 0);
}

/** Opens the file, or shows where the files are. */
async function showDone(items: readonly DownloadItem[]): Promise<void> {
  const [first] = items;
  if (!first) return;
  const target = targetOf(first);
  const open = vscode.l10n.t('Open');
  const place = revealActionFor(target);
  const isOne = items.length === 1;
  const text = isOne
    ? vscode.l10n.t('Downloaded {0}.', target.fsPath)
    : vscode.l10n.t('Downloaded {0} files into {1}.', items.length, first.folder.fsPath);
  const buttons = [...(isOne ? [open] : []), ...(place ? [place.title] : [])];
  const answer = await vscode.window.showInformationMessage(neutralizeLinks(text), ...buttons);
  if (answer === open) await vscode.commands.executeCommand('vscode.open', target);
  if (place && answer === place.title) await vscode.commands.executeCommand(place.command, target);
}

/** To files of this machine by the worker, to others from here. */
async function fetchAll(
  explorer: Explorer,
  session: Session,
  items: readonly DownloadItem[],
  transfer: RunningTransfer & { readonly title: string; readonly kept?: string },
): Promise<BatchOutcome<DownloadItem>> {
  const { true: local = [], false: others = [] } = Object.groupBy(
    items,
    ({ folder }) => `${folder.scheme === 'file'}` as const,
  );
  const fetchOthers = () => fetchFromHere(session, others, transfer);
  if (local.length === 0) return await fetchOthers();
  const files = local.map(({ bucket, key, versionId, size, folder, names }) => ({
    ...{ bucket, key, versionId, size, names },
    folder: folder.fsPath,
  }));
  const first = await transferInWorker(
    explorer,
    session,
    {
      ...{ name: 'downloadFiles', title: transfer.title, items: local, kept: transfer.kept },
      input: { files, most: maxTransfers() },
    },
    transfer,
  );
  return await continueBatch(first, others, fetchOthers);
}

async function fetchFromHere(
  session: Session,
  items: readonly DownloadItem[],
  { signal, report, ready }: RunningTransfer,
): Promise<BatchOutcome<DownloadItem>> {
  const totals = new TransferTotals<DownloadItem>(items.length, bytesOf(items));
  const fetch = async (item: DownloadItem): Promise<void> => {
    try {
      await ready();
      await fetchOne(session, item, signal);
      totals.moved(item, item.size);
    } finally {
      totals.finished();
      report(totals.update);
    }
  };
  return await runBatch(items, transferConcurrency(), signal, fetch, item => item.bucket);
}

async function fetchOne(session: Session, item: DownloadItem, signal: AbortSignal): Promise<void> {
  const { bucket, key, versionId } = item;
  const client = await session.clients.s3ForBucket(bucket, signal);
  // Another file system takes a file only as a whole.
  const target = targetOf(item);
  await vscode.workspace.fs.createDirectory(folderOf(target));
  const { readObject } = await import('../../aws/objects/objects.ts');
  const input = { bucket, key, versionId, maxBytes: MAX_FILE_SIZE };
  const body = await readObject(client, input, { signal });
  await vscode.workspace.fs.writeFile(target, body);
}
