import { describe, expect, it } from 'vitest';
import { batchTrustPolicy } from '../../../src/aws/roles/rolePolicy.ts';
import { trustsService } from '../../../src/aws/roles/roleTrust.ts';

const SERVICE = 'batchoperations.s3.amazonaws.com';
const allow = (Principal: unknown, Action: unknown = 'sts:AssumeRole') => ({
  Effect: 'Allow',
  Principal,
  Action,
});
const document = (...Statement: unknown[]) =>
  encodeURIComponent(JSON.stringify({ Version: '2012-10-17', Statement }));

describe('trustsService', () => {
  it.each([
    ['our own', encodeURIComponent(JSON.stringify(batchTrustPolicy()))],
    ['a service', document(allow({ Service: SERVICE }))],
    ['several services', document(allow({ Service: ['lambda.amazonaws.com', SERVICE] }))],
    [
      'several actions',
      document(allow({ Service: SERVICE }, ['sts:TagSession', 'sts:AssumeRole'])),
    ],
    ['action wildcards', document(allow({ Service: SERVICE }, 'sts:Assume*'))],
    ['any action', document(allow({ Service: SERVICE }, '*'))],
    ['anyone', document(allow('*'))],
    [
      'a second statement',
      document(allow({ AWS: 'arn:aws:iam::1:root' }), allow({ Service: SERVICE })),
    ],
    [
      'a lone statement',
      encodeURIComponent(JSON.stringify({ Statement: allow({ Service: SERVICE }) })),
    ],
    ['unencoded JSON', JSON.stringify({ Statement: allow({ Service: SERVICE }) })],
    [
      'a deny with a condition',
      document(allow({ Service: SERVICE }), {
        ...allow('*'),
        Effect: 'Deny',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    ],
  ])('takes %s', (_, text) => expect(trustsService(text, SERVICE)).toBe(true));

  it.each([
    ['nothing', undefined],
    ['an empty text', ''],
    ['what is not JSON', '%7Bnope'],
    ['bad encoding', '%'],
    ['a list', '[1]'],
    ['another service', document(allow({ Service: 'lambda.amazonaws.com' }))],
    ['an account', document(allow({ AWS: '*' }))],
    ['another action', document(allow({ Service: SERVICE }, 'sts:TagSession'))],
    ['a deny', document(allow({ Service: SERVICE }), { ...allow('*'), Effect: 'Deny' })],
  ])('refuses %s', (_, text) => expect(trustsService(text, SERVICE)).toBe(false));
});
