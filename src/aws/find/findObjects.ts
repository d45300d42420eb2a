import { open, type FileHandle } from 'node:fs/promises';
import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { readListing } from '../selection/readListing.ts';
import type { ObjectRef } from '../selection/selection.ts';
import type { FindObjectsInput, FindProgress } from './findTask.ts';
import { formatFound } from './foundFile.ts';

export interface FindOptions extends CallOptions {
  readonly onProgress?: (progress: FindProgress) => void;
}

/**
 * Lists buckets in parallel and writes what matches to a file, in no particular order, while it
 * continues. Memory stays flat.
 *
 * @returns how it ended: the last progress
 * @throws BrigadeError `AccessDenied` (s3:ListBucket, s3:GetObjectTagging), `NotFound`,
 *   `InvalidInput` for a filter with a problem or, with the reason `SlowPattern`, a pattern that
 *   takes too long, `DiskFull`, `Cancelled` …; the file then has what was found by then
 */
export async function findObjects(
  clients: AwsClients,
  { listings, file }: FindObjectsInput,
  { signal, onProgress }: FindOptions = {},
): Promise<FindProgress> {
  const handle = await open(file, 'w', 0o600);
  const found = new FoundWriter(handle);
  const begun = Date.now();
  const began = performance.now();
  let before = 0;
  let seen = 0;
  const progress = (): FindProgress => ({
    ...{ begun, seen: before + seen, ...found.totals },
    seconds: (performance.now() - began) / 1000,
  });
  const tell = (): void => onProgress?.(progress());
  try {
    tell();
    for (const listing of listings) {
      const reading = readListing(clients, listing, {
        signal,
        onProgress: looked => {
          seen = looked;
          tell();
        },
      });
      for await (const refs of reading) {
        await found.add(refs);
        tell();
      }
      before += seen;
      seen = 0;
    }
  } finally {
    await handle.close();
    tell();
  }
  return progress();
}

/** Writes rows as they are found. */
class FoundWriter {
  readonly #handle: FileHandle;
  #found = 0;
  #bytes = 0;
  #length = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  get totals(): Pick<FindProgress, 'found' | 'bytes' | 'length'> {
    return { found: this.#found, bytes: this.#bytes, length: this.#length };
  }

  async add(refs: readonly ObjectRef[]): Promise<void> {
    // Rows are ASCII. A page of a listing is written at once: somebody looks at what is found.
    const text = Buffer.from(refs.map(formatFound).join(''), 'latin1');
    await this.#handle.writeFile(text);
    this.#length += text.length;
    this.#found += refs.length;
    for (const { size = 0 } of refs) this.#bytes += size;
  }
}
