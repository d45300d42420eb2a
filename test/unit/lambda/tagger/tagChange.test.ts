import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../../../lambda/tagger/fault.ts';
import { changedBetween, revert } from '../../../../lambda/tagger/revert.ts';
import { applyChange, type Changed } from '../../../../lambda/tagger/tagChange.ts';
import { fromPairs, toPairs } from '../../../../src/aws/tagChanges/formerTags.ts';
import { revertTagChange } from '../../../../src/aws/tagChanges/revert.ts';
import {
  applyTagChange,
  type AppliedChange,
  type TagChange,
} from '../../../../src/aws/tagChanges/tagChange.ts';
import { TAG_CHANGE_CASES, tag } from '../../../support/tagChangeCases.ts';

/** The tagger has the extension's algebra as its own code: each case is held against both. */

/** The same change as the tagger gets it. */
function forTagger(change: TagChange) {
  return 'tags' in change ? { ...change, tags: toPairs(change.tags) } : change;
}

/** What the tagger makes of it, in the extension's words: the code of a fault for its problem. */
function outcomeOf(run: () => Changed): unknown {
  try {
    const { after, changed } = run();
    return { after: fromPairs(after), changed };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    expect(error.isTemporary).toBe(false);
    return { problem: error.name };
  }
}

function expectedOf(applied: AppliedChange): unknown {
  if (!('problem' in applied)) return applied;
  const { problem } = applied;
  switch (problem.kind) {
    case 'keyExists':
      return { problem: 'KeyExists' };
    case 'changedSince':
      return { problem: 'ChangedSince' };
    case 'formerTagsLost':
      return { problem: 'FormerTagsLost' };
    case 'rule':
      return { problem: problem.problem.problem === 'tooMany' ? 'TooManyTags' : 'InvalidTag' };
  }
}

describe('a change of tags', () => {
  it.each(TAG_CHANGE_CASES)('$name', ({ before, change, after }) => {
    const former = before.map(tag);
    const outcome = outcomeOf(() => applyChange(toPairs(former), forTagger(change)));
    expect(outcome).toEqual(expectedOf(applyTagChange(former, change)));
    const wanted =
      'problem' in after ? { problem: expect.any(String) as unknown } : { after: after.map(tag) };
    expect(outcome).toMatchObject(wanted);
  });

  const text = fc.constantFrom(
    'a',
    'b',
    'c',
    'ü',
    'x=y',
    'aws:z',
    '',
    'k'.repeat(129),
    'new\nline',
  );
  const anyTag = fc.record({ key: text, value: text });
  const set = fc.uniqueArray(anyTag, { selector: ({ key }) => key, maxLength: 12 });
  const change: fc.Arbitrary<TagChange> = fc.oneof(
    fc.record({ kind: fc.constantFrom('add', 'addMissing', 'replaceAll'), tags: fc.array(anyTag) }),
    fc.record({ kind: fc.constant('rename' as const), from: text, to: text }),
    fc.record({ kind: fc.constant('remove' as const), keys: fc.array(text) }),
    fc.constant({ kind: 'removeAll' as const }),
  );

  it('is the same in the extension and in the tagger, whatever it is', () => {
    fc.assert(
      fc.property(set, change, (before, each) => {
        const applied = applyTagChange(before, each);
        const ours = outcomeOf(() => applyChange(toPairs(before), forTagger(each)));
        expect(ours).toEqual(expectedOf(applied));
      }),
      { numRuns: 2000 },
    );
  });

  it('is undone alike', () => {
    const whenChanged = fc.constantFrom('keep' as const, 'overwrite' as const);
    fc.assert(
      fc.property(set, set, set, whenChanged, fc.boolean(), (now, before, left, when, isKnown) => {
        const after = isKnown ? left : undefined;
        const reverted = revertTagChange(now, { before, ...(after && { after }) }, when);
        const former = isKnown
          ? { changed: changedBetween(toPairs(before), toPairs(left)) }
          : { whole: toPairs(before) };
        const ours = outcomeOf(() => revert(toPairs(now), former, when));
        expect(ours).toEqual(expectedOf(reverted));
      }),
      { numRuns: 2000 },
    );
  });
});
