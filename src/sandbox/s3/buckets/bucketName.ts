import { AwsError } from '../../errors.ts';

const RESERVED_STARTS = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const RESERVED_ENDS = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3', '-an'];
/** A label of a host name, as which the bucket's name is used, ends in no hyphen. */
const BESIDE_A_PERIOD = ['..', '.-', '-.'];

/**
 * Checks the name of a new general purpose bucket (S3 user guide, "Bucket naming rules"). Hyphens beside
 * periods are refused as the SDK for Java and the guide's older rules do; today's guide doesn't name them.
 * @throws AwsError InvalidBucketName
 */
export function checkBucketName(name: string): void {
  const wellFormed =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !BESIDE_A_PERIOD.some(pair => name.includes(pair));
  const isAddress = /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
  const reserved =
    RESERVED_STARTS.some(start => name.startsWith(start)) ||
    RESERVED_ENDS.some(end => name.endsWith(end));
  if (wellFormed && !isAddress && !reserved) return;
  throw new AwsError('InvalidBucketName', 400, 'The specified bucket is not valid.', {
    BucketName: name,
  });
}
