import { MAX_REPORT_PREFIX_LENGTH } from '../../aws/batchJobs/jobRules.ts';
import { isBucketName, parseS3Uri } from '../../aws/s3Uri.ts';
import type { ReportChoice } from '../../commands.ts';

/** `s3://bucket/prefix/`, or a bucket's bare name; AWS puts the slash after the prefix itself. */
export function parseReportPlace(text: string): Omit<ReportChoice, 'scope'> | undefined {
  const typed = text.trim();
  const place = isBucketName(typed) ? { bucket: typed, key: undefined } : parseS3Uri(typed);
  if (place === undefined) return undefined;
  const prefix = place.key?.replace(/\/+$/, '') ?? '';
  if (prefix.length > MAX_REPORT_PREFIX_LENGTH) return undefined;
  return prefix === '' ? { bucket: place.bucket } : { bucket: place.bucket, prefix };
}
