import { FileSystemError, l10n, type Uri } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { describeError } from '../../vscode/describeError.ts';
import { formatSize } from '../../vscode/sizes.ts';

/**
 * VS Code acts on these kinds only; anything else it shows as an unknown failure. What was thrown is the
 * cause, but never its own: VS Code sends errors on with their causes, and would send without end, so
 * that whoever waits for the call waits forever.
 */
export function toFileSystemError(error: unknown, uri: Uri): FileSystemError {
  if (error instanceof FileSystemError) return error;
  const shown = kindOf(error, uri);
  shown.cause = error;
  return shown;
}

function kindOf(error: unknown, uri: Uri): FileSystemError {
  const code = error instanceof BrigadeError ? error.code : 'Unknown';
  if (code === 'NotFound') return FileSystemError.FileNotFound(uri);
  if (code === 'AccessDenied') return FileSystemError.NoPermissions(describeError(error));
  return FileSystemError.Unavailable(describeError(error));
}

/** Somebody else wrote the object since it was read here. */
export function changedOnS3(uri: Uri): FileSystemError {
  return FileSystemError.Unavailable(
    l10n.t(
      '{0} has changed in S3 since it was opened. Save again to compare or overwrite.',
      uri.toString(true),
    ),
  );
}

/** Bodies pass through memory whole, in this process and in the window's: see MAX_READ_SIZE. */
export function tooBig(uri: Uri, size: number, max: number): FileSystemError {
  return FileSystemError.Unavailable(
    l10n.t(
      '{0} is too big to open ({1}; the limit is {2}). In the Buckets view, use Open Part or Tail… to view part of it, or Download….',
      uri.toString(true),
      formatSize(size),
      formatSize(max),
    ),
  );
}
