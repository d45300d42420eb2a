import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import * as vscode from 'vscode';
import { segmentOfName } from './s3Paths.ts';
import { bucketOf, S3_SCHEME } from './s3Resource.ts';

/** One file to become one object. */
export interface UploadItem {
  /** Where it comes from; absent for a file that a browser handed over without its place. */
  readonly source?: vscode.Uri;
  readonly key: string;
  /** Bytes; absent where it is not known before it is read. */
  readonly size?: number;
  /** Called once for each attempt: a stream can be read only once. */
  readonly open: () => Promise<Readable | Uint8Array> | Readable;
  /** Called when the object is there: it will not be opened again. */
  readonly onSent?: () => void;
}

type SourceFiles = Pick<vscode.FileSystem, 'stat' | 'readDirectory' | 'readFile'>;

/**
 * The files to upload for what was chosen: each file itself, each folder with everything in it,
 * below its own name. Links to folders are not followed, for they may lead round in a circle.
 *
 * @param prefix empty, or ending in `/`
 */
export async function planUpload(
  sources: readonly vscode.Uri[],
  prefix: string,
  signal?: AbortSignal,
  files: SourceFiles = vscode.workspace.fs,
): Promise<UploadItem[]> {
  const items: UploadItem[] = [];
  const add = async (uri: vscode.Uri, key: string): Promise<void> => {
    signal?.throwIfAborted();
    const { type, size } = await files.stat(uri);
    if (type & vscode.FileType.Directory) {
      if (type & vscode.FileType.SymbolicLink) return;
      for (const [name] of await files.readDirectory(uri)) {
        await add(vscode.Uri.joinPath(uri, name), `${key}/${plainName(uri, name)}`);
      }
    } else if (type & vscode.FileType.File) {
      items.push({ source: uri, key, size, open: () => open(uri, files) });
    }
  };
  for (const uri of sources) await add(uri, prefix + fileName(uri));
  return items;
}

/** A file of this machine streams; from another file system it comes as a whole. */
function open(uri: vscode.Uri, files: SourceFiles): Readable | Promise<Uint8Array> {
  return uri.scheme === 'file'
    ? createReadStream(uri.fsPath)
    : Promise.resolve(files.readFile(uri));
}

function fileName(uri: vscode.Uri): string {
  const name = uri.path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return name === '' && uri.scheme === S3_SCHEME ? bucketOf(uri) : plainName(uri, name);
}

/** In an `s3:` folder a name may stand for another (see s3Paths.ts), and is what it stands for here. */
function plainName(uri: vscode.Uri, name: string): string {
  return uri.scheme === S3_SCHEME ? segmentOfName(name) : name;
}
