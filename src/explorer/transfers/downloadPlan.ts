import { platform } from 'node:process';
import * as vscode from 'vscode';
import type { S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { allObjects } from '../allObjects.ts';
import { lastSegment, parentOf } from '../../aws/keySegments.ts';
import { filePaths, safeFileName, type FileNameRules } from '../../aws/objects/fileNames.ts';
import { isObject, isRow } from '../tree/rows.ts';

/** One object to become one file. */
export interface DownloadItem {
  readonly bucket: string;
  readonly key: string;
  /** The current one where it is absent. */
  readonly versionId?: string;
  /** What it is called; its key, where that is absent. */
  readonly label?: string;
  /** Bytes; 0 where it is not known beforehand. */
  readonly size: number;
  /** What the user chose; nothing is written outside of it. */
  readonly folder: vscode.Uri;
  /** Of the folders on the way from there, and of the file. */
  readonly names: readonly string[];
}

export function targetOf({ folder, names }: DownloadItem): vscode.Uri {
  return vscode.Uri.joinPath(folder, ...names);
}

interface Found {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  /** Its key as seen from the target folder. */
  readonly relative: string;
}

/**
 * What to download for what was chosen: each object, and everything below each bucket and prefix,
 * under its own name. Keys that are no file names are made into some; nothing leaves the folder.
 */
export async function planDownload(
  session: Session,
  chosen: readonly S3Location[],
  folder: vscode.Uri,
  signal: AbortSignal,
): Promise<DownloadItem[]> {
  const found = new Map<string, Found>();
  for (const location of chosen) {
    for await (const one of findObjects(session, location, signal)) {
      // The console's folder markers: the files below them make the folders.
      if (one.key.endsWith('/') && one.size === 0) continue;
      found.set(`${one.bucket}/${one.key}`, one);
    }
  }
  const all = [...found.values()];
  const paths = filePaths(
    all.map(one => one.relative),
    fileNameRules(folder),
  );
  return all.map(({ bucket, key, size }, index) => ({
    bucket,
    key,
    size,
    folder,
    names: paths[index] ?? [],
  }));
}

async function* findObjects(
  session: Session,
  location: S3Location,
  signal: AbortSignal,
): AsyncGenerator<Found> {
  const { bucket, key = '' } = location;
  if (isObject(location)) {
    const size = isRow(location) && location.kind === 'object' ? location.summary.size : 0;
    yield { bucket, key, size, relative: lastSegment(key) };
    return;
  }
  const client = await session.clients.s3ForBucket(bucket, signal);
  const above = parentOf(key).length;
  for await (const object of allObjects(client, bucket, key, signal)) {
    const relative = key === '' ? `${bucket}/${object.key}` : object.key.slice(above);
    yield { bucket, key: object.key, size: object.size, relative };
  }
}

/** A name for the file of one object. */
export function defaultFileName(key: string, folder: vscode.Uri): string {
  return safeFileName(lastSegment(key).replace(/\/$/, ''), fileNameRules(folder));
}

/** Only files of this machine are subject to its rules. */
function fileNameRules(folder: vscode.Uri): FileNameRules {
  const local = folder.scheme === 'file';
  return {
    windows: local && platform === 'win32',
    ignoreCase: local && (platform === 'win32' || platform === 'darwin'),
  };
}
