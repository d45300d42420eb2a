import { describe, expect, it } from 'vitest';
import { checkPermissions, checkTrustPolicy } from '../../../../src/sandbox/iam/policyRules.ts';

const document = (statement: object, version: object = { Version: '2012-10-17' }) =>
  JSON.stringify({ ...version, Statement: [{ Effect: 'Allow', ...statement }] });

describe('a trust policy', () => {
  const Principal = { Service: 'lambda.amazonaws.com' };
  const anyone = () => true;
  const STS_ONLY = 'AssumeRole policy may only specify STS AssumeRole actions.';

  it.each([
    { Action: 'sts:AssumeRole' },
    { Action: ['sts:AssumeRole', 'STS:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext'] },
    { Action: 'sts:AssumeRoleWith*' },
    { NotAction: 'sts:TagSession' },
    { Principal: { AWS: '*' }, Action: 'sts:AssumeRole' },
  ])('may say %o', statement => {
    expect(() => checkTrustPolicy(document({ Principal, ...statement }), anyone)).not.toThrow();
  });

  it.each<[object, string]>([
    [{ Principal, Action: '*' }, STS_ONLY],
    [{ Principal, Action: ['sts:AssumeRole', '*'] }, STS_ONLY],
    [
      { Principal: '*', Action: 'sts:AssumeRole' },
      'AssumeRolepolicy contained an invalid principal: "STAR":"*".',
    ],
    [{ Principal, Action: 's3:GetObject' }, STS_ONLY],
    [{ Principal, Action: 'sts:GetCallerIdentity' }, STS_ONLY],
    [{ Principal, Action: '*:AssumeRole' }, 'Vendor * is not valid'],
    [{ Principal, NotAction: '*' }, STS_ONLY],
    [
      { NotPrincipal: Principal, Action: 'sts:AssumeRole' },
      'Allow with NotPrincipal is not allowed.',
    ],
    [
      { Effect: 'Deny', NotPrincipal: Principal, Action: 'sts:AssumeRole' },
      'AssumeRole policy must not contain NotPrincipal field.',
    ],
    [{ Principal, Action: 'sts:AssumeRole', Resource: '*' }, 'Has prohibited field Resource'],
    [
      { Principal, Action: 'sts:AssumeRole', NotResource: '*' },
      'AssumeRole policy must not contain resources.',
    ],
  ])('may not say %o', (statement, message) => {
    const refused = expect.objectContaining({ code: 'MalformedPolicyDocument', message }) as Error;
    expect(() => checkTrustPolicy(document(statement), anyone)).toThrow(refused);
  });
});

it('a trust policy names nobody who is not there', () => {
  const AWS = ['arn:aws:iam::123456789012:role/here', 'arn:aws:iam::123456789012:role/gone'];
  const trust = document({ Principal: { AWS }, Action: 'sts:AssumeRole' });
  expect(() => checkTrustPolicy(trust, name => name.endsWith('here'))).toThrow(
    'Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/gone"',
  );
});

describe('a policy of permissions', () => {
  const to = (Resource: string) => document({ Action: '*', Resource });

  it.each([
    '*',
    'arn:aws:s3:::bucket/*',
    'arn:aws:s3:us-east-1:123456789012:job/*',
    'arn:aws:s3:*:123456789012:accesspoint/a',
    'arn:aws:s3:*:*:*',
    'arn:aws:iam::${aws:PrincipalAccount}:role/*',
    'arn:aws:iam::123456789012:*',
    'arn:aws:lambda:us-east-1:123456789012:function:f',
  ])('may be about %s', resource => {
    expect(() => checkPermissions(to(resource), true)).not.toThrow();
  });

  it.each([
    [
      'arn:aws:s3:us-east-1::bucket',
      'Resource arn:aws:s3:us-east-1::bucket can not contain region information.',
    ],
    [
      'arn:aws:s3:us-east-1:123456789012:bucket/key',
      'Resource arn:aws:s3:us-east-1:123456789012:bucket/key can not contain region information.',
    ],
    [
      'arn:aws:iam:us-east-1:123456789012:role/r',
      'IAM resource arn:aws:iam:us-east-1:123456789012:role/r cannot contain region information.',
    ],
    ['arn:aws:iam::123456789012:roles/r', 'IAM resource path must either be "*" or start with'],
  ])('may not be about %s', (resource, message) => {
    const error = expect.objectContaining({
      code: 'MalformedPolicyDocument',
      message: expect.stringContaining(message) as string,
    }) as Error;
    expect(() => checkPermissions(to(resource), false)).toThrow(error);
    const exempt = document({ Action: '*', NotResource: resource });
    expect(() => checkPermissions(exempt, false)).toThrow(error);
  });

  it.each([
    ['s3:Get:Object', 'Actions/Condition can contain only one colon.'],
    ['s_3:GetObject', 'Vendor s_3 is not valid'],
    ['s3:', 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'],
  ])('may not allow %s', (Action, message) => {
    const refused = expect.objectContaining({ message }) as Error;
    expect(() => checkPermissions(document({ Action, Resource: '*' }), false)).toThrow(refused);
  });

  it('of the older version is an inline one only', () => {
    for (const version of [{ Version: '2008-10-17' }, {}]) {
      const old = document({ Action: 's3:*', Resource: '*' }, version);
      expect(() => checkPermissions(old, false)).not.toThrow();
      expect(() => checkPermissions(old, true)).toThrow('must be version 2012-10-17 or greater');
    }
  });
});
