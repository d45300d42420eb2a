import { createHmac } from 'node:crypto';
import { AwsError } from '../errors.ts';
import type { QueryParameters, SandboxRequest } from '../request.ts';
import { canonicalHeaders, compareText } from './signature.ts';

/** What a request signed by Signature Version 2 says about itself. Nothing of it is verified yet. */
export interface ClaimV2 {
  readonly accessKeyId: string;
  readonly signature: string;
  /** As it is signed: when the URL ends, or the Date header unless there is an x-amz-date. */
  readonly signedDate: string;
  readonly sessionToken: string | undefined;
  /** Of a presigned URL: when it ends. */
  readonly expires?: Date;
  /** Of a signature in the headers: when it was made. */
  readonly date?: Date;
}

/** Whether a query carries a signature of Version 2, or a part of one. */
export function isPresignedV2(query: QueryParameters): boolean {
  return query.has('AWSAccessKeyId') || query.has('Signature');
}

const AUTHORIZATION = /^AWS ([^:\s]+):(\S+)$/;

/**
 * Reads the signature from the Authorization header, or the query.
 * @throws AwsError AccessDenied when a part is missing (recorded from AWS) or a date is none.
 */
export function readClaimV2(request: Pick<SandboxRequest, 'query' | 'headers'>): ClaimV2 {
  const given = request.headers['authorization'];
  return given === undefined ? claimOfQuery(request.query) : claimOfHeader(request, given);
}

function claimOfHeader({ headers }: Pick<SandboxRequest, 'headers'>, given: string): ClaimV2 {
  const [, accessKeyId, signature] = AUTHORIZATION.exec(given) ?? [];
  if (accessKeyId === undefined || signature === undefined) {
    throw new AwsError(
      'InvalidArgument',
      400,
      'AWS authorization header is invalid. Expected AwsAccessKeyId:signature',
      {
        ArgumentName: 'Authorization',
        ArgumentValue: given,
      },
    );
  }
  const [own, standard] = [headers['x-amz-date'], headers.date];
  const time = Date.parse(String(own ?? standard ?? ''));
  // Nothing was signed before 1970 (ceph's suite, from the time it was run against AWS).
  if (Number.isNaN(time) || time < 0) {
    throw new AwsError(
      'AccessDenied',
      403,
      'AWS authentication requires a valid Date or x-amz-date header',
    );
  }
  return {
    accessKeyId,
    signature,
    signedDate: own === undefined ? (standard ?? '') : '',
    sessionToken: headers['x-amz-security-token']?.toString(),
    date: new Date(time),
  };
}

function claimOfQuery(query: QueryParameters): ClaimV2 {
  const [accessKeyId, signature, expires] = ['AWSAccessKeyId', 'Signature', 'Expires'].map(name =>
    query.get(name),
  );
  if (!accessKeyId || !signature || !expires) {
    throw new AwsError(
      'AccessDenied',
      403,
      'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
    );
  }
  if (!/^\d{1,12}$/.test(expires)) {
    throw new AwsError(
      'AccessDenied',
      403,
      `Invalid date (should be seconds since epoch): ${expires}`,
    );
  }
  const token = query.pairs.find(([name]) => name.toLowerCase() === 'x-amz-security-token');
  return {
    accessKeyId,
    signature,
    signedDate: expires,
    sessionToken: token?.[1],
    expires: new Date(Number(expires) * 1000),
  };
}

/**
 * Parameters that belong to what is signed (user guide, "Signing and authenticating REST requests", and
 * the list of botocore, which AWS accepts). Further subresources of S3 are among them, so that none can be
 * put behind a URL that was signed for something else.
 */
const SIGNED_PARAMETERS: ReadonlySet<string> = new Set(
  `abac accelerate acl analytics annotation attributes cors defaultObjectAcl delete encryption intelligent-tiering
  inventory legal-hold lifecycle location logging metadataAnnotationTable metadataConfiguration metadataInventoryTable
  metadataJournalTable metadataTable metrics notification object-lock ownershipControls partNumber policy
  policyStatus publicAccessBlock renameObject replication requestPayment restore retention select
  select-type session storageClass tagging torrent uploadId uploads versionId versioning versions website
  response-cache-control response-content-disposition response-content-encoding
  response-content-language response-content-type response-expires`.split(/\s+/),
);

/**
 * What Version 2 signs of a request. Content-MD5 and Content-Type count as they are sent; of a
 * presigned URL x-amz- headers may stand in the query instead.
 * @param virtualBucket the bucket that stood in the Host header, if one did
 */
export function stringToSignV2(
  request: Pick<SandboxRequest, 'method' | 'rawPath' | 'rawHeaders' | 'query' | 'headers'>,
  virtualBucket: string | undefined,
  { signedDate, expires }: Pick<ClaimV2, 'signedDate' | 'expires'>,
): string {
  const { method, headers, rawPath, query } = request;
  const path = virtualBucket === undefined ? rawPath : `/${virtualBucket}${rawPath}`;
  // A bucket is signed with its slash, in a path without one too: so do botocore and the SDKs of old.
  const resource = path.indexOf('/', 1) === -1 && path !== '/' ? `${path}/` : path;
  return [
    method,
    String(headers['content-md5'] ?? ''),
    headers['content-type'] ?? '',
    signedDate,
    ...amzHeaders(request, expires === undefined ? [] : request.query.pairs),
    `${resource}${signedQuery(query)}`,
  ].join('\n');
}

function amzHeaders(
  { rawHeaders }: Pick<SandboxRequest, 'rawHeaders'>,
  parameters: QueryParameters['pairs'],
): string[] {
  const sent = rawHeaders.filter((_, index) => index % 2 === 0).map(name => name.toLowerCase());
  const values = canonicalHeaders(
    rawHeaders,
    new Set(sent.filter(name => name.startsWith('x-amz-'))),
  );
  for (const [parameter, value] of parameters) {
    const name = parameter.toLowerCase();
    if (!name.startsWith('x-amz-')) continue;
    const before = values.get(name);
    values.set(name, before === undefined || before === value ? value : `${before},${value}`);
  }
  return [...values]
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, value]) => `${name}:${value.trim()}`);
}

function signedQuery(query: QueryParameters): string {
  const signed = query.pairs
    .filter(([name]) => SIGNED_PARAMETERS.has(name))
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  return signed.length === 0 ? '' : `?${signed.join('&')}`;
}

/** The signature of Version 2: HMAC-SHA1 in base64. */
export function signV2(secretAccessKey: string, text: string): string {
  return createHmac('sha1', secretAccessKey).update(text).digest('base64');
}
