import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Fault, permanent } from './fault.ts';
import type { ObjectAddress, OpenedObject, S3 } from '../s3/s3.ts';
import { freeing } from './smallHeap.ts';
import { s3Fault } from './s3Fault.ts';

/** The object to resize. */
export type Source = ObjectAddress;

/** An object that was read, until it is disposed of. */
export interface SourceObject extends AsyncDisposable {
  /** Its bytes, or the path of a file with them. */
  readonly input: Uint8Array | string;
  readonly headers: OpenedObject['headers'];
}

/** Larger objects go through a file in /tmp, so that memory does not grow with them. */
const MAX_BYTES_IN_MEMORY = 32 * 1024 ** 2;

export function uriOf({ bucket, key }: Source): string {
  return `s3://${bucket}/${key}`;
}

/**
 * Reads an object, into memory or, when it is large, into a file.
 *
 * @param maxBytes of a larger object nothing is read
 * @throws Fault permanent `ObjectTooLarge`, or what S3 answered.
 */
export async function readSource(
  s3: Pick<S3, 'getObject'>,
  source: Source,
  maxBytes: number,
): Promise<SourceObject> {
  try {
    const { body, size, headers } = await s3.getObject(source);
    if (size > maxBytes) {
      body.destroy();
      throw permanent('ObjectTooLarge', `The object has ${size} bytes; MAX_BYTES is ${maxBytes}`);
    }
    return size > MAX_BYTES_IN_MEMORY
      ? await intoFile(body, headers)
      : { input: await intoMemory(body, size), headers, [Symbol.asyncDispose]: async () => {} };
  } catch (error) {
    throw s3Fault(error, `read ${uriOf(source)}`);
  }
}

/** One allocation of the right size: collecting chunks would hold the object twice. */
async function intoMemory(body: Readable, size: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for await (const chunk of freeing(body)) at += chunk.copy(bytes, at);
  if (at < size) {
    throw new Fault('transient', 'IncompleteBody', `${at} of ${size} bytes arrived`);
  }
  return bytes;
}

async function intoFile(body: Readable, headers: OpenedObject['headers']): Promise<SourceObject> {
  const path = join(tmpdir(), `source-${randomUUID()}`);
  const remove = (): Promise<void> => rm(path, { force: true });
  try {
    await pipeline(freeing(body), createWriteStream(path));
  } catch (error) {
    await remove();
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    throw permanent(
      'ObjectTooLarge',
      `The object has ${headers['content-length']} bytes, and /tmp is full: ` +
        'give the function more ephemeral storage',
      { cause: error },
    );
  }
  return { input: path, headers, [Symbol.asyncDispose]: remove };
}
