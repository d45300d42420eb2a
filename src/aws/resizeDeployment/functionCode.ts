import { createHash } from 'node:crypto';
import { CODE_TAG, codeOfZip, type WantedCode } from '../deployment/functionCode.ts';
import { MAX_DIRECT_ZIP_BYTES, type ZipSource } from '../functions/functionWrites.ts';
import type { FunctionDetails } from '../functions/functions.ts';
import { headObject } from '../objects/listing.ts';
import { deleteObjectVersion } from '../objects/objectVersions.ts';
import { writeObject } from '../objects/objects.ts';
import { formatS3Uri } from '../s3Uri.ts';
import type { DeploymentContext } from './context.ts';
import type { FunctionCode } from './target.ts';

/**
 * Looks at the code without reading it: Lambda tells the SHA-256 of a zip, S3 the ETag of an object.
 * So a function carries in a tag from which object's state its zip was.
 *
 * @throws BrigadeError `NotFound`, `AccessDenied` (s3:GetObject) of an object
 */
export async function wantedCode(context: DeploymentContext): Promise<WantedCode> {
  const {
    clients,
    target: { code },
    options,
  } = context;
  switch (code.kind) {
    case 'deployed':
      return { text: 'as it is', isIn: () => true, tag: () => undefined };
    case 'zipFile':
      return { ...codeOfZip(code), withZip: use => withZip(context, code, use) };
    case 's3': {
      const client = await clients.s3ForBucket(code.bucket, options.signal);
      const { eTag, versionId } = await headObject(client, code, options);
      const state = JSON.stringify([code.bucket, code.key, eTag, versionId]);
      const source = createHash('sha256').update(state).digest('hex').slice(0, 32);
      const tag = (codeSha256: string): string => `${source}/${codeSha256}`;
      const isIn = (found: FunctionDetails): boolean =>
        found.tags?.[CODE_TAG] === tag(found.codeSha256);
      return { text: formatS3Uri(code), isIn, tag, withZip: use => use(code) };
    }
  }
}

/**
 * Gives a zip as a request can carry it: one that is too large is written to the destination bucket,
 * which is in the function's Region, and deleted again.
 */
async function withZip(
  { clients, target, options }: DeploymentContext,
  code: Extract<FunctionCode, { kind: 'zipFile' }>,
  use: (zip: ZipSource) => Promise<void>,
): Promise<void> {
  if (code.bytes.length <= MAX_DIRECT_ZIP_BYTES) {
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
