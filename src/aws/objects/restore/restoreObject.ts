import { RestoreObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { callWithAction, type CallOptions } from '../../call.ts';
import { BrigadeError } from '../../errors.ts';
import { formatS3Uri } from '../../s3Uri.ts';
import type { RestoreTier } from './restoreTiers.ts';

export interface RestoreObjectInput {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly tier: RestoreTier;
  /** How long the copy stays, from when it is there; S3 takes none for Intelligent-Tiering. */
  readonly days?: number;
}

/** `extended`: a copy is there already, and stays as long as was asked for now. */
export type RestoreOutcome = 'begun' | 'extended' | 'alreadyInProgress';

/**
 * Has S3 restore an archived object, or keep the copy of it longer that it restored.
 *
 * @throws BrigadeError `AccessDenied` (s3:RestoreObject), `InvalidInput` for an object that is not
 *   archived or a tier that its class has not …
 */
export async function restoreObject(
  client: S3Client,
  { bucket, key, versionId, tier, days }: RestoreObjectInput,
  options: CallOptions = {},
): Promise<RestoreOutcome> {
  const command = new RestoreObjectCommand({
    ...{ Bucket: bucket, Key: key, VersionId: versionId },
    RestoreRequest: { GlacierJobParameters: { Tier: tier }, ...(days && { Days: days }) },
  });
  try {
    const subject = formatS3Uri({ bucket, key });
    const { $metadata } = await callWithAction('s3:RestoreObject', subject, options, () =>
      client.send(command, { abortSignal: options.signal }),
    );
    // 202 for a restore that has begun, 200 for a copy that was there (S3 API reference, "RestoreObject").
    return $metadata.httpStatusCode === 200 ? 'extended' : 'begun';
  } catch (error) {
    const isUnderWay =
      error instanceof BrigadeError && error.awsCode === 'RestoreAlreadyInProgress';
    if (isUnderWay) return 'alreadyInProgress';
    throw error;
  }
}
