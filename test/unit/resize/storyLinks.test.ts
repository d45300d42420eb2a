import { describe, expect, it } from 'vitest';
import { eventRulesLink, destinationLink } from '../../../src/aws/links/destinationLink.ts';
import { buildStory } from '../../../src/aws/objectStory/buildStory.ts';
import type { StoryFacts } from '../../../src/aws/objectStory/facts.ts';
import { noFacts } from '../../../src/aws/objectStory/readStory.ts';
import { stepLink } from '../../../src/resize/story/stepLink.ts';
import { storyModel } from '../../../src/resize/story/storyModel.ts';

describe('the console’s page of a destination', () => {
  it.each([
    [
      'arn:aws:sqs:eu-west-1:123456789012:new-images',
      'https://eu-west-1.console.aws.amazon.com/sqs/v3/home?region=eu-west-1#/queues/' +
        'https%3A%2F%2Fsqs.eu-west-1.amazonaws.com%2F123456789012%2Fnew-images',
    ],
    [
      'arn:aws-cn:sqs:cn-north-1:123456789012:new-images',
      'https://cn-north-1.console.amazonaws.cn/sqs/v3/home?region=cn-north-1#/queues/' +
        'https%3A%2F%2Fsqs.cn-north-1.amazonaws.com.cn%2F123456789012%2Fnew-images',
    ],
    [
      'arn:aws-us-gov:sns:us-gov-west-1:123456789012:images',
      'https://us-gov-west-1.console.amazonaws-us-gov.com/sns/v3/home?region=us-gov-west-1' +
        '#/topic/arn:aws-us-gov:sns:us-gov-west-1:123456789012:images',
    ],
    [
      'arn:aws:events:eu-west-1:123456789012:event-bus/default',
      'https://eu-west-1.console.aws.amazon.com/events/home?region=eu-west-1#/rules',
    ],
    [
      'arn:aws:lambda:eu-west-1:123456789012:function:on-failure:live',
      'https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/on-failure',
    ],
    [
      'arn:aws:s3:::failed',
      'https://eu-west-1.console.aws.amazon.com/s3/buckets/failed?region=eu-west-1',
    ],
    ['arn:aws-iso:sqs:us-iso-east-1:123456789012:new-images', undefined],
    ['arn:aws:kinesis:eu-west-1:123456789012:stream/x', undefined],
    ['new-images', undefined],
    // A Region that would make another host of it.
    ['arn:aws:sns:evil.example/#:123456789012:x', undefined],
  ])('%s', (arn, link) => {
    expect(destinationLink(arn, 'eu-west-1')).toBe(link);
  });

  it('is a bucket’s Region’s for rules of EventBridge', () => {
    expect(eventRulesLink('cn-northwest-1')).toBe(
      'https://cn-northwest-1.console.amazonaws.cn/events/home?region=cn-northwest-1#/rules',
    );
  });
});

const AT = new Date('2026-11-22T10:00:00Z');

/** What became of an object whose bucket sends its events elsewhere. */
function factsOf(to: { readonly queue?: string; readonly eventBridge: boolean }): StoryFacts {
  const sent = {
    ...{ id: 'all', events: ['s3:ObjectCreated:*'], prefix: '', suffix: '' },
    destination: { kind: 'queue', arn: to.queue ?? '' } as const,
  };
  const notifications = to.queue === undefined ? [] : [sent];
  return {
    ...noFacts({ bucket: 'photos', key: 'a.jpg' }, AT),
    upload: { kind: 'known', value: { at: AT, size: 1, eTag: 'e' } },
    notifications: {
      kind: 'known',
      value: { notifications, eventBridge: to.eventBridge },
    },
  };
}

function actionsOf(facts: StoryFacts, consoleRegion: string | undefined): string[] {
  const story = buildStory(facts, AT);
  const model = storyModel({
    ...{ facts, story, owner: 'me', mode: 'ended' },
    ...(consoleRegion !== undefined && { consoleRegion }),
  });
  const checks = model.blocks.flatMap(block => (block.kind === 'checks' ? block.checks : []));
  return checks.flatMap(({ actions = [] }) => actions.map(({ id, label }) => `${id}: ${label}`));
}

describe('the page of a story', () => {
  const queue = 'arn:aws:sqs:eu-west-1:123456789012:new-images';

  it.each([
    ['a queue', { queue, eventBridge: false }],
    ['Amazon EventBridge', { eventBridge: true }],
  ])('leads to the console where the event went to %s', (_, to) => {
    expect(actionsOf(factsOf(to), 'eu-west-1')).toEqual(['console event: Open in Console']);
    // At another endpoint, or in a partition whose console isn't known.
    expect(actionsOf(factsOf(to), undefined)).toEqual([]);
  });

  it('leads nowhere where nothing was sent', () => {
    expect(actionsOf(factsOf({ eventBridge: false }), 'eu-west-1')).toEqual([]);
  });

  it('leads to where Lambda sends what it gave up', () => {
    const failed = { kind: 'attemptFailed', why: 'failed', attempt: 3, of: 3 } as const;
    const step = {
      kind: 'invocation',
      state: 'failed',
      reason: { ...failed, onFailure: queue },
    } as const;
    expect(stepLink(step, 'eu-west-1')).toBe(destinationLink(queue, 'eu-west-1'));
    expect(stepLink({ ...step, reason: failed }, 'eu-west-1')).toBeUndefined();
  });
});
