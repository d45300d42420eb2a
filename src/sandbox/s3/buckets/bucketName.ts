import { AwsError } from '../../errors.ts';

const RESERVED_STARTS = ['xn--', 'sthree-'];
const RESERVED_ENDS = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];

/**
 * Checks the name of a new general purpose bucket (S3 user guide, "Bucket naming rules").
 * @throws AwsError InvalidBucketName
 */
export function checkBucketName(name: string): void {
  const wellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..');
  const isAddress = /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
  const reserved =
    RESERVED_STARTS.some(start => name.startsWith(start)) ||
    RESERVED_ENDS.some(end => name.endsWith(end));
  if (wellFormed && !isAddress && !reserved) return;
  throw new AwsError('InvalidBucketName', 400, 'The specified bucket is not valid.', {
    BucketName: name,
  });
}
