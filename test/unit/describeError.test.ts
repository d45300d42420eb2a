import { expect, test } from 'vitest';
import { callWithAction } from '../../src/aws/call.ts';
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

test.each([
  ['photos', 'photos exists.', 'photos exists.'],
  ['photos', 'photos이(가) 있습니다.', 'photos이(가) 있습니다.'],
  ['photo', 'photos exists.', 'photo: photos exists.'],
  ['photos', 'The name is taken.', 'photos: The name is taken.'],
])('what %s is said of is named once: %s', (subject, said, text) => {
  expect(describeError(new BrigadeError('Conflict', said, { subject }))).toBe(text);
});

test('what names nothing is said as it is', () => {
  expect(describeError(toBrigadeError(refusal('AccessDenied', 'Access Denied'), 'b'))).toBe(
    'Access to b denied.',
  );
});

const KEY =
  'arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

test.each([
  [
    'a KMS key whose policy denies',
    'User: arn:aws-us-gov:iam::123456789012:user/me is not authorized to perform: kms:Decrypt on ' +
      `resource: ${KEY} with an explicit deny in a resource-based policy`,
    `Access to s3://b/k denied. Missing permission: kms:Decrypt on ${KEY}.`,
  ],
  [
    'a KMS key of another account, as S3 said it before',
    'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
    'Access to s3://b/k denied. Missing permission: kms:Decrypt.',
  ],
  [
    'a bucket of another account',
    'User: arn:aws:iam::123456789012:user/me is not authorized to perform: s3:ListBucket on resource: ' +
      '"arn:aws:s3:::b" because no resource-based policy allows the s3:ListBucket action',
    'Access to s3://b/k denied. Missing permission: s3:ListBucket.',
  ],
])('%s is said with what is missing', async (_, message, said) => {
  // As a reading of an object names its own permission where AWS names none.
  const reading = callWithAction('s3:GetObject', 's3://b/k', {}, () =>
    Promise.reject(refusal('AccessDenied', message)),
  );
  const error: unknown = await reading.catch((thrown: unknown) => thrown);
  expect(describeError(error)).toBe(said);
});

test.each([
  ['KMS.DisabledException', `${KEY} is disabled.`],
  ['KMS.NotFoundException', `Key '${KEY}' does not exist`],
  ['AccessControlListNotSupported', 'The bucket does not allow ACLs'],
])('%s is no refusal of a permission', (name, message) => {
  const error = Object.assign(refusal(name, message), { $metadata: { httpStatusCode: 400 } });
  expect(describeError(toBrigadeError(error, 's3://b/k'))).toBe(
    `s3://b/k: ${message.endsWith('.') ? message : `${message}.`}`,
  );
});
