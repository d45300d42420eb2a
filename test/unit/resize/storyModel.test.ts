import { describe, expect, it } from 'vitest';
import type { StoryFacts } from '../../../src/aws/objectStory/facts.ts';
import type { Step, StepKind, StepReason } from '../../../src/aws/objectStory/story.ts';
import { storyModel } from '../../../src/resize/story/storyModel.ts';

const KINDS: readonly StepKind[] = ['uploaded', 'event', 'function', 'invocation', 'resized'];
const AT = new Date(2026, 10, 22, 10, 0, 5, 837);

const facts = {
  ...{ object: { bucket: 'photos', key: 'cat.jpg' }, since: AT, results: [] },
  upload: { kind: 'known', value: { at: AT, size: 5, eTag: 'e1' } },
  notifications: { kind: 'known', value: { notifications: [], eventBridge: false } },
  log: { kind: 'unknown' },
} as unknown as StoryFacts;

/** The page of a story that stands at a step. */
function page(kind: StepKind, state: 'failed' | 'waiting', reason?: StepReason) {
  const steps = KINDS.map((each, at): Step => {
    const isBefore = at < KINDS.indexOf(kind);
    if (each === kind) return { kind: each, state, ...(reason && { reason }) };
    return { kind: each, state: isBefore ? 'done' : 'pending' };
  });
  const story = { steps, isOver: state === 'failed', until: AT };
  const mode = state === 'failed' ? 'ended' : 'following';
  const { blocks } = storyModel({ facts, story, owner: 'Sandbox', mode });
  const [text] = blocks.flatMap(block => (block.kind === 'text' ? [block.text] : []));
  const actions = blocks.flatMap(block => (block.kind === 'actions' ? block.actions : []));
  return { text, actions: actions.map(({ id }) => id) };
}

describe('the page of an object’s story', () => {
  it('offers to deploy where a new deployment may help, and not for what is no image', () => {
    const refused = { kind: 'notResized', isSkip: false, errorType: 'NotAnImage' } as const;
    expect(page('resized', 'failed', refused).actions).not.toContain('deploy');
    const missing = { kind: 'bucketMissing', bucket: 'photos-resized' } as const;
    expect(page('resized', 'failed', missing).actions).toContain('deploy');
    expect(page('function', 'failed', { kind: 'functionMissing' }).actions).toContain('deploy');
  });

  it('says to the second until when it waits', () => {
    expect(page('invocation', 'waiting').text).toMatch(
      /^Waiting for “Invocation”, until 10:00:05\sAM at the latest\.$/,
    );
  });
});
