import { createHmac } from 'node:crypto';
import { canonicalQuery, sha256Hex, signingKey, uriEncode } from '../../auth/signature.ts';
import { sandboxUser } from '../../principal.ts';
import { REGION } from '../../region.ts';
import { header } from '../../request.ts';
import type { LambdaContext } from '../lambdaContext.ts';
import type { LambdaCall } from './lambdaCall.ts';
import type { LambdaFunction } from '../lambdaFunction.ts';

/** Seconds that a link to a function's code works (GetFunction). */
const VALID_FOR = 600;

/** The path that serves code, by its hash. */
export const CODE_PATH = '/snapshots/';

/** A presigned link to a function's zip, for whoever may call GetFunction. */
export function codeLocation(
  { credentials, clock, accountId }: LambdaContext,
  { request }: LambdaCall,
  { code }: LambdaFunction,
): string {
  const host = header(request, 'host') ?? '';
  const session = credentials.createSession(sandboxUser(accountId), VALID_FOR);
  const timestamp = clock
    .now()
    .toISOString()
    .replace(/[-:]|\.\d+/g, '');
  const date = timestamp.slice(0, 8);
  const scope = `${date}/${REGION}/lambda/aws4_request`;
  const path = CODE_PATH + code.sha256;
  const query = canonicalQuery([
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${session.accessKeyId}/${scope}`],
    ['X-Amz-Date', timestamp],
    ['X-Amz-Expires', String(VALID_FOR)],
    ['X-Amz-Security-Token', session.sessionToken],
    ['X-Amz-SignedHeaders', 'host'],
  ]);
  const canonical = ['GET', path, query, `host:${host}\n`, 'host', sha256Hex('')].join('\n');
  const text = ['AWS4-HMAC-SHA256', timestamp, scope, sha256Hex(canonical)].join('\n');
  const key = signingKey(session.secretAccessKey, { date, region: REGION, service: 'lambda' });
  const signature = createHmac('sha256', key).update(text).digest('hex');
  return `http://${host}${path}?${query}&X-Amz-Signature=${uriEncode(signature)}`;
}
