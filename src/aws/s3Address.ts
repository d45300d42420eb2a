import { isAwsHost } from './awsHosts.ts';
import { readConsoleUrl } from './consoleAddress.ts';
import {
  decodeKey,
  isBucketName,
  isDirectoryBucketName,
  parseS3Arn,
  parseS3Uri,
  type S3Address,
} from './s3Uri.ts';

/** Nothing here loads the AWS SDK. */
export interface PastedAddress extends S3Address {
  readonly versionId?: string;
}

/** Addresses of AWS's that are known, and do not name a bucket that we can open. */
export type RefusedAddress =
  'accessPoint' | 'multiRegionAccessPoint' | 'outpost' | 'directoryBucket' | 'console' | 'service';

export type AddressReading =
  | { readonly kind: 'address'; readonly address: PastedAddress }
  | { readonly kind: 'refused'; readonly what: RefusedAddress }
  /** It is not an address of S3 at all. */
  | { readonly kind: 'unknown' };

/**
 * Reads whatever people copy to name a bucket, a prefix or an object: its S3 URI, ARN or URL
 * (virtual-hosted or path style, FIPS, dual stack, accelerated, PrivateLink, a website's, presigned;
 * Amazon S3 user guide, "Virtual hosting of general purpose buckets"), or a page of the console. The
 * query is dropped but for the version, signatures included.
 *
 * @param endpoint of a service that is not at AWS's own address.
 */
export function readS3Address(text: string, endpoint?: string): AddressReading {
  const typed = text.trim();
  const refused = refusedArn(typed.replace(/^s3:\/\//i, ''));
  if (refused) return { kind: 'refused', what: refused };
  const [, name = ''] = /^(?:s3:\/\/)?([^/]+)/i.exec(typed) ?? [];
  if (isDirectoryBucketName(name)) return { kind: 'refused', what: 'directoryBucket' };
  const address = parseS3Uri(typed) ?? parseS3Arn(typed);
  if (address && isBucketName(address.bucket)) {
    const { bucket, key } = address;
    return reading(key === undefined ? { bucket } : { bucket, key });
  }
  return readUrl(typed, endpoint);
}

const REFUSED_ARNS: readonly (readonly [RefusedAddress, RegExp])[] = [
  ['multiRegionAccessPoint', /^arn:[^:]+:s3::\d*:accesspoint\//],
  ['outpost', /^arn:[^:]+:s3-outposts:/],
  ['directoryBucket', /^arn:[^:]+:s3express:/],
  ['accessPoint', /^arn:[^:]+:s3(?:-object-lambda)?:[^:]*:[^:]*:accesspoint[/:]/],
];

function refusedArn(text: string): RefusedAddress | undefined {
  return REFUSED_ARNS.find(([, arns]) => arns.test(text))?.[0];
}

/** Not by `new URL()`, which takes `/../` and `//` of a key for ways in a tree. */
const URL_PARTS = /^(https?:\/\/([^/?#\s]+))(?:\/([^?#\s]*))?(?:\?([^#\s]*))?(?:#(\S*))?$/i;

function readUrl(text: string, endpoint: string | undefined): AddressReading {
  const [match, origin = '', authority = '', path = '', query = '', hash = ''] =
    URL_PARTS.exec(text) ?? [];
  if (match === undefined) return { kind: 'unknown' };
  const host = authority.toLowerCase().replace(/^https/i.test(origin) ? /:443$/ : /:80$/, '');
  // The console of some years ago has what it shows behind the hash.
  const page = readConsoleUrl(
    host,
    path,
    new URLSearchParams(query.includes('=') ? `${query}&${hash}` : hash),
  );
  if (page !== undefined) return reading(page);
  const versionId = new URLSearchParams(query).get('versionId') ?? undefined;
  const own = endpoint === undefined ? undefined : bucketOfEndpoint(origin, endpoint);
  if (own) return named({ ...own, isAws: false }, path, versionId);
  const place = isAwsHost(host) ? bucketOfHost(host) : undefined;
  if (typeof place === 'string') return reading(place);
  return place ? named({ ...place, isAws: true }, path, versionId) : { kind: 'unknown' };
}

function reading(found: PastedAddress | RefusedAddress): AddressReading {
  return typeof found === 'string'
    ? { kind: 'refused', what: found }
    : { kind: 'address', address: found };
}

interface Place {
  /** Where the host names it; else the path does. */
  readonly bucket?: string;
}

/** `s3`, `s3.eu-west-1`, `s3-eu-west-1`, `s3-fips.dualstack.eu-west-1`, `s3-accelerate` … before the suffix. */
const S3_HOST =
  /^(?:(?<bucket>.+)\.)?s3(?:-external-1|-accelerate|-fips)?(?:\.dualstack)?(?:[.-](?:fips-)?[a-z]{2,}(?:-[a-z]+)+-\d)?$/;
const WEBSITE_HOST = /^(?<bucket>.+)\.s3-website[.-][a-z]{2,}(?:-[a-z]+)+-\d$/;
/** `bucket.` before the endpoint's name is AWS's word for an interface (AWS PrivateLink for S3). */
const PRIVATE_LINK = /^(?:(?<bucket>.+)\.)?bucket\.vpce-[a-z0-9-]+\.s3\.[a-z0-9-]+\.vpce$/;

const REFUSED_HOSTS: readonly (readonly [RefusedAddress, RegExp])[] = [
  ['multiRegionAccessPoint', /\.accesspoint\.s3-global$/],
  ['accessPoint', /(?:\.s3-accesspoint|\.s3-object-lambda|^accesspoint\.vpce|\.accesspoint\.vpce)/],
  ['outpost', /\.s3-outposts\./],
  ['directoryBucket', /(?:^|\.)s3express-/],
];

function bucketOfHost(host: string): Place | RefusedAddress {
  const name = host.replace(AWS_SUFFIX, '');
  const refused = REFUSED_HOSTS.find(([, hosts]) => hosts.test(name))?.[0];
  if (refused) return refused;
  const match = S3_HOST.exec(name) ?? WEBSITE_HOST.exec(name) ?? PRIVATE_LINK.exec(name);
  return match ? { bucket: match.groups?.['bucket'] } : 'service';
}

const AWS_SUFFIX =
  /\.(?:amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$/;

/** Path style, or the bucket before the endpoint's own host. */
function bucketOfEndpoint(origin: string, endpoint: string): Place | undefined {
  if (!URL.canParse(origin) || !URL.canParse(endpoint)) return undefined;
  const [url, own] = [new URL(origin), new URL(endpoint)];
  if (url.protocol !== own.protocol) return undefined;
  if (url.host === own.host) return {};
  return url.host.endsWith(`.${own.host}`)
    ? { bucket: url.host.slice(0, -own.host.length - 1) }
    : undefined;
}

function named(
  place: Place & { readonly isAws: boolean },
  path: string,
  versionId: string | undefined,
): AddressReading {
  const [first = '', ...rest] = path.split('/');
  const bucket = place.bucket ?? decodeKey(first, false);
  const key = decodeKey(place.bucket === undefined ? rest.join('/') : path, place.isAws);
  if (bucket === undefined || key === undefined || !isBucketName(bucket)) {
    return { kind: 'unknown' };
  }
  const version = versionId === undefined ? {} : { versionId };
  return { kind: 'address', address: key === '' ? { bucket } : { bucket, key, ...version } };
}
