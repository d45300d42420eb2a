import { expect, test } from 'vitest';
import { decideByPolicies } from '../../../src/aws/roles/policyDecision.ts';

const policy = (...Statement: readonly object[]): string => JSON.stringify({ Statement });
const ALLOW = { Effect: 'Allow', Action: 's3:Put*', Resource: 'arn:aws:s3:::b/*' };
const KEY = 'arn:aws:s3:::b/a';

test.each([
  ['allowed by a wildcard', [policy(ALLOW)], 'allowed'],
  ['not said', [policy()], 'implicitDeny'],
  ['of another resource', [policy({ ...ALLOW, Resource: 'arn:aws:s3:::c/*' })], 'implicitDeny'],
  ['in any case', [policy({ ...ALLOW, Action: 'S3:putobjecttagging' })], 'allowed'],
  ['denied elsewhere', [policy(ALLOW), policy({ ...ALLOW, Effect: 'Deny' })], 'explicitDeny'],
  [
    'denied under a condition',
    [policy(ALLOW, { ...ALLOW, Effect: 'Deny', Condition: {} })],
    'unknown',
  ],
  ['allowed under a condition', [policy({ ...ALLOW, Condition: {} })], 'unknown'],
  ['no policy', ['not JSON'], 'unknown'],
  [
    'by what is not excluded',
    [policy({ Effect: 'Allow', NotAction: 'iam:*', NotResource: 'arn:aws:s3:::c/*' })],
    'allowed',
  ],
  [
    'by what is excluded',
    [policy({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' })],
    'implicitDeny',
  ],
  [
    'of a literal asterisk',
    [policy({ ...ALLOW, Resource: 'arn:aws:s3:::b/${*}' })],
    'implicitDeny',
  ],
])('what policies say: %s', (_, documents, decision) => {
  expect(decideByPolicies(documents, 's3:PutObjectTagging', KEY)).toBe(decision);
});
