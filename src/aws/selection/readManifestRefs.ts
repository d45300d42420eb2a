import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { AwsClients } from '../clients.ts';
import { CsvRecords } from '../csvRecords.ts';
import { BrigadeError } from '../errors.ts';
import { columnsOf, parseInventory, type InventoryManifest } from '../manifest/inventory.ts';
import { isInventoryManifest } from '../manifest/manifestFile.ts';
import { decodeManifestKey } from '../manifest/manifestKey.ts';
import { ProblemLog } from '../manifest/manifestProblems.ts';
import { openObject, readObject } from '../objects/objects.ts';
import { formatS3Uri, parseS3Arn } from '../s3Uri.ts';
import { csvRefs } from './csvRefs.ts';
import { readInOrder, type ReadSelectionOptions, type SelectionReading } from './reading.ts';
import type { ObjectRef, ObjectSelection } from './selection.ts';

type Manifest = Extract<ObjectSelection, { kind: 'manifest' }>;

const MAX_INVENTORY_BYTES = 32 * 1024 * 1024;
/** Characters; a few bytes of gzip may hold a gigabyte without a line break. */
const MAX_ROW = 64 * 1024;

/** The objects that a CSV manifest or an inventory names; an inventory's delete markers are left out. */
export function readManifestRefs(
  clients: AwsClients,
  manifest: Manifest,
  options: ReadSelectionOptions,
): SelectionReading {
  const read = isInventoryManifest(manifest.key) ? inventoryRefs : manifestRefs;
  return readInOrder(() => read(clients, manifest, options), formatS3Uri(manifest), options);
}

async function* manifestRefs(
  clients: AwsClients,
  manifest: Manifest,
  options: ReadSelectionOptions,
): AsyncGenerator<ObjectRef> {
  const client = await clients.s3ForBucket(manifest.bucket, options.signal);
  const { body } = await openObject(client, manifest, options);
  yield* csvRefs(body, formatS3Uri(manifest));
}

async function* inventoryRefs(
  clients: AwsClients,
  manifest: Manifest,
  options: ReadSelectionOptions,
): AsyncGenerator<ObjectRef> {
  const client = await clients.s3ForBucket(manifest.bucket, options.signal);
  const address = { ...manifest, maxBytes: MAX_INVENTORY_BYTES };
  const text = Buffer.from(await readObject(client, address, options)).toString('utf8');
  const inventory = parseInventory(text, new ProblemLog(1));
  const columns = columnsOf(inventory);
  if (inventory?.fileFormat !== 'CSV' || !columns.includes('Key')) {
    const subject = formatS3Uri(manifest);
    throw new BrigadeError('InvalidInput', 'Not an inventory of CSV files with keys', {
      subject,
      problem: { kind: 'notCsvInventory' },
    });
  }
  const bucket = parseS3Arn(inventory.destinationBucket)?.bucket ?? manifest.bucket;
  for (const { key } of inventory.files) {
    const { body } = await openObject(client, { bucket, key }, options);
    yield* rowsOf(body, inventory, columns);
  }
}

async function* rowsOf(
  body: Readable,
  { sourceBucket }: InventoryManifest,
  columns: readonly string[],
): AsyncGenerator<ObjectRef> {
  const csv = new CsvRecords({ maxRow: MAX_ROW, acceptsLines: () => false });
  const at = (name: string): number => columns.indexOf(name);
  const [keyAt, versionAt, markerAt] = [at('Key'), at('VersionId'), at('IsDeleteMarker')];
  const refs = function* (records: ReturnType<typeof csv.push>): Generator<ObjectRef> {
    for (const { cells } of records) {
      const key = decodeManifestKey(cells?.[keyAt] ?? '');
      if (key === undefined || key === '' || cells?.[markerAt] === 'true') continue;
      // An empty cell is the version of before versioning.
      const versionId = versionAt < 0 ? undefined : cells?.[versionAt] || 'null';
      yield { bucket: sourceBucket, key, versionId };
    }
  };
  const unzipped = body.pipe(createGunzip());
  body.on('error', error => unzipped.destroy(error));
  for await (const chunk of unzipped as AsyncIterable<Buffer>) yield* refs(csv.push(chunk));
  yield* refs(csv.end());
}
