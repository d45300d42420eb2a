import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { toNotifications } from '../../../../src/aws/notifications/notificationConfiguration.ts';
import {
  ourEntries,
  wantedEntries,
  withEntries,
} from '../../../../src/aws/resizeDeployment/notificationEntries.ts';
import { targetProblems } from '../../../../src/aws/resizeDeployment/targetProblems.ts';
import type { DeploymentTarget } from '../../../../src/aws/resizeDeployment/target.ts';
import { DEFAULT_SETTINGS } from '../../../../src/aws/resizeFunction/resizeSettings.ts';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:resize';
const others: NotificationConfiguration = {
  QueueConfigurations: [
    { Id: 'q', QueueArn: 'arn:aws:sqs:us-east-1:123456789012:q', Events: ['s3:ObjectRemoved:*'] },
  ],
  EventBridgeConfiguration: {},
};

describe('the entries of a deployment', () => {
  const wanted = wantedEntries({ prefix: 'in/', suffixes: ['.jpg', '.JPG', '-final.png'] }, ARN);

  it('are one for each suffix, with ids of their own', () => {
    expect(wanted.map(({ id }) => id)).toEqual([
      'bucket-brigade-resize-jpg',
      'bucket-brigade-resize-JPG',
      'bucket-brigade-resize-x-2d66696e616c2e706e67',
    ]);
    expect(wanted.every(({ prefix }) => prefix === 'in/')).toBe(true);
    expect(wantedEntries({ prefix: '', suffixes: [] }, ARN)).toMatchObject([
      { id: 'bucket-brigade-resize-all', suffix: '' },
    ]);
  });

  it('replace those that were there and leave all others', () => {
    const first = withEntries(others, wanted);
    expect(first).toMatchObject(others);
    expect(withEntries(first, wanted)).toBe(first);
    const next = withEntries(first, wantedEntries({ prefix: '', suffixes: ['.jpg'] }, ARN));
    expect(ourEntries(next)).toMatchObject([{ prefix: '', suffix: '.jpg' }]);
    expect(toNotifications(withEntries(next, []))).toEqual(toNotifications(others));
    expect(withEntries(next, [])).toEqual(others);
  });
});

describe('a target', () => {
  const target: DeploymentTarget = {
    bucket: 'images',
    destinationBucket: 'images-resized',
    functionName: 'resize',
    role: { name: 'resize-role' },
    code: { kind: 'deployed' },
    architecture: 'arm64',
    memoryMegabytes: 1536,
    timeoutSeconds: 60,
    settings: DEFAULT_SETTINGS,
    prefix: '',
    suffixes: ['.jpg', '.JPG'],
  };
  const kinds = (change: Partial<DeploymentTarget>) =>
    targetProblems({ ...target, ...change }).map(({ kind }) => kind);

  it.each([
    [{}, []],
    [{ destinationBucket: 'a/b' }, ['destinationBucket']],
    [{ functionName: 'my function' }, ['function']],
    [{ functionName: 'f'.repeat(65) }, ['function']],
    [{ memoryMegabytes: 127 }, ['function']],
    [{ timeoutSeconds: 901 }, ['function']],
    [{ settings: { ...DEFAULT_SETTINGS, quality: 0 } }, ['function']],
    [{ suffixes: ['.jpg', 'jpg'] }, ['notification']],
    [{ suffixes: ['.jpg', ''] }, ['notification']],
    [{ prefix: 'ü'.repeat(300) }, ['notification']],
  ] as const)('with %o has problems in %o', (change, expected) => {
    expect(kinds(change)).toEqual(expected);
  });
});
