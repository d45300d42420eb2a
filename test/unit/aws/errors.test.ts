import { describe, expect, it } from 'vitest';
import { call } from '../../../src/aws/call.ts';
import { BrigadeError, isCancelled } from '../../../src/aws/errors.ts';
import { toBrigadeError } from '../../../src/aws/toBrigadeError.ts';

/** An error as the SDK throws it when AWS has answered. */
function answered(name: string, status: number, message = 'Sorry'): Error {
  return Object.assign(new Error(message), {
    name,
    $fault: 'client',
    $metadata: { httpStatusCode: status, requestId: 'R1' },
  });
}

function node(code: string, message = code): Error {
  return Object.assign(new Error(message), { code });
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

describe('toBrigadeError', () => {
  it.each([
    ['ExpiredToken', 400, 'CredentialsExpired'],
    ['ExpiredTokenException', 403, 'CredentialsExpired'],
    ['RequestExpired', 400, 'CredentialsExpired'],
    ['InvalidAccessKeyId', 403, 'CredentialsExpired'],
    ['SignatureDoesNotMatch', 403, 'CredentialsExpired'],
    ['AccessDenied', 403, 'AccessDenied'],
    ['AccessDeniedException', 400, 'AccessDenied'],
    ['403', 403, 'AccessDenied'],
    ['RequestTimeTooSkewed', 403, 'Unknown'],
    ['InvalidObjectState', 403, 'InvalidInput'],
    ['NoSuchKey', 404, 'NotFound'],
    ['NoSuchJob', 404, 'NotFound'],
    ['NoSuchJobException', 400, 'NotFound'],
    ['NotFoundException', 404, 'NotFound'],
    ['NoSuchEntityException', 404, 'NotFound'],
    ['NotFound', 404, 'NotFound'],
    ['SlowDown', 503, 'Throttled'],
    ['ThrottlingException', 400, 'Throttled'],
    ['TooManyRequestsException', 429, 'Throttled'],
    ['PreconditionFailed', 412, 'Conflict'],
    ['ConditionalRequestConflict', 409, 'Conflict'],
    ['EntityAlreadyExistsException', 409, 'Conflict'],
    ['JobStatusException', 400, 'Conflict'],
    ['InvalidTag', 400, 'InvalidInput'],
    ['InternalError', 500, 'Unknown'],
    ['NotImplemented', 501, 'Unknown'],
  ])('says of %s (%i) that it is %s', (name, status, code) => {
    const error = toBrigadeError(answered(name, status), 's3://b/k');
    expect(error.code).toBe(code);
    expect(error.awsCode).toBe(name);
    expect(error.awsMessage).toBe('Sorry');
    expect(error.message).toBe(`${name}: Sorry`);
    expect(error.requestId).toBe('R1');
    expect(error.subject).toBe('s3://b/k');
  });

  it.each([
    node('ECONNREFUSED'),
    node('ENOTFOUND'),
    node('ETIMEDOUT'),
    node('ECONNRESET', 'aborted'),
    node('ERR_STREAM_PREMATURE_CLOSE'),
    node('CERT_HAS_EXPIRED'),
    named('TimeoutError', 'connect timed out'),
    new Error('socket hang up'),
    new Error('Connection lost or stream closed before all data was received.'),
    new AggregateError([node('ECONNREFUSED')]),
    new Error('wrapped', { cause: node('EHOSTUNREACH') }),
  ])('knows the network when it fails: %s', error => {
    expect(toBrigadeError(error).code).toBe('Network');
  });

  it.each([
    [
      'Token is expired. To refresh this SSO session run aws sso login with the corresponding profile.',
      'CredentialsExpired',
    ],
    [
      'Failed to load token from /home/me/.aws/login/cache/1.json: Error: ENOENT',
      'CredentialsExpired',
    ],
    ['The SSO session associated with this profile has expired.', 'CredentialsExpired'],
    [
      'The SSO session token associated with profile=p was not found or is invalid.',
      'CredentialsExpired',
    ],
    ['Could not load credentials from any providers', 'CredentialsMissing'],
    ['Could not resolve credentials using profile: [p] in files.', 'CredentialsMissing'],
  ])('reads the credential provider: %s', (message, code) => {
    expect(toBrigadeError(named('CredentialsProviderError', message)).code).toBe(code);
    expect(toBrigadeError(named('TokenProviderError', message)).code).toBe(code);
  });

  it('tells what AWS was asked for when it denies', () => {
    const sentence =
      'User: arn:aws:iam::123456789012:user/u is not authorized to perform: s3:ListBucket on ' +
      'resource: "arn:aws:s3:::b" because no identity-based policy allows the s3:ListBucket action';
    expect(toBrigadeError(answered('AccessDenied', 403, sentence)).action).toBe('s3:ListBucket');
    expect(toBrigadeError(answered('AccessDenied', 403, 'Access Denied')).action).toBeUndefined();
  });

  it('keeps secrets out of the sentence', () => {
    const url = 'https://b/k?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F2026&X-Amz-Signature=abcdef';
    const { message, awsMessage } = toBrigadeError(
      answered('InvalidAccessKeyId', 403, `Key AKIAIOSFODNN7EXAMPLE at ${url}`),
    );
    expect(message + (awsMessage ?? '')).not.toMatch(/IOSFODNN7|abcdef/);
  });

  it('passes its own errors on, and takes anything', () => {
    const error = new BrigadeError('Conflict', 'c');
    expect(toBrigadeError(error)).toBe(error);
    expect(toBrigadeError('boom')).toMatchObject({ code: 'Unknown', message: 'boom' });
    expect(toBrigadeError(undefined).code).toBe('Unknown');
    const loop = new Error('loop');
    loop.cause = loop;
    expect(toBrigadeError(loop).code).toBe('Unknown');
  });
});

describe('call', () => {
  it('does not begin when the signal is aborted', async () => {
    const run = call('s', { signal: AbortSignal.abort() }, () => Promise.resolve(1));
    await expect(run).rejects.toSatisfy(isCancelled);
  });

  it('calls whatever breaks after an abort a cancellation', async () => {
    const controller = new AbortController();
    const run = call('s', { signal: controller.signal }, () => {
      controller.abort();
      return Promise.reject(node('ECONNRESET'));
    });
    await expect(run).rejects.toMatchObject({ code: 'Cancelled', subject: 's' });
  });

  it('calls a deadline a failure of the network', async () => {
    const signal = AbortSignal.timeout(5);
    const run = call(
      's',
      { signal },
      () =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
    );
    await expect(run).rejects.toMatchObject({ code: 'Network' });
  });
});
