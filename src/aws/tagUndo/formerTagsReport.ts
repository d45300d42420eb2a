import type { S3Client } from '@aws-sdk/client-s3';
import { readReportManifest, type CompletionReport } from '../batchJobs/completionReport.ts';
import type { ReportRow } from '../batchJobs/reportRows.ts';
import { recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { readObject } from '../objects/objects.ts';
import type { TaggedObject } from '../objects/tags.ts';
import { parseBeforeFile } from '../tagChanges/previousTagFiles.ts';
import { parseResult } from '../tagChanges/formerTags.ts';
import type { FormerTags } from '../tagChanges/revert.ts';
import { applyTagChange, sameTags, type TagChange } from '../tagChanges/tagChange.ts';
import type { WorkItem } from '../tagChanges/workList.ts';
import { parseRecord } from '../taggerFunction/tagRecord.ts';
import { keyOfUndoCell } from '../taggerFunction/undoCell.ts';
import { readSucceeded } from './readSucceeded.ts';

export interface FormerTagsSource {
  /** The report's manifest.json. */
  readonly bucket: string;
  readonly key: string;
  /** What the job did to each object, where the report does not say it itself. */
  readonly change?: TagChange;
  /** Whether it is of an undo by the tagger: then its key column holds JSON, which a key could look like. */
  readonly isTaggerUndo?: boolean;
}

/** Bytes of a before-file: a batch of ours has less than 2 MB. */
const MAX_BEFORE_FILE = 32 * 1024 * 1024;

/**
 * What a report knows of the tags that were there before, object by object: `lost` where it did know.
 * Objects that were not changed, and rows that say nothing of tags, are left out.
 *
 * @throws BrigadeError `NotFound`, `AccessDenied`, `InvalidInput` when it is no report …
 */
export async function* readFormerTags(
  clients: AwsClients,
  source: FormerTagsSource,
  options: CallOptions = {},
): AsyncGenerator<WorkItem[], void, undefined> {
  const client = await clients.s3ForBucket(source.bucket, options.signal);
  const report = await readReportManifest(client, source, options);
  const change = changeOf(report) ?? source.change;
  const files = new BeforeFileReader(client, source.bucket, options);
  for await (const entries of readSucceeded(client, report, options)) {
    const items: WorkItem[] = [];
    for (const row of entries) {
      if ('damage' in row || row.taskStatus !== 'succeeded') continue;
      const item = itemOf(await formerOf(row, files, source.isTaggerUndo === true), change);
      if (item !== undefined) items.push(item);
    }
    if (items.length > 0) yield items;
  }
}

/** The change that a report of the direct engine says was made. */
function changeOf({ ours }: CompletionReport): TagChange | undefined {
  return typeof ours === 'object' && ours !== null && 'change' in ours
    ? (ours.change as TagChange | undefined)
    : undefined;
}

interface Former extends FormerTags {
  readonly object: TaggedObject;
}

async function formerOf(
  row: ReportRow,
  files: BeforeFileReader,
  isTaggerUndo: boolean,
): Promise<Former | WorkItem | undefined> {
  const result = parseResult(row.message);
  const object = objectOf(row, isTaggerUndo);
  const lost = object && ({ object, former: 'lost' } as const);
  if (result === undefined) return row.message.startsWith('{"before') ? lost : undefined;
  if ('unchanged' in result) return undefined;
  if ('beforeKey' in result) return (await files.find(result.beforeKey, object)) ?? lost;
  return object && { object, ...result };
}

/** Undefined where the row's own record must tell the key: it did not fit into the manifest. */
function objectOf(
  { bucket, key: cell, versionId }: ReportRow,
  isTaggerUndo: boolean,
): TaggedObject | undefined {
  const key = isTaggerUndo ? keyOfUndoCell(cell) : cell;
  return key ? { bucket, key, ...(versionId !== undefined && { versionId }) } : undefined;
}

function itemOf(
  former: Former | WorkItem | undefined,
  change: TagChange | undefined,
): WorkItem | undefined {
  if (former === undefined || !('before' in former)) return former;
  const { object, before } = former;
  const applied = change && applyTagChange(before, change);
  const after = former.after ?? (applied && 'after' in applied ? applied.after : undefined);
  if (after !== undefined && sameTags(before, after)) return undefined;
  return { object, former: { before, ...(after && { after }) } };
}

/**
 * Reads the files that hold what does not fit into a report: the direct engine's of a batch each, whose
 * rows follow each other in the report, and the tagger's of an object each.
 */
class BeforeFileReader {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #options: CallOptions;
  #key: string | undefined;
  #rows = new Map<string, Former>();

  constructor(client: S3Client, bucket: string, options: CallOptions) {
    this.#client = client;
    this.#bucket = bucket;
    this.#options = options;
  }

  async find(key: string, object: TaggedObject | undefined): Promise<Former | undefined> {
    if (this.#key !== key) await this.#load(key);
    if (object !== undefined) return this.#rows.get(identity(object));
    const [only] = this.#rows.values();
    return only;
  }

  async #load(key: string): Promise<void> {
    const input = { bucket: this.#bucket, key, maxBytes: MAX_BEFORE_FILE };
    const bytes = await recoverFrom(['NotFound'], new Uint8Array(), () =>
      readObject(this.#client, input, this.#options),
    );
    const rows = key.endsWith('.json') ? recordsOf(bytes) : parseBeforeFile(bytes);
    this.#key = key;
    this.#rows = new Map(rows.map(row => [identity(row.object), row]));
  }
}

function recordsOf(bytes: Uint8Array): Former[] {
  const record = parseRecord(Buffer.from(bytes).toString('utf8'));
  if (record === undefined) return [];
  const { bucket, key, versionId, ...former } = record;
  return [{ object: { bucket, key, ...(versionId !== undefined && { versionId }) }, ...former }];
}

function identity({ bucket, key, versionId = '' }: TaggedObject): string {
  return JSON.stringify([bucket, key, versionId]);
}
