import { GetBucketVersioningCommand } from '@aws-sdk/client-s3';
import { callWithAction } from '../call.ts';
import { formatS3Uri } from '../s3Uri.ts';
import type { Check } from './check.ts';
import { settled, type Checking, type Found } from './checking.ts';
import { isInventory } from './jobParts.ts';

/** Buckets that are asked for: a manifest names one, or few. */
const MAX_BUCKETS = 10;

/**
 * Whether a manifest leaves open which versions are meant: a task works on what is the latest when it
 * runs, and not on what was there when the job was made (Amazon S3 user guide, "Specifying a manifest").
 */
export async function versionChecks(checking: Checking, { targets }: Found) {
  const { manifest } = checking.parts;
  if (manifest === undefined) return [];
  if (manifest.fields.includes('VersionId')) {
    const reason = { kind: 'versionsNamed' } as const;
    return [{ id: 'versions', status: 'passed', subject: formatS3Uri(manifest), reason } as const];
  }
  const checks = targets
    .slice(0, MAX_BUCKETS)
    .map(({ bucket }) => settled('versions', bucket, () => bucketCheck(checking, bucket)));
  return (await Promise.all(checks)).flat();
}

async function bucketCheck(
  { clients, options, parts: { manifest } }: Checking,
  bucket: string,
): Promise<Check[]> {
  const output = await callWithAction('s3:GetBucketVersioning', bucket, options, async () => {
    const client = await clients.s3ForBucket(bucket, options.signal);
    const command = new GetBucketVersioningCommand({ Bucket: bucket });
    return await client.send(command, { abortSignal: options.signal });
  });
  const check = { id: 'versions', subject: bucket } as const;
  if (output.Status === undefined) {
    return [{ ...check, status: 'passed', reason: { kind: 'notVersioned' } }];
  }
  const isWritable = manifest !== undefined && !isInventory(manifest);
  return [
    {
      ...check,
      status: 'warned',
      reason: { kind: 'latestVersions' },
      ...(isWritable && {
        fixes: [{ kind: 'correctManifest', corrections: ['fillVersions'] } as const],
      }),
    },
  ];
}
