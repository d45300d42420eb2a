import * as vscode from 'vscode';
import { signalOf } from '../vscode/cancellation.ts';
import { showError } from '../vscode/showError.ts';
import type { Explorer } from './explorer.ts';
import type { FolderRow, Row } from './rows.ts';
import { folderResource, objectResource } from './s3Resource.ts';
import { uploadItems } from './upload.ts';
import { prefixFor, uploadFrom } from './uploadCommand.ts';
import type { UploadItem } from './uploadPlan.ts';

const URI_LIST = 'text/uri-list';
/** Files that a browser hands over without saying where they are. */
const FILES = 'files';

/** Files dropped on a bucket or prefix are uploaded; objects are dragged out as their `s3:` URIs. */
export function dragAndDrop(explorer: Explorer): vscode.TreeDragAndDropController<Row> {
  return {
    dropMimeTypes: [URI_LIST, FILES],
    dragMimeTypes: [URI_LIST],
    handleDrag(rows, transfer) {
      const uris = rows.flatMap(resourceOf);
      if (uris.length === 0) return;
      transfer.set(URI_LIST, new vscode.DataTransferItem(uris.join('\r\n')));
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

function resourceOf(row: Row): string[] {
  if (row.kind === 'object') return [objectResource(row.bucket, row.key).toString()];
  if (row.kind === 'prefix') return [folderResource(row.bucket, row.key).toString()];
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
  const uris = await droppedUris(transfer);
  if (uris.length > 0) await uploadFrom(explorer, session, folder, uris);
  else await uploadItems(explorer, session, folder.bucket, await droppedFiles(transfer, folder));
}

/** RFC 2483: lines end in CRLF, and lines that begin with `#` are comments. */
async function droppedUris(transfer: vscode.DataTransfer): Promise<vscode.Uri[]> {
  const list = (await transfer.get(URI_LIST)?.asString()) ?? '';
  return list
    .split(/\r?\n/)
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => vscode.Uri.parse(line, true));
}

async function droppedFiles(
  transfer: vscode.DataTransfer,
  folder: FolderRow,
): Promise<UploadItem[]> {
  const files = [...transfer].flatMap(([, item]) => item.asFile() ?? []);
  return await Promise.all(
    files.map(async file => {
      const body = await file.data();
      const key = prefixFor(folder) + file.name;
      return { key, size: body.byteLength, open: () => Promise.resolve(body) };
    }),
  );
}
