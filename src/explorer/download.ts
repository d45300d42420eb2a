import pLimit from 'p-limit';
import * as vscode from 'vscode';
import { formatS3Uri } from '../aws/s3Uri.ts';
import type { S3Location } from '../commands.ts';
import type { Session } from '../services.ts';
import { cancelled } from '../vscode/cancellation.ts';
import { withCancellableProgress, type ProgressUpdate } from '../vscode/progress.ts';
import { runBatch, type BatchOutcome } from './batch.ts';
import { confirmOverwrite } from './confirmOverwrite.ts';
import { defaultFileName, planDownload, type DownloadItem } from './downloadPlan.ts';
import { askLocation, targetsOrAsk, type Explorer } from './explorer.ts';
import { reportFailures } from './reportFailures.ts';
import { isObject, isRow } from './rows.ts';
import { MAX_FILE_SIZE } from './s3FileSystem.ts';
import { transferConcurrency } from './settings.ts';
import { TransferTotals } from './transferTotals.ts';
import { withoutLinks } from '../vscode/withoutLinks.ts';

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
      ? [await askFile(first)]
      : await askFolder(session, chosen);
  if (items.length > 0) await fetchItems(session, items);
}

/** The dialog itself asks before it gives the name of a file that is there. */
async function askFile(location: S3Location & { key: string }): Promise<DownloadItem> {
  const folder = startFolder();
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Download {0}', formatS3Uri(location)),
    defaultUri: vscode.Uri.joinPath(folder, defaultFileName(location.key, folder)),
    saveLabel: vscode.l10n.t('Download'),
  });
  if (!target) throw cancelled();
  const { bucket, key } = location;
  const size = isRow(location) && location.kind === 'object' ? location.summary.size : 0;
  return { bucket, key, size, target };
}

async function askFolder(
  session: Session,
  chosen: readonly S3Location[],
): Promise<readonly DownloadItem[]> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Download Into'),
      defaultUri: startFolder(),
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: vscode.l10n.t('Download Here'),
    })) ?? [];
  if (!folder) throw cancelled();
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
    nameOf: item => vscode.workspace.asRelativePath(item.target),
    question:
      existing.length === 1
        ? vscode.l10n.t('Overwrite a file in {0}?', folder.fsPath)
        : vscode.l10n.t('Overwrite {0} files in {1}?', existing.length, folder.fsPath),
  });
}

function startFolder(): vscode.Uri {
  const [workspace] = vscode.workspace.workspaceFolders ?? [];
  return workspace?.uri ?? vscode.Uri.file('/');
}

async function findExisting(items: readonly DownloadItem[]): Promise<DownloadItem[]> {
  const there = await pLimit(LOOKS_AT_A_TIME).map(items, async ({ target }) => {
    try {
      await vscode.workspace.fs.stat(target);
      return true;
    } catch {
      return false;
    }
  });
  return items.filter((_, index) => there[index]);
}

async function fetchItems(session: Session, items: readonly DownloadItem[]): Promise<void> {
  const [first] = items;
  const title =
    items.length === 1 && first
      ? vscode.l10n.t('Downloading {0}', formatS3Uri(first))
      : vscode.l10n.t('Downloading {0} files', items.length);
  const outcome = await withCancellableProgress({ title }, (signal, report) =>
    fetchAll(session, items, signal, report),
  );
  void reportFailures({
    summary: vscode.l10n.t(
      '{0} of {1} files were not downloaded.',
      outcome.failed.length,
      items.length,
    ),
    failed: outcome.failed,
    nameOf: item => item.key,
    retry: again => fetchItems(session, again),
  });
  if (outcome.isCancelled) throw cancelled();
  if (outcome.failed.length === 0) void tellDone(items);
}

async function tellDone(items: readonly DownloadItem[]): Promise<void> {
  const [first] = items;
  if (items.length !== 1 || !first) {
    const text = vscode.l10n.t('Downloaded {0} files.', items.length);
    void vscode.window.showInformationMessage(text);
    return;
  }
  const open = vscode.l10n.t('Open');
  const text = withoutLinks(vscode.l10n.t('Downloaded {0}.', first.target.fsPath));
  const answer = await vscode.window.showInformationMessage(text, open);
  if (answer === open) await vscode.commands.executeCommand('vscode.open', first.target);
}

async function fetchAll(
  session: Session,
  items: readonly DownloadItem[],
  signal: AbortSignal,
  report: (update: ProgressUpdate) => void,
): Promise<BatchOutcome<DownloadItem>> {
  const totals = new TransferTotals<DownloadItem>(
    items.length,
    items.reduce((sum, item) => sum + item.size, 0),
  );
  return await runBatch(items, transferConcurrency(), signal, async item => {
    try {
      await fetchOne(session, item, signal, bytes => {
        totals.moved(item, bytes);
        report(totals.update);
      });
    } finally {
      totals.finished();
      report(totals.update);
    }
  });
}

async function fetchOne(
  session: Session,
  { bucket, key, target }: DownloadItem,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const client = await session.clients.s3ForBucket(bucket, signal);
  await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(target, '..'));
  if (target.scheme === 'file') {
    const { downloadFile } = await import('../aws/objects/transfer.ts');
    const path = target.fsPath;
    await downloadFile(client, { bucket, key, path }, { signal, onProgress: onBytes });
    return;
  }
  // Another file system takes a file only as a whole.
  const { readObject } = await import('../aws/objects/objects.ts');
  const body = await readObject(client, { bucket, key, maxBytes: MAX_FILE_SIZE }, { signal });
  await vscode.workspace.fs.writeFile(target, body);
}
