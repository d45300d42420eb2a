import { expect, test } from 'vitest';
import type { ManagementEvent } from '../../../src/aws/cloudTrail/managementEvents.ts';
import { annotationsOf } from '../../../src/metrics/changeAnnotations.ts';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:resize';

function event(name: string, parameters: ManagementEvent['parameters'], time = 0): ManagementEvent {
  return { name, parameters, time, username: '' };
}

function put(bucketName: string, arn?: string, time = 0): ManagementEvent {
  const configuration = { CloudFunctionConfiguration: { CloudFunction: arn } };
  const NotificationConfiguration = arn === undefined ? '' : configuration;
  return event('PutBucketNotification', { bucketName, NotificationConfiguration }, time);
}

const update = (functionName: unknown, more: object = {}) =>
  event('UpdateFunctionCode20150331v2', { functionName, ...more });

test('deployments are known by name and by ARN, with their kind and who made them', () => {
  const events = [
    update('resize'),
    update(ARN),
    update(`${ARN}:live`),
    { ...event('UpdateFunctionConfiguration20150331v2', { functionName: ARN }), username: 'ada' },
    event('CreateFunction20150331', { functionName: 'resize' }),
    event('DeleteFunction20150331', { functionName: 'resize' }),
  ];
  expect(annotationsOf(events, 'resize').map(({ text }) => text)).toEqual([
    ...['Code updated', 'Code updated', 'Code updated', 'Configuration changed by ada'],
    ...['Function created', 'Function deleted'],
  ]);
});

test('dry runs, other functions and events without a name are no deployments', () => {
  const events = [update('resize', { dryRun: true }), update('resize-2'), update(undefined)];
  expect(annotationsOf(events, 'resize')).toEqual([]);
});

test('a removal is known by the configuration before it, of whatever version of the function', () => {
  const events = [
    put('a', undefined, 3),
    put('a', `${ARN}:live`, 2),
    put('b', `${ARN}-2`),
    put('c'),
  ];
  expect(annotationsOf(events, 'resize')).toEqual([
    { time: 3, kind: 'notification', text: 'Event notifications of a changed' },
    { time: 2, kind: 'notification', text: 'Event notifications of a changed' },
  ]);
});

test('a name that is no pattern, and parameters of any shape, are no failure', () => {
  const odd = event('PutBucketNotification', { bucketName: [`${ARN}(":function:(`] });
  expect(annotationsOf([put('a', ARN), odd, update(['x'])], '(')).toEqual([]);
});
