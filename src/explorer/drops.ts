import * as vscode from 'vscode';
import type { Session } from '../services.ts';
import { signalOf } from '../vscode/cancellation.ts';
import { sourceOf } from './copies/copySources.ts';
import { pasteInto } from './copies/pasteInto.ts';
import { originOf, readingAcross, assertReachable } from './copies/reach.ts';
import { sourcesOfUris } from './copies/sourcesOfUris.ts';
import { sessionFor, type Explorer } from './explorer.ts';
import {
  bucketOf,
  folderResource,
  objectResource,
  S3_SCHEME,
  sessionOfResource,
} from './fileSystem/s3Resource.ts';
import { isLocation, namedSession, type FolderRow, type Row } from './tree/rows.ts';
import { confirmDrop } from './transfers/confirmUpload.ts';
import { uploadItems } from './transfers/upload.ts';
import { prefixFor, uploadDropped } from './transfers/uploadCommand.ts';
import type { UploadItem } from './transfers/uploadPlan.ts';

const URI_LIST = 'text/uri-list';

/** Rows that are dragged, and whose they are. */
export interface Dragged {
  readonly session: Session;
  readonly rows: readonly Row[];
}

/** Gives what is dragged to whoever it is dropped on, as `s3:` URIs. */
export async function drag(
  explorer: Explorer,
  rows: readonly Row[],
  transfer: vscode.DataTransfer,
): Promise<Dragged | undefined> {
  const uris = rows.flatMap(resourceOf);
  if (uris.length === 0) return undefined;
  const lines = uris.map(uri => uri.toString());
  transfer.set(URI_LIST, new vscode.DataTransferItem(lines.join('\r\n')));
  // Where they are dropped on an editor, it opens them.
  for (const row of rows) {
    const owner = explorer.tree.sessionOf(row);
    for (const uri of resourceOf(row)) if (owner) await explorer.admit(owner, uri);
  }
  const located = rows.filter(isLocation);
  const [session, ...others] = new Set(located.map(row => explorer.tree.sessionOf(row)));
  // Of several accounts they are dropped as what they are called, and that is refused.
  return session && others.length === 0 ? { session, rows: located } : undefined;
}

/** What was dropped on a row: rows of the view, objects from elsewhere, or files. */
export async function dropOn(
  explorer: Explorer,
  target: Row | undefined,
  dropped: { readonly own?: Dragged; readonly transfer: vscode.DataTransfer },
  token: vscode.CancellationToken,
): Promise<void> {
  const folder = folderOf(target);
  if (!folder) return;
  const { own, transfer } = dropped;
  await (own ? dropRows(explorer, own, folder) : dropOthers(explorer, folder, transfer, token));
}

function resourceOf(row: Row): vscode.Uri[] {
  if (row.kind === 'object') return [objectResource(row.bucket, row.key, namedSession(row))];
  if (row.kind === 'prefix') return [folderResource(row.bucket, row.key, namedSession(row))];
  return [];
}

/** Dropped on an object, files go where that object is. */
function folderOf(row: Row | undefined): FolderRow | undefined {
  if (row?.kind === 'bucket' || row?.kind === 'prefix') return row;
  return row?.kind === 'object' ? row.parent : undefined;
}

async function dropRows(
  explorer: Explorer,
  { session: from, rows }: Dragged,
  folder: FolderRow,
): Promise<void> {
  const session = await sessionFor(explorer, folder);
  const sources = rows.filter(isLocation).map(sourceOf);
  const dropped = { session, sources, place: folder, as: 'copyOrMove' } as const;
  await pasteInto(explorer, { ...dropped, from: originOf(from) });
}

/** Addresses that name no owner are the default connection's, as everywhere. */
async function putObjects(
  explorer: Explorer,
  session: Session,
  uris: readonly vscode.Uri[],
  place: FolderRow,
): Promise<void> {
  for (const [key, own] of Map.groupBy(uris, sessionOfResource)) {
    const owner = await sessionFor(explorer, key === undefined ? {} : { session: key });
    const from = originOf(owner);
    assertReachable(from, session);
    const sources = await readingAcross(from, session, own.map(bucketOf), () =>
      sourcesOfUris(session, own),
    );
    await pasteInto(explorer, { session, from, sources, place, as: 'copy' });
  }
}

async function dropOthers(
  explorer: Explorer,
  folder: FolderRow,
  transfer: vscode.DataTransfer,
  token: vscode.CancellationToken,
): Promise<void> {
  const session = await sessionFor(explorer, folder, signalOf(token));
  const uris = await droppedUris(transfer);
  if (uris.length > 0) {
    const objects = uris.filter(({ scheme }) => scheme === S3_SCHEME);
    await putObjects(explorer, session, objects, folder);
    const files = uris.filter(({ scheme }) => scheme !== S3_SCHEME);
    if (files.length > 0) await uploadDropped(explorer, session, folder, files);
    return;
  }
  const files = droppedFiles(transfer, prefixFor(folder));
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
