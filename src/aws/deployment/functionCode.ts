import { createHash } from 'node:crypto';
import { call, type CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { MAX_DIRECT_ZIP_BYTES, type ZipSource } from '../functions/functionWrites.ts';
import type { FunctionDetails } from '../functions/functions.ts';

/** The function's tag that tells which object of a bucket its code is. */
export const CODE_TAG = 'bucket-brigade:code';

/** The code that is wanted, as far as it can be known without reading it. */
export interface WantedCode {
  /** What it is called in a plan. */
  readonly text: string;
  /** Whether a function has it. */
  readonly isIn: (found: FunctionDetails) => boolean;
  /** The value of our tag that tells where the function's code is from; undefined: no tag. */
  readonly tag: (codeSha256: string) => string | undefined;
  /** Gives it as a request can carry it; undefined: the function's code stays. */
  readonly withZip?: (use: (zip: ZipSource) => Promise<void>) => Promise<void>;
}

/** A zip that one request can carry. `sha256` in base64, as Lambda's CodeSha256. */
export interface CodeZip {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** What is known of a zip. */
export function codeOfZip({ sha256 }: CodeZip): Omit<WantedCode, 'withZip'> {
  return {
    text: sha256Text(sha256),
    isIn: found => found.codeSha256 === sha256,
    tag: () => undefined,
  };
}

/** What code is called that only its hash tells: that is Lambda's CodeSha256. */
export function sha256Text(codeSha256: string): string {
  return `SHA-256 ${codeSha256}`;
}

/**
 * The zip that a function has, so that it can be put back.
 *
 * @returns undefined when it cannot be had, or is too large to be sent
 */
export async function downloadCode(
  found: FunctionDetails,
  options: CallOptions,
): Promise<Uint8Array | undefined> {
  const { codeLocation, codeSize, codeSha256, name } = found;
  if (codeLocation === undefined || codeSize > MAX_DIRECT_ZIP_BYTES) return undefined;
  try {
    return await call(name, options, async () => {
      const response = await fetch(codeLocation, { signal: options.signal });
      if (!response.ok) return undefined;
      const bytes = new Uint8Array(await response.arrayBuffer());
      return createHash('sha256').update(bytes).digest('base64') === codeSha256 ? bytes : undefined;
    });
  } catch (error) {
    if (error instanceof BrigadeError && error.code === 'Cancelled') throw error;
    return undefined;
  }
}
