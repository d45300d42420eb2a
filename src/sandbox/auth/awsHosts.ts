/** `amazonaws.com`, or anything under it. */
const AWS_HOST = /^(?:[a-z0-9-]+\.)+amazonaws\.com$/;

/**
 * S3's own hosts, with a bucket before them or none: `s3.amazonaws.com`, `s3.eu-west-1.amazonaws.com`,
 * `s3-eu-west-1.amazonaws.com`, with dual stack and FIPS too (S3 user guide, "Virtual hosting of general
 * purpose buckets").
 */
const S3_HOST =
  /^(?:(.+)\.)?s3(?:-fips)?(?:\.dualstack)?(?:[.-][a-z]{2}(?:-[a-z]+)+-\d)?\.amazonaws\.com$/;

export function isAwsHost(host: string): boolean {
  return AWS_HOST.test(host);
}

/** The bucket in the name of one of AWS's hosts; undefined when there is none. */
export function bucketOfAwsHost(host: string): string | undefined {
  return S3_HOST.exec(host)?.[1];
}
