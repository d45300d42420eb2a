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
export function asItCalls(call: Call): Principal {
  return { ...call.caller, requestContext: () => requestContext(call) };
}

function requestContext(call: Call): RequestContext {
  const { request, presigned, caller } = call;
  const { query } = request;
  const named = (name: string): [string, string | undefined] => [
    `s3:${name}`,
    header(request, name),
  ];
  const version = query.has('AWSAccessKeyId') ? 'AWS' : 'AWS4-HMAC-SHA256';
  return {
    'aws:UserAgent': header(request, 'user-agent'),
    'aws:Referer': header(request, 'referer'),
    ...(caller.kind === 'anonymous'
      ? {}
      : {
          's3:authType': presigned ? 'REST-QUERY-STRING' : 'REST-HEADER',
          's3:signatureversion': version,
        }),
    ...Object.fromEntries([...HEADERS, ...CONDITIONAL].map(named)),
    ...Object.fromEntries(LIST_PARAMETERS.map(name => [`s3:${name}`, query.get(name)])),
  };
}
