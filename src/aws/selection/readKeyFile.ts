import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { csvRefs, lineRefs } from './csvRefs.ts';
import { readInOrder, type ReadSelectionOptions, type SelectionReading } from './reading.ts';
import type { ObjectRef } from './selection.ts';

/** Bytes that hold the first row's bucket. */
const HEAD_BYTES = 300;

/**
 * Keys in a file on this computer: a CSV as manifests are, where the first row begins with the bucket,
 * else one key a line as it is.
 */
export function readKeyFile(
  file: { readonly path: string; readonly bucket: string },
  options: ReadSelectionOptions,
): SelectionReading {
  return readInOrder(() => refsOf(file), file.path, options);
}

async function* refsOf({
  path,
  bucket,
}: {
  readonly path: string;
  readonly bucket: string;
}): AsyncGenerator<ObjectRef> {
  const isCsv = await beginsWithBucket(path, bucket);
  yield* isCsv ? csvRefs(createReadStream(path), path) : lineRefs(createReadStream(path), bucket);
}

async function beginsWithBucket(path: string, bucket: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = buffer
      .subarray(0, bytesRead)
      .toString('utf8')
      .replace(/^\ufeff/, '');
    return head.startsWith(`${bucket},`) || head.startsWith(`"${bucket}",`);
  } finally {
    await file.close();
  }
}
