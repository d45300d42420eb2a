import { expect, test } from 'vitest';
import { BrigadeError } from '../../src/aws/errors.ts';
import { toBrigadeError } from '../../src/aws/toBrigadeError.ts';
import { describeError } from '../../src/vscode/describeError.ts';

/** As the SDK throws what CloudWatch answers. */
function refusal(name: string, message: string): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 403 } });
}

test('a refusal names the permission, and what to do', () => {
  const error = refusal(
    'AccessDeniedException',
    'User: arn:aws:iam::123456789012:user/student is not authorized to perform: ' +
      'cloudwatch:GetMetricData because no identity-based policy allows the ' +
      'cloudwatch:GetMetricData action',
  );
  expect(describeError(toBrigadeError(error, 'resize'))).toBe(
    'Access to resize denied. Missing permission: cloudwatch:GetMetricData.',
  );
});

test('missing credentials come with what to do', () => {
  const error = new BrigadeError('CredentialsMissing', 'none', { subject: 'Environment' });
  expect(describeError(error)).toBe(
    'No valid credentials were found for Environment. Set them as for the AWS CLI, then retry.',
  );
});

test('what names nothing is said as it is', () => {
  expect(describeError(toBrigadeError(refusal('AccessDenied', 'Access Denied'), 'b'))).toBe(
    'Access to b denied.',
  );
});
