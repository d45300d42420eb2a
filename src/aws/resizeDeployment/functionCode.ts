import { createHash } from 'node:crypto';
import { call, type CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { MAX_DIRECT_ZIP_BYTES, type ZipSource } from '../functions/functionChanges.ts';
import type { FunctionDetails } from '../functions/functions.ts';
import { headObject } from '../objects/listing.ts';
import { deleteObjectVersion } from '../objects/objectVersions.ts';
import { writeObject } from '../objects/objects.ts';
import { formatS3Uri } from '../s3Uri.ts';
import type { DeploymentContext } from './context.ts';
import { CODE_TAG, type FunctionCode } from './target.ts';

/** The code that is wanted, as far as it can be known without reading it. */
export interface WantedCode {
  /** What it is called in a plan. */
  readonly text: string;
  /** Whether a function has it. */
  readonly isIn: (found: FunctionDetails) => boolean;
  /** The value of our tag that tells where the function's code is from; undefined: no tag. */
  readonly tag: (codeSha256: string) => string | undefined;
}

/**
 * Looks at the code without reading it: Lambda tells the SHA-256 of a zip, S3 the ETag of an object.
 * So a function carries in a tag from which object's state its zip was.
 *
 * @throws BrigadeError `NotFound`, `AccessDenied` (s3:GetObject) of an object
 */
export async function wantedCode({
  clients,
  target: { code },
  options,
}: DeploymentContext): Promise<WantedCode> {
  switch (code.kind) {
    case 'deployed':
      return { text: 'as it is', isIn: () => true, tag: () => undefined };
    case 'zipFile':
      return {
        text: sha256Text(code.sha256),
        isIn: found => found.codeSha256 === code.sha256,
        tag: () => undefined,
      };
    case 's3': {
      const client = await clients.s3ForBucket(code.bucket, options.signal);
      const { eTag, versionId } = await headObject(client, code, options);
      const state = JSON.stringify([code.bucket, code.key, eTag, versionId]);
      const source = createHash('sha256').update(state).digest('hex').slice(0, 32);
      const tag = (codeSha256: string): string => `${source}/${codeSha256}`;
      const isIn = (found: FunctionDetails): boolean =>
        found.tags?.[CODE_TAG] === tag(found.codeSha256);
      return { text: formatS3Uri(code), isIn, tag };
    }
  }
}

/** What code is called that only its hash tells: that is Lambda's CodeSha256. */
export function sha256Text(codeSha256: string): string {
  return `SHA-256 ${codeSha256}`;
}

/**
 * Gives the code as a request can carry it: a zip that is too large is written to the destination
 * bucket, which is in the function's Region, and deleted again.
 */
export async function withZip(
  { clients, target, options }: DeploymentContext,
  code: Exclude<FunctionCode, { kind: 'deployed' }>,
  use: (zip: ZipSource) => Promise<void>,
): Promise<void> {
  if (code.kind === 's3' || code.bytes.length <= MAX_DIRECT_ZIP_BYTES) {
    await use(code);
    return;
  }
  const bucket = target.destinationBucket;
  const key = `bucket-brigade/${createHash('sha256').update(code.bytes).digest('hex')}.zip`;
  const client = await clients.s3ForBucket(bucket, options.signal);
  let versionId: string | undefined;
  try {
    ({ versionId } = await writeObject(client, { bucket, key, body: code.bytes }, options));
    await use({ kind: 's3', bucket, key, versionId });
  } finally {
    // Even when it was cancelled; and it is not what people wait to read of when it fails.
    await deleteObjectVersion(client, { bucket, key, versionId }).catch(() => undefined);
  }
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
