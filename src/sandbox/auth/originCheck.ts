import { AwsError } from '../errors.ts';
import type { SandboxRequest } from '../request.ts';
import { header } from '../request.ts';
import { bucketOfAwsHost, isAwsHost } from './awsHosts.ts';

/** A name that only this machine answers to, with what stands before it (`photos.`, `1234….`). */
const LOOPBACK = /^(?:(.+)\.)?(127\.0\.0\.1|localhost|\[::1\])$/;
/** Endpoint names before `localhost` that are no bucket: `s3.localhost`, `s3.eu-west-1.localhost`. */
const SERVICE_NAME = /(^|\.)s3(-control)?(\.[a-z]{2}(-[a-z]+)+-\d)?$/;

/**
 * Refuses what a web page could send: a foreign Host (DNS rebinding) or any Origin.
 * @returns the bucket of a virtual-hosted request (`photos.localhost`), if it is one.
 */
export function checkOrigin(
  request: Pick<SandboxRequest, 'headers' | 'secure'>,
): string | undefined {
  if (header(request, 'origin') !== undefined) {
    throw new AwsError('AccessDenied', 403, 'The sandbox does not answer web pages.');
  }
  const host = (header(request, 'host') ?? '').toLowerCase().replace(/:\d+$/, '');
  // A web page can't have come here: no browser accepts the certificates of a tunnel.
  if (request.secure && isAwsHost(host)) return bucketOfAwsHost(host);
  const match = LOOPBACK.exec(host);
  if (!match) {
    throw new AwsError('AccessDenied', 403, 'The sandbox answers to 127.0.0.1 and localhost only.');
  }
  const before = (match[1] ?? '').replace(SERVICE_NAME, '');
  // S3 Control's clients put the account id before the host.
  return before === '' || /^\d{12}$/.test(before) ? undefined : before;
}
