import * as vscode from 'vscode';
import { MAX_READ_SIZE, bucketOf, versionOf } from './s3Resource.ts';
import { keyOfPath } from './s3Paths.ts';
import type { Session } from '../../services.ts';

interface Version {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
}

function addressOf(uri: vscode.Uri): Version {
  const [key, versionId] = [keyOfPath(uri.path), versionOf(uri)];
  if (key === undefined || versionId === undefined) throw vscode.FileSystemError.FileNotFound(uri);
  return { bucket: bucketOf(uri), key, versionId };
}

/** What VS Code shows of a version: nobody can write it. @throws BrigadeError */
export async function statVersion(session: Session, uri: vscode.Uri): Promise<vscode.FileStat> {
  const { headObject } = await import('../../aws/objects/listing.ts');
  const address = addressOf(uri);
  const client = await session.clients.s3ForBucket(address.bucket);
  const { size, lastModified } = await headObject(client, address);
  const mtime = lastModified?.getTime() ?? 0;
  const { FileType, FilePermission } = vscode;
  return {
    ...{ type: FileType.File, ctime: mtime, mtime, size },
    permissions: FilePermission.Readonly,
  };
}

/** The bytes of a version. @throws BrigadeError `InvalidInput` where they are too many … */
export async function readVersion(session: Session, uri: vscode.Uri): Promise<Uint8Array> {
  const { readObject } = await import('../../aws/objects/objects.ts');
  const address = addressOf(uri);
  const client = await session.clients.s3ForBucket(address.bucket);
  return await readObject(client, { ...address, maxBytes: MAX_READ_SIZE });
}

/** A version stays what it is. @throws FileSystemError where an address names one */
export function refuseVersion(...uris: readonly vscode.Uri[]): void {
  if (uris.every(uri => versionOf(uri) === undefined)) return;
  throw vscode.FileSystemError.NoPermissions(
    vscode.l10n.t('Versions can’t be changed. Restore the version, or save it elsewhere.'),
  );
}
