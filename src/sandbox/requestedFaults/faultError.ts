import { AwsError, internalError } from '../errors.ts';
import type { ErrorFault, ServiceName } from './faultRule.ts';

/** What a service answers when it is asked too often. */
const THROTTLED: Readonly<Record<ServiceName, () => AwsError>> = {
  s3: slowDown,
  // S3 Control's service model.
  s3control: () => new AwsError('TooManyRequestsException', 400, 'Rate exceeded'),
  lambda: () => new AwsError('TooManyRequestsException', 429, 'Rate Exceeded.'),
  iam: () => new AwsError('Throttling', 400, 'Rate exceeded'),
  sts: () => new AwsError('Throttling', 400, 'Rate exceeded'),
  cloudwatch: () => new AwsError('Throttling', 400, 'Rate exceeded'),
  logs: () => new AwsError('ThrottlingException', 400, 'Rate exceeded'),
  cloudtrail: () => new AwsError('ThrottlingException', 400, 'Rate exceeded'),
};

function slowDown(): AwsError {
  return new AwsError('SlowDown', 503, 'Please reduce your request rate.');
}

/** The error that was asked for, as the service answers it. */
export function faultError(fault: ErrorFault, service: ServiceName): AwsError {
  if (fault === 'SlowDown') return THROTTLED[service]();
  if (fault === 'InternalError') return internalError();
  return new AwsError('AccessDenied', 403, 'Access Denied');
}
