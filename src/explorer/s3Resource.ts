import * as vscode from 'vscode';
import type { S3Location } from '../commands.ts';
import {
  authorityOfBucket,
  bucketOfAuthority,
  keyOfPath,
  pathOfKey,
  pathOfPrefix,
} from './s3Paths.ts';

export const S3_SCHEME = 's3';
/** Bodies pass through memory whole; in bytes. VS Code's text editor gives up at the same size. */
export const MAX_FILE_SIZE = 50 * 1024 * 1024;

/** The `s3:` URI of an object: its authority is the bucket, its path the key (both see s3Paths.ts). */
export function objectResource(bucket: string, key: string): vscode.Uri {
  return vscode.Uri.from({
    scheme: S3_SCHEME,
    authority: authorityOfBucket(bucket),
    path: pathOfKey(key),
  });
}

/** The `s3:` URI of the folder that a prefix stands for; the empty prefix is the bucket. */
export function folderResource(bucket: string, prefix: string): vscode.Uri {
  return vscode.Uri.from({
    scheme: S3_SCHEME,
    authority: authorityOfBucket(bucket),
    path: pathOfPrefix(prefix),
  });
}

/** The bucket of an `s3:` URI. */
export function bucketOf(uri: vscode.Uri): string {
  return bucketOfAuthority(uri.authority);
}

/** What an `s3:` URI stands for, read as an object's; without a key it is the bucket. */
export function locationOfResource(uri: vscode.Uri): S3Location {
  const key = keyOfPath(uri.path);
  return key === undefined ? { bucket: bucketOf(uri) } : { bucket: bucketOf(uri), key };
}
