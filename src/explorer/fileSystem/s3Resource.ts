import * as vscode from 'vscode';
import type { S3Location } from '../../commands.ts';
import {
  authorityOfBucket,
  bucketOfAuthority,
  keyOfPath,
  pathOfKey,
  pathOfPrefix,
} from './s3Paths.ts';

export const S3_SCHEME = 's3';
/** What a click opens in an editor; in bytes. VS Code's text editor gives up at the same size. */
export const MAX_FILE_SIZE = 50 * 1024 * 1024;
/**
 * What is read for VS Code and other extensions, in bytes. They get a file whole or not at all: reading
 * in chunks is a proposed API (microsoft/vscode#41985, #84515), and each file is then in memory three
 * times, in this process, the window and the extension that asked.
 */
export const MAX_READ_SIZE = 200 * 1024 * 1024;

/**
 * The `s3:` URI of an object: its authority is the bucket, its path the key (both see s3Paths.ts).
 *
 * @param session `Session.key`: whose it is. It is given where several connections are open, for the
 *   same bucket may be in several accounts; without it an address is that of who opened it.
 */
export function objectResource(bucket: string, key: string, session?: string): vscode.Uri {
  return resource(bucket, pathOfKey(key), session);
}

const VERSION = 'versionId=';

/** The `s3:` URI of one version of an object: `s3://bucket/key?versionId=…`, which is only read. */
export function versionResource(
  bucket: string,
  key: string,
  versionId: string,
  session?: string,
): vscode.Uri {
  return resource(bucket, pathOfKey(key), session, `${VERSION}${versionId}`);
}

/** The version that an `s3:` URI names; undefined for the object itself. */
export function versionOf({ query }: Pick<vscode.Uri, 'query'>): string | undefined {
  const own = query.replace(OWNED, '');
  return own.startsWith(VERSION) ? own.slice(VERSION.length) : undefined;
}

/** The `s3:` URI of the folder that a prefix stands for; the empty prefix is the bucket. */
export function folderResource(bucket: string, prefix: string, session?: string): vscode.Uri {
  return resource(bucket, pathOfPrefix(prefix), session);
}

const OWNER = 'session=';
/** The end of the query of an address that says whose it is; a key of a session has neither `&` nor `=`. */
const OWNED = /(?:^|&)session=([^&=]+)$/;

function resource(bucket: string, path: string, session?: string, version?: string): vscode.Uri {
  const owner = session === undefined ? undefined : OWNER + session;
  return vscode.Uri.from({
    scheme: S3_SCHEME,
    authority: authorityOfBucket(bucket),
    path,
    query: [version, owner].filter(part => part !== undefined).join('&'),
  });
}

/** `Session.key` of whose an address is, where it says so. */
export function sessionOfResource({ query }: Pick<vscode.Uri, 'query'>): string | undefined {
  return OWNED.exec(query)?.[1];
}

/** The bucket of an `s3:` URI. */
export function bucketOf(uri: vscode.Uri): string {
  return bucketOfAuthority(uri.authority);
}

/** What an `s3:` URI stands for, read as an object's; without a key it is the bucket. */
export function locationOfResource(uri: vscode.Uri): S3Location {
  const key = keyOfPath(uri.path);
  const session = sessionOfResource(uri);
  return {
    bucket: bucketOf(uri),
    ...(key !== undefined && { key }),
    ...(session !== undefined && { session }),
  };
}
