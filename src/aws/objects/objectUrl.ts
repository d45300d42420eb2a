import { isBucketName, parseS3Arn, parseS3Uri, type S3Address } from '../s3Uri.ts';

export interface ObjectAddress extends Required<S3Address> {
  readonly versionId?: string;
}

/**
 * Reads whatever people copy to name an object: its S3 URI, its ARN, or its URL, virtual-hosted or
 * path style (Amazon S3 user guide, "Virtual hosting of general purpose buckets"), a presigned one
 * included. Nothing here loads the AWS SDK.
 *
 * @param endpoint of a service that is not at AWS's own address; its URLs are path style.
 * @returns undefined for anything else, and for a bucket or prefix.
 */
export function parseObjectAddress(text: string, endpoint?: string): ObjectAddress | undefined {
  const typed = text.trim();
  const address: AnyAddress | undefined =
    parseS3Uri(typed) ?? parseS3Arn(typed) ?? parseUrl(typed, endpoint);
  if (address?.key === undefined || address.key.endsWith('/')) return undefined;
  const { bucket, key, versionId } = address;
  return versionId === undefined ? { bucket, key } : { bucket, key, versionId };
}

/** Not by `new URL()`, which takes `/../` and `//` of a key for ways in a tree. */
const URL_PARTS = /^(https?:\/\/([^/?#\s]+))\/([^?#\s]*)(?:\?([^#\s]*))?(?:#.*)?$/i;
/** `s3.eu-west-1.`, `s3-eu-west-1.`, `s3.dualstack.eu-west-1.`, `s3-accelerate.` and plain `s3.` */
const S3_HOST =
  /^(?:(.+)\.)?s3(?:-accelerate)?(?:\.dualstack)?(?:[.-][a-z]{2,}(?:-[a-z]+)+-\d)?\.(?:amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk)$/i;

type AnyAddress = S3Address & Pick<ObjectAddress, 'versionId'>;

function parseUrl(text: string, endpoint: string | undefined): AnyAddress | undefined {
  const [, origin = '', host = '', path = '', query = ''] = URL_PARTS.exec(text) ?? [];
  const isEndpoint = endpoint !== undefined && sameOrigin(origin, endpoint);
  const [matches, hostBucket] = S3_HOST.exec(host) ?? [];
  if (!isEndpoint && matches === undefined) return undefined;
  const bucket = hostBucket ?? path.slice(0, path.indexOf('/'));
  const key = decode(hostBucket === undefined ? path.slice(bucket.length + 1) : path);
  if (!isBucketName(bucket) || key === undefined || key === '') return undefined;
  const versionId = new URLSearchParams(query).get('versionId');
  return versionId === null ? { bucket, key } : { bucket, key, versionId };
}

function sameOrigin(origin: string, endpoint: string): boolean {
  return URL.canParse(origin) && new URL(origin).origin === new URL(endpoint).origin;
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
