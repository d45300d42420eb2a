import { describe, expect, it } from 'vitest';
import {
  permits,
  policyStatements,
  restorable,
  statementIdFor,
} from '../../../src/aws/functions/functionPolicyDocument.ts';

const source = { bucketArn: 'arn:aws:s3:::images', accountId: '123456789012' };

/** As Lambda writes what AddPermission was given. */
const granted = {
  Sid: 'bucket-brigade-images',
  Effect: 'Allow',
  Principal: { Service: 's3.amazonaws.com' },
  Action: 'lambda:InvokeFunction',
  Resource: 'arn:aws:lambda:us-east-1:123456789012:function:resize',
  Condition: {
    StringEquals: { 'AWS:SourceAccount': '123456789012' },
    ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::images' },
  },
};
const only = (statement: object) => policyStatements(JSON.stringify({ Statement: statement }))[0]!;

describe('a statement of a function’s policy', () => {
  it('permits exactly the bucket that it names', () => {
    expect(permits(only(granted), source)).toBe(true);
    expect(permits(only([granted]), { ...source, bucketArn: 'arn:aws:s3:::image' })).toBe(false);
    expect(permits(only(granted), { ...source, accountId: '999999999999' })).toBe(false);
  });

  it.each([
    ['denies', { Effect: 'Deny' }],
    ['is for another service', { Principal: { Service: 'sns.amazonaws.com' } }],
    ['allows something else', { Action: 'lambda:GetFunction' }],
    ['names no account', { Condition: { ArnLike: { 'AWS:SourceArn': source.bucketArn } } }],
    [
      'has another condition',
      { Condition: { ...granted.Condition, Bool: { 'aws:SecureTransport': 'true' } } },
    ],
    [
      'turns its condition round',
      {
        Condition: {
          StringEquals: granted.Condition.StringEquals,
          ArnNotLike: granted.Condition.ArnLike,
        },
      },
    ],
  ])('does not count when it %s', (_, change) => {
    expect(permits(only({ ...granted, ...change }), source)).toBe(false);
  });

  it('can be added again as it was, if AddPermission can say it', () => {
    expect(restorable(only(granted))).toEqual({
      statementId: 'bucket-brigade-images',
      principal: 's3.amazonaws.com',
      action: 'lambda:InvokeFunction',
      sourceArn: source.bucketArn,
      sourceAccount: source.accountId,
    });
    const two = { ...granted, Action: ['lambda:InvokeFunction', 'lambda:GetFunction'] };
    expect(restorable(only(two))).toBeUndefined();
  });

  it('is not there in a function without a policy', () => {
    expect(policyStatements(undefined)).toEqual([]);
  });
});

it('has an id that Lambda takes', () => {
  expect(statementIdFor('my.images')).toBe('bucket-brigade-my_images');
  expect(statementIdFor('b'.repeat(255))).toMatch(/^[A-Za-z0-9-_]{1,100}$/);
});
