import type { AwsError } from './errors.ts';

/** An error as the JSON and CBOR protocols name it. */
export interface NamedError {
  /** The exception, e.g. `ResourceNotFoundException`. */
  readonly type: string;
  readonly status: number;
  readonly message: string;
}

const TOKEN_INVALID = 'The security token included in the request is invalid.';

/** What the pipeline calls it, and what AWS's JSON services do. */
const NAMES: Readonly<Record<string, Partial<NamedError> | undefined>> = {
  AccessDenied: { type: 'AccessDeniedException', status: 400 },
  AuthorizationHeaderMalformed: { type: 'IncompleteSignatureException' },
  ExpiredToken: { type: 'ExpiredTokenException' },
  InternalError: { type: 'InternalFailure' },
  InvalidAccessKeyId: { type: 'UnrecognizedClientException', status: 400, message: TOKEN_INVALID },
  InvalidToken: { type: 'UnrecognizedClientException', status: 400, message: TOKEN_INVALID },
  RequestTimeTooSkewed: { type: 'InvalidSignatureException', status: 400 },
  SignatureDoesNotMatch: { type: 'InvalidSignatureException', status: 400 },
};

const UNSIGNED: NamedError = {
  type: 'MissingAuthenticationTokenException',
  status: 400,
  message: 'Missing Authentication Token',
};

/** Renames what every service throws alike; a service's own errors stay. */
export function nameError(error: AwsError): NamedError {
  if (error.headers['x-amz-sandbox-reason'] === 'unsigned') return UNSIGNED;
  const { code, status, message } = error;
  return { type: code, status, message, ...NAMES[code] };
}
