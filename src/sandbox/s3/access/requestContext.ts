import type { Clock } from '../../clock.ts';
import type { Principal, RequestContext } from '../../principal.ts';
import type { Call } from '../../request.ts';
import { header } from '../../request.ts';

/** Headers whose values are condition keys of the same name (user guide, "Condition keys for Amazon S3"). */
const HEADERS =
  `x-amz-acl x-amz-grant-read x-amz-grant-write x-amz-grant-read-acp x-amz-grant-write-acp
  x-amz-grant-full-control x-amz-copy-source x-amz-metadata-directive x-amz-server-side-encryption
  x-amz-server-side-encryption-aws-kms-key-id x-amz-server-side-encryption-customer-algorithm
  x-amz-storage-class x-amz-website-redirect-location x-amz-object-ownership
  x-amz-content-sha256`.split(/\s+/);
const CONDITIONAL = ['if-match', 'if-none-match'];
const LIST_PARAMETERS = ['prefix', 'delimiter', 'max-keys'];

/**
 * The caller, with what the request adds to the condition keys once a policy asks for one.
 * @param call with the headers that a presigned URL brings
 */
export function callerWithContext(clock: Pick<Clock, 'now'>, call: Call): Principal {
  return { ...call.caller, requestContext: () => requestContext(clock, call) };
}

function requestContext(clock: Pick<Clock, 'now'>, call: Call): RequestContext {
  const { request, presigned, caller, temporary, signatureVersion } = call;
  const { query } = request;
  const named = (name: string): [string, string | undefined] => [
    `s3:${name}`,
    header(request, name),
  ];
  return {
    'aws:UserAgent': header(request, 'user-agent'),
    'aws:RequestedRegion': call.region,
    'aws:Referer': header(request, 'referer'),
    ...(caller.kind === 'anonymous'
      ? {}
      : {
          's3:authType': presigned ? 'REST-QUERY-STRING' : 'REST-HEADER',
          's3:signatureversion': signatureVersion,
          's3:signatureAge': presigned ? signatureAge(clock, call) : undefined,
        }),
    // Keys that last have nothing of MFA (IAM user guide, "aws:MultiFactorAuthPresent").
    ...(temporary ? {} : { 'aws:MultiFactorAuthPresent': undefined }),
    ...Object.fromEntries([...HEADERS, ...CONDITIONAL].map(named)),
    ...Object.fromEntries(LIST_PARAMETERS.map(name => [`s3:${name}`, query.get(name)])),
  };
}

/** Milliseconds since a URL was presigned; Version 2 does not say when that was. */
function signatureAge(clock: Pick<Clock, 'now'>, { signed }: Call): string | undefined {
  return signed && String(clock.now().getTime() - signed.getTime());
}
