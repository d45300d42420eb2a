import { GetObjectLockConfigurationCommand } from '@aws-sdk/client-s3';
import { callWithAction } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import { findBucket } from '../objects/buckets.ts';
import { formatS3Uri } from '../s3Uri.ts';
import type { Check } from './check.ts';
import type { Checking, Found } from './checking.ts';
import type { Fix } from './fix.ts';

/** Whether the report can be written, and does not become one of the objects of the next job. */
export async function reportChecks(checking: Checking, found: Found): Promise<readonly Check[]> {
  const { report, generator } = checking.parts;
  const bucket = found.targets[0]?.bucket;
  const choose: Fix[] = [{ kind: 'chooseReport' }];
  const useTarget: Fix[] = bucket === undefined ? [] : [{ kind: 'useReportBucket', bucket }];
  if (report === undefined) {
    const reason = { kind: 'noReport' } as const;
    const fixes = [...useTarget, ...choose];
    return [{ id: 'report', status: 'warned', subject: 'Report', reason, fixes }];
  }
  const subject = formatS3Uri({ bucket: report.bucket, key: report.prefix });
  const check = { id: 'report', subject } as const;
  const there = await findBucket(checking.clients, report.bucket, checking.options);
  if (there === undefined) {
    const fixes = [...useTarget, ...choose];
    return [{ ...check, status: 'failed', reason: { kind: 'missing' }, fixes }];
  }
  const mode = await defaultRetention(checking, report.bucket);
  if (mode !== undefined) {
    // Amazon S3 user guide, "Examples: completion reports": such a report is not delivered.
    return [{ ...check, status: 'failed', reason: { kind: 'reportLocked', mode }, fixes: choose }];
  }
  const isAmong =
    generator?.sourceBucket === report.bucket && report.prefix.startsWith(generator.prefix ?? '');
  return isAmong
    ? [{ ...check, status: 'warned', reason: { kind: 'reportAmongObjects' }, fixes: choose }]
    : [{ ...check, status: 'passed', reason: { kind: 'fine' } }];
}

/** The mode of a bucket's default retention by Object Lock; undefined where it has none. */
async function defaultRetention({ clients, options }: Checking, bucket: string) {
  const command = new GetObjectLockConfigurationCommand({ Bucket: bucket });
  const action = 's3:GetBucketObjectLockConfiguration';
  try {
    const output = await callWithAction(action, formatS3Uri({ bucket }), options, async () => {
      const client = await clients.s3ForBucket(bucket, options.signal);
      return await client.send(command, { abortSignal: options.signal });
    });
    const retention = output.ObjectLockConfiguration?.Rule?.DefaultRetention;
    return retention && (retention.Mode ?? '');
  } catch (error) {
    const isNone =
      error instanceof BrigadeError && error.awsCode === 'ObjectLockConfigurationNotFoundError';
    if (isNone) return undefined;
    throw error;
  }
}
