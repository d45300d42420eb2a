import { checkManifest } from '../aws/manifestCheck/checkManifest.ts';
import {
  correctManifest,
  type CorrectManifestInput,
} from '../aws/manifestCheck/correctManifest.ts';
import { CopyJournal } from '../aws/copies/copyJournal.ts';
import { planCopies } from '../aws/copies/planCopies.ts';
import { runCopies } from '../aws/copies/runCopies.ts';
import { abortLeftovers } from '../aws/objects/multipartUploads.ts';
import { changeStorageClass, discardClassChange } from '../aws/properties/changeStorageClass.ts';
import { findObjects } from '../aws/find/findObjects.ts';
import { countForDeletion } from '../aws/deletion/countForDeletion.ts';
import { deleteObjects } from '../aws/deletion/deleteObjects.ts';
import { emptyBucket } from '../aws/deletion/emptyBucket.ts';
import { undoDelete } from '../aws/deletion/undoDelete.ts';
import { exportRows } from '../aws/report/exportRows.ts';
import { indexReport } from '../aws/report/indexReport.ts';
import { queryReport } from '../aws/report/queryReport.ts';
import { writeRetryManifest } from '../aws/report/retryManifest.ts';
import { createManifest, discardManifest } from '../aws/selection/createManifest.ts';
import { compareFolder } from '../aws/sync/compareFolder.ts';
import { discardSync, syncFolder } from '../aws/sync/syncFolder.ts';
import { changeTags } from '../aws/tagChanges/changeTags.ts';
import { previewTags } from '../aws/tagChanges/previewTags.ts';
import { createUndoManifest } from '../aws/tagUndo/createUndoManifest.ts';
import { previewUndo } from '../aws/tagUndo/previewUndo.ts';
import { undoTags } from '../aws/tagUndo/undoTags.ts';
import { discardDownloads, downloadFiles } from '../aws/transfers/downloadFiles.ts';
import { discardUploads, uploadFiles } from '../aws/transfers/uploadFiles.ts';
import { ManifestUpload } from '../aws/selection/manifestUpload.ts';
import type { TaskJournal } from '../aws/transfers/transferJournal.ts';
import type { TaskName } from './protocol.ts';
import type { Discard, Task, TaskContext } from './task.ts';

/** What does the work of each task. */
export const TASKS: { readonly [N in TaskName]: Task<N> } = {
  checkManifest: async ({ clients }, input, options) =>
    await checkManifest(clients, input, options),
  correctManifest: async (context, input, options) => {
    // What an earlier try left can't be continued: it is rewritten.
    await discardCorrected(context, input);
    return await correctManifest(context.clients, input, options);
  },
  createManifest: async ({ clients, journal }, input, options) =>
    await createManifest(clients, input, { ...options, journal }),
  changeTags: async ({ clients, journal }, input, options) =>
    await changeTags(clients, input, journal.folder, options),
  undoTags: async ({ clients, journal }, input, options) =>
    await undoTags(clients, input, journal.folder, options),
  planCopies: async ({ clients }, input, options) => await planCopies(clients, input, options),
  copyObjects: async ({ clients, journal }, input, options) =>
    await runCopies(clients, input, journal, options),
  changeStorageClass: async ({ clients, journal }, input, options) =>
    await changeStorageClass(clients, input, { ...options, task: journal }),
  previewTags: async ({ clients }, input, options) => await previewTags(clients, input, options),
  previewUndo: async ({ clients }, input, options) => await previewUndo(clients, input, options),
  createUndoManifest: async ({ clients }, input, { signal, onProgress }) =>
    await createUndoManifest(clients, input, {
      signal,
      onProgress: rows => onProgress({ rows }),
    }),
  findObjects: async ({ clients }, input, options) => await findObjects(clients, input, options),
  uploadFiles: async ({ clients, journal }, input, options) =>
    await uploadFiles(clients, input, taskJournal(journal), options),
  downloadFiles: async ({ clients, journal }, input, options) =>
    await downloadFiles(clients, input, taskJournal(journal), options),
  compareFolder: async ({ clients }, input, options) =>
    await compareFolder(clients, input, options),
  syncFolder: async ({ clients, journal }, input, options) =>
    await syncFolder(clients, input, { ...taskJournal(journal), folder: journal.folder }, options),
  indexReport: async ({ clients }, input, options) => await indexReport(clients, input, options),
  queryReport: async (_, input, options) => await queryReport(input, options),
  exportRows: async (_, input, options) => await exportRows(input, options),
  writeRetryManifest: async ({ clients, journal }, input, options) => {
    // A worker that was killed may have left parts of it.
    const client = await clients.s3ForBucket(input.bucket, options.signal);
    await new ManifestUpload(client, input).abortForgotten(new Date(journal.entry.createdAt));
    return await writeRetryManifest(clients, input, options);
  },
  countForDeletion: async ({ clients }, input, options) =>
    await countForDeletion(clients, input, options),
  deleteObjects: async ({ clients, journal }, input, options) =>
    await deleteObjects(clients, input, journal, options),
  undoDelete: async ({ clients }, input, options) => await undoDelete(clients, input, options),
  emptyBucket: async ({ clients }, input, options) => await emptyBucket(clients, input, options),
};

/** For tasks that leave something behind when they don't come to their end. */
export const DISCARDS: { readonly [N in TaskName]?: Discard<N> } = {
  correctManifest: discardCorrected,
  createManifest: async ({ clients, journal }, input) =>
    await discardManifest(clients, input, journal),
  // What was changed stays, with the report that it can be undone by.
  changeTags: async ({ clients, journal }, input) => {
    await changeTags(clients, input, journal.folder, { settles: true });
  },
  // What was copied or moved stays; no parts of large objects do.
  copyObjects: async ({ clients, journal }, { bucket }) => {
    const uploads = new CopyJournal(journal).uploads();
    if (uploads.left(bucket).length === 0) return;
    await abortLeftovers(await clients.s3ForBucket(bucket), bucket, uploads);
  },
  changeStorageClass: async ({ clients, journal }) => await discardClassChange(clients, journal),
  undoTags: async ({ clients, journal }, input) => {
    await undoTags(clients, input, journal.folder, { settles: true });
  },
  // Files that are done stay.
  uploadFiles: async ({ clients, journal }, input) =>
    await discardUploads(clients, input, taskJournal(journal)),
  downloadFiles: async ({ journal }) => await discardDownloads(taskJournal(journal)),
  syncFolder: async ({ clients, journal }, input) =>
    await discardSync(clients, input, taskJournal(journal)),
};

function taskJournal(journal: TaskContext['journal']): TaskJournal {
  return { checkpoint: () => journal.checkpoint(), save: async kept => await journal.save(kept) };
}

/** Deletes the parts of a corrected manifest whose process was killed. */
async function discardCorrected(
  { clients, journal }: TaskContext,
  { to }: CorrectManifestInput,
): Promise<void> {
  const upload = new ManifestUpload(await clients.s3ForBucket(to.bucket), to, {});
  await upload.abortForgotten(new Date(journal.entry.createdAt));
}
