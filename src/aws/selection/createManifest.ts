import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { formatS3Uri } from '../s3Uri.ts';
import { ManifestUpload } from './manifestUpload.ts';
import { ManifestWriter, type ManifestCheckpoint } from './manifestWriter.ts';
import type {
  CreatedManifest,
  CreateManifestInput,
  CreateManifestProgress,
} from './manifestTask.ts';
import { readSelection } from './readSelection.ts';
import type { ObjectSelection } from './selection.ts';

/** What is kept of a task, so that it can continue after its process was killed. */
export interface ManifestJournal {
  readonly entry: { readonly createdAt: string };
  /** What was saved last, perhaps by a process that is no more. */
  checkpoint(): unknown;
  /** Resolves when it is on disk. */
  save(checkpoint: unknown): Promise<void>;
}

export interface CreateManifestOptions extends CallOptions {
  readonly onProgress?: (progress: CreateManifestProgress) => void;
  readonly journal: ManifestJournal;
}

/**
 * Writes a CSV manifest of a selection, in parts, while it is read. Each part is in the journal
 * with how far the reading was, so that a killed task continues behind it: no row twice, none lost.
 *
 * @throws BrigadeError `NotFound` with the reason `NoObjects` when nothing is selected, `Conflict`
 *   with the reason `Exists`, `AccessDenied` (s3:PutObject …), `Cancelled` …; parts that it leaves
 *   are for `discardManifest`
 */
export async function createManifest(
  clients: AwsClients,
  input: CreateManifestInput,
  options: CreateManifestOptions,
): Promise<CreatedManifest> {
  const { selection, bucket, key } = input;
  const { journal, signal } = options;
  const target = { bucket, key };
  const upload = new ManifestUpload(await clients.s3ForBucket(bucket, signal), target, options);
  const saved = journal.checkpoint() as ManifestCheckpoint | undefined;
  const writer = new ManifestWriter(upload, journal, saved, hasVersions(selection));
  if (!saved) await upload.abortForgotten(new Date(journal.entry.createdAt));
  if (!saved?.complete) await writeRows(clients, selection, writer, saved, options);
  return {
    ...{ ...target, ...(await writer.complete()) },
    format: 'S3BatchOperations_CSV_20180820',
    fields: writer.withVersions ? ['Bucket', 'Key', 'VersionId'] : ['Bucket', 'Key'],
  };
}

async function writeRows(
  clients: AwsClients,
  selection: ObjectSelection,
  writer: ManifestWriter,
  saved: ManifestCheckpoint | undefined,
  options: CreateManifestOptions,
): Promise<void> {
  const tell = progressOf(options, writer);
  const reading = readSelection(clients, selection, {
    ...{ signal: options.signal, from: saved?.position, onProgress: tell },
  });
  try {
    for await (const refs of reading) {
      await writer.write(refs, () => reading.position());
      tell();
    }
    if (writer.rows === 0) {
      throw new BrigadeError('NotFound', 'No object matches', {
        ...{ subject: formatS3Uri(sourceOf(selection)), reason: 'NoObjects' },
      });
    }
    await writer.finish(reading.position());
  } finally {
    // What is on its way would come to S3 after the upload was deleted.
    await writer.settle();
  }
}

/** Deletes the parts of a manifest that is not wanted any more. @throws BrigadeError */
export async function discardManifest(
  clients: AwsClients,
  { bucket, key }: CreateManifestInput,
  journal: ManifestJournal,
): Promise<void> {
  const upload = new ManifestUpload(await clients.s3ForBucket(bucket), { bucket, key });
  const saved = journal.checkpoint() as ManifestCheckpoint | undefined;
  if (saved) await upload.abort(saved.uploadId);
  else await upload.abortForgotten(new Date(journal.entry.createdAt));
}

/**
 * Whether rows have a version: all of a manifest must, or none.
 *
 * @throws BrigadeError `InvalidInput` where only some of the objects have one
 */
function hasVersions(selection: ObjectSelection): boolean | undefined {
  if (selection.kind === 'manifest' || selection.kind === 'file') return undefined;
  const { objects = [] } = selection;
  const versions = objects.filter(({ versionId }) => versionId !== undefined).length;
  const all = selection.kind === 'listing' ? selection.versions === 'all' : versions > 0;
  if (versions === (all ? objects.length : 0)) return all;
  throw new BrigadeError('InvalidInput', 'Either all objects must have a version id, or none', {
    problem: { kind: 'mixedVersions' },
  });
}

function sourceOf(selection: ObjectSelection): { bucket: string; key?: string } {
  if (selection.kind === 'objects') return { bucket: selection.objects[0]?.bucket ?? '' };
  if (selection.kind !== 'listing') return selection;
  const [only = '', ...others] = selection.prefixes;
  return { bucket: selection.bucket, key: others.length === 0 ? only : '' };
}

function progressOf(
  { onProgress }: CreateManifestOptions,
  writer: ManifestWriter,
): (seen?: number) => void {
  const began = performance.now();
  let latest = 0;
  return (seen = latest) => {
    latest = seen;
    onProgress?.({ seen, rows: writer.rows, seconds: (performance.now() - began) / 1000 });
  };
}
