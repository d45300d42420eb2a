import type { S3Client } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { BucketRules } from '../../../src/aws/objects/rewrite/bucketRules.ts';

/** A client that has no network for its first request. */
function flakyRules(answer: object): { rules: BucketRules; asked: () => number } {
  let count = 0;
  const send = () =>
    ++count === 1
      ? Promise.reject(Object.assign(new Error('reset'), { code: 'ECONNRESET' }))
      : Promise.resolve(answer);
  return {
    rules: new BucketRules({ send } as unknown as S3Client, 'b'),
    asked: () => count,
  };
}

it('what a bucket says of access lists is asked again after a failure, and then once', async () => {
  const ownership = { OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } };
  const { rules, asked } = flakyRules(ownership);
  await expect(rules.haveAcls({})).rejects.toMatchObject({ code: 'Network' });
  expect(await Promise.all([rules.haveAcls({}), rules.haveAcls({})])).toEqual(['yes', 'yes']);
  expect(asked()).toBe(2);
});

it('and so is what it says of locks', async () => {
  const { rules, asked } = flakyRules({
    ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' },
  });
  await expect(rules.haveLocks({})).rejects.toMatchObject({ code: 'Network' });
  expect(await Promise.all([rules.haveLocks({}), rules.haveLocks({})])).toEqual(['yes', 'yes']);
  expect(asked()).toBe(2);
});
