import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionContext } from '../../../../src/sandbox/iam/authorize.ts';
import type { RequestContext } from '../../../../src/sandbox/iam/authorize.ts';
import { evaluatePolicies } from '../../../../src/sandbox/iam/evaluatePolicies.ts';
import type { Decision } from '../../../../src/sandbox/iam/evaluatePolicies.ts';
import { parsePolicy } from '../../../../src/sandbox/iam/policy.ts';

const policy = (...statements: object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

function decide(
  statements: object[],
  action: string,
  resource: string,
  context: RequestContext = {},
): Decision {
  return evaluatePolicies([parsePolicy(policy(...statements), 'identity')], {
    action,
    resource,
    context: () => conditionContext(context),
  });
}

const ALLOW = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };

describe('evaluation of identity policies', () => {
  it('allows what a statement allows and nothing else', () => {
    expect(decide([ALLOW], 's3:GetObject', 'arn:aws:s3:::b/k')).toBe('allowed');
    expect(decide([ALLOW], 'S3:getobject', 'arn:aws:s3:::b/k')).toBe('allowed');
    expect(decide([ALLOW], 's3:PutObject', 'arn:aws:s3:::b/k')).toBe('implicitDeny');
    expect(decide([ALLOW], 's3:GetObject', 'arn:aws:s3:::B/k')).toBe('implicitDeny');
    expect(decide([ALLOW], 's3:GetObject', 'arn:aws:s3:::b')).toBe('implicitDeny');
  });

  it('lets a deny win wherever it stands', () => {
    const deny = { Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::b/secret*' };
    for (const statements of [
      [ALLOW, deny],
      [deny, ALLOW],
    ]) {
      expect(decide(statements, 's3:GetObject', 'arn:aws:s3:::b/secret.txt')).toBe('explicitDeny');
      expect(decide(statements, 's3:GetObject', 'arn:aws:s3:::b/open.txt')).toBe('allowed');
    }
  });

  it('reads NotAction and NotResource', () => {
    const statement = { Effect: 'Allow', NotAction: 'iam:*', NotResource: 'arn:aws:s3:::b/*' };
    expect(decide([statement], 's3:GetObject', 'arn:aws:s3:::c/k')).toBe('allowed');
    expect(decide([statement], 's3:GetObject', 'arn:aws:s3:::b/k')).toBe('implicitDeny');
    expect(decide([statement], 'iam:GetRole', 'arn:aws:s3:::c/k')).toBe('implicitDeny');
  });

  it('puts policy variables into resources', () => {
    const home = { ...ALLOW, Resource: 'arn:aws:s3:::b/${aws:userid}/*' };
    const context = { 'aws:userid': 'AROAX:session' };
    expect(decide([home], 's3:GetObject', 'arn:aws:s3:::b/AROAX:session/k', context)).toBe(
      'allowed',
    );
    expect(decide([home], 's3:GetObject', 'arn:aws:s3:::b/other/k', context)).toBe('implicitDeny');
    expect(decide([home], 's3:GetObject', 'arn:aws:s3:::b//k')).toBe('implicitDeny');
  });

  it('never allows what a deny of everything covers', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*'), maxLength: 6 });
    fc.assert(
      fc.property(word, word, (pattern, key) => {
        const allow = { ...ALLOW, Resource: `arn:aws:s3:::b/${pattern}` };
        const deny = { Effect: 'Deny', Action: '*', Resource: '*' };
        expect(decide([allow, deny], 's3:GetObject', `arn:aws:s3:::b/${key}`)).toBe('explicitDeny');
      }),
    );
  });
});

describe('conditions', () => {
  const tag = 's3:ExistingObjectTag/phototype';
  const keys = 's3:RequestObjectTagKeys';
  it.each<[object, RequestContext, boolean]>([
    [{ StringEquals: { [tag]: 'finished' } }, { [tag]: 'finished' }, true],
    [{ StringEquals: { [tag]: 'finished' } }, { [tag]: 'Finished' }, false],
    [{ StringEquals: { [tag]: 'finished' } }, {}, false],
    [{ StringEquals: { [tag]: ['a', 'b'] } }, { [tag]: 'b' }, true],
    [{ StringEqualsIfExists: { [tag]: 'finished' } }, {}, true],
    [{ StringEqualsIgnoreCase: { [tag]: 'finished' } }, { [tag]: 'FINISHED' }, true],
    [{ StringNotEquals: { [tag]: ['a', 'b'] } }, { [tag]: 'c' }, true],
    [{ StringNotEquals: { [tag]: ['a', 'b'] } }, { [tag]: 'a' }, false],
    [{ StringNotEquals: { [tag]: 'a' } }, {}, true],
    [{ StringLike: { 's3:prefix': 'home/*' } }, { 'S3:PREFIX': 'home/x' }, true],
    [{ StringNotLike: { 's3:prefix': 'home/*' } }, { 's3:prefix': 'home/x' }, false],
    [
      { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::b*' } },
      { 'aws:SourceArn': 'arn:aws:s3:::b1' },
      true,
    ],
    [{ ArnLike: { 'aws:SourceArn': 'arn:*:b' } }, { 'aws:SourceArn': 'arn:aws:s3:::b' }, false],
    [{ Bool: { 'aws:SecureTransport': true } }, { 'aws:SecureTransport': 'false' }, false],
    [{ NumericLessThanEquals: { 's3:max-keys': 10 } }, { 's3:max-keys': '10' }, true],
    [{ NumericGreaterThan: { 's3:max-keys': '10' } }, { 's3:max-keys': '10' }, false],
    [
      { DateGreaterThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } },
      { 'aws:CurrentTime': '2026-06-01T00:00:00Z' },
      true,
    ],
    [
      { DateLessThan: { 'aws:EpochTime': '100' } },
      { 'aws:EpochTime': '1970-01-02T00:00:00Z' },
      false,
    ],
    [{ IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, { 'aws:SourceIp': '127.0.0.1' }, true],
    [{ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, { 'aws:SourceIp': '10.1.2.3' }, false],
    [{ Null: { [tag]: 'true' } }, {}, true],
    [{ Null: { [tag]: 'true' } }, { [tag]: '' }, false],
    [{ Null: { [tag]: false } }, { [tag]: 'x' }, true],
    [{ 'ForAllValues:StringEquals': { [keys]: ['a', 'b'] } }, { [keys]: ['a'] }, true],
    [{ 'ForAllValues:StringEquals': { [keys]: ['a', 'b'] } }, { [keys]: ['a', 'c'] }, false],
    [{ 'ForAllValues:StringEquals': { [keys]: ['a'] } }, {}, true],
    [{ 'ForAnyValue:StringEquals': { [keys]: ['a', 'b'] } }, { [keys]: ['a', 'c'] }, true],
    [{ 'ForAnyValue:StringEquals': { [keys]: ['a'] } }, {}, false],
    [{ 'ForAnyValue:StringNotEquals': { [keys]: ['a'] } }, { [keys]: ['a', 'c'] }, true],
  ])('%j with %j', (Condition, context, expected) => {
    const decision = decide([{ ...ALLOW, Condition }], 's3:GetObject', 'arn:aws:s3:::b/k', context);
    expect(decision).toBe(expected ? 'allowed' : 'implicitDeny');
  });

  it('needs every key of every operator', () => {
    const Condition = { StringEquals: { 's3:a': '1', 's3:b': '2' }, Null: { 's3:c': 'true' } };
    const decision = (context: RequestContext): Decision =>
      decide([{ ...ALLOW, Condition }], 's3:GetObject', 'arn:aws:s3:::b/k', context);
    expect(decision({ 's3:a': '1', 's3:b': '2' })).toBe('allowed');
    expect(decision({ 's3:a': '1', 's3:b': 'x' })).toBe('implicitDeny');
    expect(decision({ 's3:a': '1', 's3:b': '2', 's3:c': '3' })).toBe('implicitDeny');
  });
});

describe('policy documents that AWS refuses', () => {
  it.each([
    ['{', 'This policy contains invalid Json'],
    ['[]', 'Syntax errors in policy.'],
    ['{"Version":"2012-10-17"}', 'Syntax errors in policy.'],
    ['{"Version":"2020-01-01","Statement":[]}', /valid version string/],
    [policy({ ...ALLOW, Effect: 'allow' }), 'Syntax errors in policy.'],
    [policy({ ...ALLOW, Foo: 1 }), 'Syntax errors in policy.'],
    [policy({ Effect: 'Allow', Resource: '*' }), 'Policy statement must contain actions.'],
    [policy({ Effect: 'Allow', Action: 's3:*' }), 'Policy statement must contain resources.'],
    [policy({ ...ALLOW, Action: 'GetObject' }), /prefaced by a vendor/],
    [policy({ ...ALLOW, Resource: 'my-bucket' }), /must be in ARN format/],
    [policy({ ...ALLOW, Principal: '*' }), /should not specify a principal/],
    [
      policy({ ...ALLOW, Condition: { StringMatches: { 'aws:a': 'b' } } }),
      /Invalid Condition type/,
    ],
    [policy({ ...ALLOW, Sid: 'a' }, { ...ALLOW, Sid: 'a' }), /must be unique/],
  ])('%s', (text, message) => {
    expect(() => parsePolicy(text, 'identity')).toThrow(message);
  });

  it('refuses principals that can not be', () => {
    const trust = (Principal: unknown): string =>
      policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal });
    expect(() => parsePolicy(trust({ Service: 'lambda' }), 'trust')).toThrow(/Invalid principal/);
    expect(() => parsePolicy(trust({ AWS: 'arn:aws:s3:::b' }), 'trust')).toThrow(
      /Invalid principal/,
    );
    expect(() => parsePolicy(trust(undefined), 'trust')).toThrow(
      /Missing required field Principal/,
    );
    parsePolicy(trust({ Service: ['lambda.amazonaws.com'], AWS: '123456789012' }), 'trust');
  });
});
