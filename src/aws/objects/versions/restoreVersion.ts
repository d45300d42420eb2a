import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { call, recoverFrom, type CallOptions } from '../../call.ts';
import type { AwsClients } from '../../clients.ts';
import { formatS3Uri } from '../../s3Uri.ts';
import { unquoted } from '../listing.ts';
import { copyObject, type CopiedObject } from '../rewrite/copyObject.ts';
import { openRoute, type CopyOptions } from '../rewrite/copyRoute.ts';

/**
 * Makes a version of an object the current one again: a copy of it, with all that belongs to it, is
 * written over what is current now, which stays as a version.
 *
 * @throws BrigadeError as copyObject; `Conflict` with the reason `Changed` when another version was
 *   written meanwhile
 */
export async function restoreVersion(
  clients: AwsClients,
  {
    bucket,
    key,
    versionId,
  }: { readonly bucket: string; readonly key: string; readonly versionId: string },
  options: CopyOptions = {},
): Promise<CopiedObject> {
  const route = await openRoute(clients, bucket, bucket, options);
  const over = await currentETag(route.target.client, { bucket, key }, options);
  return await copyObject(route, { from: key, fromVersion: versionId, to: key, over }, options);
}

/** Undefined where a delete marker is on top, or nothing is. */
async function currentETag(
  client: S3Client,
  { bucket, key }: { bucket: string; key: string },
  options: CallOptions,
): Promise<string | undefined> {
  const command = new HeadObjectCommand({ Bucket: bucket, Key: key });
  const head = await recoverFrom(['NotFound'], undefined, () =>
    call(formatS3Uri({ bucket, key }), options, () =>
      client.send(command, { abortSignal: options.signal }),
    ),
  );
  return unquoted(head?.ETag);
}
