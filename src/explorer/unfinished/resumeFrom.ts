import type { S3Client } from '@aws-sdk/client-s3';
import { stat } from 'node:fs/promises';
import { l10n, Uri } from 'vscode';
import { headObject } from '../../aws/objects/listing.ts';
import type { MultipartUpload, UploadJournal } from '../../aws/objects/multipartUploads.ts';
import { resumeUpload } from '../../aws/objects/resumeUpload.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Session } from '../../services.ts';
import { ownerOf } from '../../vscode/sessionOwner.ts';
import { formatSize } from '../../vscode/sizes.ts';
import type { Explorer } from '../explorer.ts';
import type { RunningTransfer } from '../transferList/transfer.ts';
import { confirmOverwrite } from '../transfers/confirmOverwrite.ts';
import type { UploadEntry } from './unfinishedModel.ts';

/**
 * Completes an interrupted upload from the local file it was begun with, as a transfer.
 *
 * @throws BrigadeError `Cancelled`, `NotFound` when the file or the upload is gone …
 */
export async function resumeFrom(
  explorer: Explorer,
  session: Session,
  { upload, source = '' }: UploadEntry,
): Promise<void> {
  const { bucket, key } = upload;
  const path = Uri.parse(source, true).fsPath;
  const client = await session.clients.s3ForBucket(bucket);
  const size = await sizeOf(path);
  await confirmOverwrite({
    items: [upload],
    existing: (await exists(client, upload)) ? [upload] : [],
    nameOf: one => one.key,
    question: l10n.t('Overwrite an object in {0}?', bucket),
  });
  const uri = formatS3Uri(upload);
  await explorer.transfers.track(
    {
      ...{ kind: 'upload', title: l10n.t('Resuming the upload of {0}', uri) },
      ...{ owner: ownerOf(session), from: path, to: uri, target: { bucket, key } },
      total: { items: 1, bytes: size },
    },
    transfer => resume(explorer.uploads.of(session), client, { ...upload, path, source }, transfer),
  );
  void explorer.tree.refreshKeys(bucket, [key]);
}

async function resume(
  journal: UploadJournal,
  client: S3Client,
  upload: MultipartUpload & { readonly path: string },
  { signal, report }: RunningTransfer,
): Promise<void> {
  // It is worked on from now on, here: no other upload to the bucket may clear it away.
  journal.end(upload);
  journal.begin(upload);
  try {
    await resumeUpload(client, upload, {
      signal,
      onProgress: (bytes, size = 0) =>
        report({ bytes, message: formatSize(bytes), fraction: size > 0 ? bytes / size : 0 }),
    });
    journal.end(upload);
    report({ items: 1 });
  } catch (error) {
    journal.abandon(upload);
    throw error;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw error;
    throw new BrigadeError(
      'InvalidInput',
      l10n.t('The file {0} no longer exists. The upload can only be aborted.', path),
    );
  }
}

async function exists(
  client: S3Client,
  object: { readonly bucket: string; readonly key: string },
): Promise<boolean> {
  try {
    await headObject(client, object);
    return true;
  } catch (error) {
    // A caller who may not look is asked too.
    return !(error instanceof BrigadeError && error.code === 'NotFound');
  }
}
