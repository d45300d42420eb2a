import * as vscode from 'vscode';
import type { Readable } from 'node:stream';
import { planLocal, type LeftOut } from './localUploads.ts';
import { segmentOfName } from '../fileSystem/s3Paths.ts';
import { bucketOf, S3_SCHEME } from '../fileSystem/s3Resource.ts';

/** One file to become one object. */
export interface UploadItem {
  /** Where it comes from; absent for a file that a browser handed over without its place. */
  readonly source?: vscode.Uri;
  /** Of a file of this machine: its real path. */
  readonly path?: string;
  readonly key: string;
  /** Bytes; absent where it is not known before it is read. */
  readonly size?: number;
  /** There was no such object when it was looked for: one that there is since is not overwritten. */
  readonly isNew?: boolean;
  /** Called once for each attempt: a stream can be read only once. */
  readonly open: () => Promise<Readable | Uint8Array> | Readable;
  /** Called when the object is there: it will not be opened again. */
  readonly onSent?: () => void;
}

type SourceFiles = Pick<vscode.FileSystem, 'stat' | 'readDirectory' | 'readFile'>;

export interface UploadPlan {
  readonly items: readonly UploadItem[];
  /** Links that lead out of what was chosen or to folders, and what is no file. */
  readonly leftOut: readonly LeftOut[];
}

export interface UploadPlanOptions {
  readonly signal?: AbortSignal;
  /** Uploads what links lead to, wherever that is. */
  readonly followLinks?: boolean;
  /** Reads what is not a file of this machine. */
  readonly files?: SourceFiles;
}

/**
 * The files to upload for what was chosen: each file itself, each folder with everything in it,
 * below its own name.
 *
 * @param prefix empty, or ending in `/`
 */
export async function planUpload(
  sources: readonly vscode.Uri[],
  prefix: string,
  options: UploadPlanOptions = {},
): Promise<UploadPlan> {
  const items: UploadItem[] = [];
  const leftOut: LeftOut[] = [];
  for (const uri of sources) {
    const key = prefix + fileName(uri);
    if (uri.scheme === 'file') {
      const found = await planLocal(uri.fsPath, key, options);
      items.push(...found.files.map(file => ({ ...file, source: vscode.Uri.file(file.path) })));
      leftOut.push(...found.leftOut);
    } else {
      await planOther(uri, key, options, { items, leftOut });
    }
  }
  return { items, leftOut };
}

/** Another file system says of an entry that it is a link, not where it leads to. */
async function planOther(
  uri: vscode.Uri,
  key: string,
  options: UploadPlanOptions,
  plan: { items: UploadItem[]; leftOut: LeftOut[] },
): Promise<void> {
  options.signal?.throwIfAborted();
  const { files = vscode.workspace.fs } = options;
  const { type, size } = await files.stat(uri);
  if (type & vscode.FileType.SymbolicLink && !options.followLinks) {
    plan.leftOut.push({ kind: 'link', path: uri.path });
  } else if (type & vscode.FileType.Directory) {
    // Where a link leads is not known, so it may lead round in a circle.
    if (type & vscode.FileType.SymbolicLink) return;
    for (const [name] of await files.readDirectory(uri)) {
      await planOther(
        vscode.Uri.joinPath(uri, name),
        `${key}/${plainName(uri, name)}`,
        options,
        plan,
      );
    }
  } else if (type & vscode.FileType.File) {
    // It comes as a whole.
    const open = () => Promise.resolve(files.readFile(uri));
    plan.items.push({ source: uri, key, size, open });
  } else {
    plan.leftOut.push({ kind: 'special', path: uri.path });
  }
}

function fileName(uri: vscode.Uri): string {
  const name = uri.path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return name === '' && uri.scheme === S3_SCHEME ? bucketOf(uri) : plainName(uri, name);
}

/** In an `s3:` folder a name may stand for another (see s3Paths.ts), and is what it stands for here. */
function plainName(uri: vscode.Uri, name: string): string {
  return uri.scheme === S3_SCHEME ? segmentOfName(name) : name;
}
