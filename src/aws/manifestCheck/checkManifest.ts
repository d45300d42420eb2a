import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { readManifest } from '../manifest/manifest.ts';
import { isInventoryManifest } from '../manifest/manifestFile.ts';
import { decodeManifestKey } from '../manifest/manifestKey.ts';
import { ProblemLog } from '../manifest/manifestProblems.ts';
import type { ManifestSummary, ReadManifestInput } from '../manifest/manifestSummary.ts';
import { mapInOrder } from '../mapInOrder.ts';
import { ObjectAsker, type AskedObject } from './askedObjects.ts';
import { readRecords } from './manifestRecords.ts';

export interface CheckManifestInput extends ReadManifestInput {
  /** Whether S3 is asked for each object: one HEAD a row, which costs and takes its time. */
  readonly asksObjects: boolean;
  /** Problems kept with their row numbers. */
  readonly maxProblems: number;
}

export interface CheckProgress {
  readonly doing: 'reading' | 'asking';
  /** From 0 to 1. */
  readonly fraction: number;
  /** Objects that were asked for so far, and how many of them don't exist. */
  readonly asked?: number;
  readonly missing?: number;
}

export interface ManifestCheck extends ManifestSummary {
  /** Objects that S3 was asked for; absent where it was not to. */
  readonly asked?: number;
}

interface CheckManifestOptions extends CallOptions {
  readonly onProgress?: (progress: CheckProgress) => void;
}

/** Rows among which one is looked for twice: some 100 MB. */
const MAX_COMPARED = 5_000_000;

/**
 * Checks every row of a manifest, as it streams, and if wanted whether each object exists.
 *
 * @throws BrigadeError `NotFound`, `AccessDenied`, `Network` …; `Conflict` where it changes meanwhile
 */
export async function checkManifest(
  clients: AwsClients,
  input: CheckManifestInput,
  options: CheckManifestOptions = {},
): Promise<ManifestCheck> {
  const { bucket, key, versionId, maxProblems, asksObjects } = input;
  const { signal, onProgress } = options;
  const client = await clients.s3ForBucket(bucket, signal);
  const address = { bucket, key, versionId };
  const summary = await readManifest(client, address, {
    signal,
    maxProblems,
    maxCompared: MAX_COMPARED,
    onProgress: (done, total) =>
      onProgress?.({ doing: 'reading', fraction: total === 0 ? 1 : done / total }),
  });
  // An inventory is S3's own list of what there was; its rows are not in this file.
  if (!asksObjects || isInventoryManifest(key) || summary.rows === undefined) return summary;
  return await askForObjects(clients, summary, maxProblems, options);
}

async function askForObjects(
  clients: AwsClients,
  summary: ManifestSummary,
  maxProblems: number,
  { signal, onProgress }: CheckManifestOptions,
): Promise<ManifestCheck> {
  const client = await clients.s3ForBucket(summary.bucket, signal);
  const log = new ProblemLog(maxProblems);
  const asker = new ObjectAsker(clients, { signal });
  const total = Math.max(1, summary.rows ?? 0);
  let asked = 0;
  let missing = 0;
  const objects = objectsOf(readRecords(client, summary, { signal }), summary);
  const answers = mapInOrder(objects, asker.width, async object => ({
    ...object,
    answer: await asker.ask(object),
  }));
  for await (const { row, bucket, key, answer } of answers) {
    asked += 1;
    const kind = KINDS[answer.is];
    if (kind !== undefined) log.add(kind, row, kind === 'bucketMissing' ? bucket : key);
    if (answer.is === 'missing' || answer.is === 'bucketMissing') missing += 1;
    onProgress?.({ doing: 'asking', fraction: Math.min(1, asked / total), asked, missing });
  }
  return {
    ...summary,
    problems: [...summary.problems, ...log.problems].sort((a, b) => (a.row ?? 0) - (b.row ?? 0)),
    problemCounts: { ...summary.problemCounts, ...log.counts },
    asked,
  };
}

const KINDS = {
  there: undefined,
  missing: 'objectMissing',
  denied: 'objectDenied',
  bucketMissing: 'bucketMissing',
} as const satisfies Record<AskedObject['is'], unknown>;

interface NamedObject {
  readonly row: number;
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

/** The objects that rows name; damaged rows and the header name none. */
async function* objectsOf(
  records: ReturnType<typeof readRecords>,
  { fields, problems, rows = 0 }: ManifestSummary,
): AsyncGenerator<NamedObject> {
  const header = headerRowOf({ problems });
  const version = fields.indexOf('VersionId');
  let named = 0;
  for await (const { row, cells } of records) {
    if (cells === undefined || cells.length < 2 || row === header) continue;
    const [bucket = '', cell = ''] = cells;
    const key = decodeManifestKey(cell) ?? cell;
    if (key === '' || bucket === '' || named >= rows) continue;
    named += 1;
    const versionId = cells[version];
    // S3 takes the version null by that name too.
    yield { row, bucket: bucket.trim(), key, ...(versionId && { versionId }) };
  }
}

/** The row that is a header, by the problems that were found. */
export function headerRowOf({ problems }: Pick<ManifestSummary, 'problems'>): number | undefined {
  return problems.find(({ kind }) => kind === 'headerRow' || kind === 'loneBucket')?.row;
}
