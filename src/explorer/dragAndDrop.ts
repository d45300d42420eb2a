import * as vscode from 'vscode';
import { signalOf } from '../vscode/cancellation.ts';
import { showError } from '../vscode/showError.ts';
import type { Explorer } from './explorer.ts';
import type { FolderRow, Row } from './rows.ts';
import { folderResource, objectResource } from './s3Resource.ts';
import type { UploadItem } from './uploadPlan.ts';

const URI_LIST = 'text/uri-list';
/** Files that a browser hands over without saying where they are. */
const FILES = 'files';

/** Files dropped on a bucket or prefix are uploaded; objects are dragged out as their `s3:` URIs. */
export function dragAndDrop(explorer: Explorer): vscode.TreeDragAndDropController<Row> {
  return {
    dropMimeTypes: [URI_LIST, FILES],
    dragMimeTypes: [URI_LIST],
    async handleDrag(rows, transfer) {
      const uris = rows.flatMap(resourceOf);
      if (uris.length === 0) return;
      const lines = uris.map(uri => uri.toString());
      transfer.set(URI_LIST, new vscode.DataTransferItem(lines.join('\r\n')));
      // Where they are dropped on an editor, it opens them.
      const { session } = explorer.tree;
      if (session) for (const uri of uris) await explorer.admit(session, uri);
    },
    async handleDrop(target, transfer, token) {
      const folder = folderOf(target);
      if (!folder) return;
      try {
        await drop(explorer, folder, transfer, token);
      } catch (error) {
        void showError(error, { doing: 'drop' });
      }
    },
  };
}

function resourceOf(row: Row): vscode.Uri[] {
  if (row.kind === 'object') return [objectResource(row.bucket, row.key)];
  if (row.kind === 'prefix') return [folderResource(row.bucket, row.key)];
  return [];
}

/** Dropped on an object, files go where that object is. */
function folderOf(row: Row | undefined): FolderRow | undefined {
  if (row?.kind === 'bucket' || row?.kind === 'prefix') return row;
  return row?.kind === 'object' ? row.parent : undefined;
}

async function drop(
  explorer: Explorer,
  folder: FolderRow,
  transfer: vscode.DataTransfer,
  token: vscode.CancellationToken,
): Promise<void> {
  const session = await explorer.connections.session(signalOf(token));
  const { dropOn, prefixFor } = await import('./uploadCommand.ts');
  const { uploadItems } = await import('./upload.ts');
  const uris = await droppedUris(transfer);
  if (uris.length > 0) {
    await dropOn(explorer, session, folder, uris);
    return;
  }
  const files = droppedFiles(transfer, prefixFor(folder));
  const { confirmDrop } = await import('./confirmUpload.ts');
  await confirmDrop(files, folder);
  await uploadItems(explorer, session, folder.bucket, files);
}

/** RFC 2483: lines end in CRLF, and lines that begin with `#` are comments. */
async function droppedUris(transfer: vscode.DataTransfer): Promise<vscode.Uri[]> {
  const list = (await transfer.get(URI_LIST)?.asString()) ?? '';
  return list
    .split(/\r?\n/)
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => vscode.Uri.parse(line, true));
}

function droppedFiles(transfer: vscode.DataTransfer, prefix: string): UploadItem[] {
  const files = [...transfer].flatMap(([, item]) => item.asFile() ?? []);
  return files.map(file => droppedFile(file, prefix + file.name));
}

/**
 * Read when its turn comes, for all of them may be more than fits in memory. VS Code reads only until
 * the drop is over, so one that was read is kept, for a retry, until it is sent.
 */
function droppedFile(file: vscode.DataTransferFile, key: string): UploadItem {
  let body: Uint8Array | undefined;
  return {
    key,
    open: async () => (body ??= await file.data()),
    onSent: () => (body = undefined),
  };
}
