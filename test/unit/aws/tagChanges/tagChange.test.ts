import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tag } from '../../../../src/aws/objects/tagRules.ts';
import { formatResult, parseResult } from '../../../../src/aws/tagChanges/formerTags.ts';
import { revertTagChange } from '../../../../src/aws/tagChanges/revert.ts';
import {
  applyTagChange,
  changeProblem,
  sameTags,
  type AppliedChange,
  type TagChange,
} from '../../../../src/aws/tagChanges/tagChange.ts';
import { TAG_CHANGE_CASES, tag, tags } from '../../../support/tagChangeCases.ts';

const texts = (applied: AppliedChange): string[] | { problem: string } => {
  if ('after' in applied) return applied.after.map(({ key, value }) => `${key}=${value}`);
  const { problem } = applied;
  return { problem: problem.kind === 'rule' ? problem.problem.problem : problem.kind };
};

describe('a change of tags', () => {
  it.each(TAG_CHANGE_CASES)('$name', ({ before, change, after }) => {
    const applied = applyTagChange(before.map(tag), change);
    expect(texts(applied)).toEqual(after);
    const same = Array.isArray(after) && sameTags(before.map(tag), after.map(tag));
    if ('changed' in applied) expect(applied.changed).toBe(!same);
  });

  const key = fc.constantFrom('a', 'b', 'c', 'd');
  const value = fc.constantFrom('', '1', '2');
  const set: fc.Arbitrary<Tag[]> = fc.uniqueArray(fc.record({ key, value }), {
    selector: ({ key: one }) => one,
  });
  const changes: fc.Arbitrary<TagChange> = fc.oneof(
    set.map(list => ({ kind: 'add' as const, tags: list })),
    set.map(list => ({ kind: 'addMissing' as const, tags: list })),
    set.map(list => ({ kind: 'replaceAll' as const, tags: list })),
    fc.record({ kind: fc.constant('rename' as const), from: key, to: key }),
    fc.record({ kind: fc.constant('remove' as const), keys: fc.array(key) }),
    fc.constant({ kind: 'removeAll' as const }),
  );

  it('made twice is the same as once', () => {
    fc.assert(
      fc.property(set, changes, (before, change) => {
        const once = applyTagChange(before, change);
        if ('problem' in once) return;
        const twice = applyTagChange(once.after, change);
        expect(twice).toMatchObject({ changed: false });
      }),
    );
  });

  it('is undone, and keeps what others have added since', () => {
    fc.assert(
      fc.property(set, changes, (before, change) => {
        const done = applyTagChange(before, change);
        if ('problem' in done) return;
        const { after } = done;
        const undone = revertTagChange([...after, tag('theirs=1')], { before, after }, 'keep');
        expect('after' in undone && sameTags(undone.after, [...before, tag('theirs=1')])).toBe(
          true,
        );
      }),
    );
  });
});

describe('undoing', () => {
  const former = { before: tags('a=1', 'b=1'), after: tags('a=2') };
  it.each([
    ['what the change left', ['a=2'], ['a=1', 'b=1']],
    ['what is undone already', ['a=1', 'b=1'], ['a=1', 'b=1']],
    ['what someone undid in part', ['a=1'], ['a=1', 'b=1']],
    ['a tag that was changed since', ['a=3'], { problem: 'changedSince' }],
    ['a tag that was removed since', [], { problem: 'changedSince' }],
  ])('%s', (_, current, after) => {
    const undone = revertTagChange(current.map(tag), former, 'keep');
    const found = texts(undone);
    expect(Array.isArray(found) ? found.toSorted() : found).toEqual(after);
  });

  it('writes over what was changed since when it is told to', () => {
    expect(texts(revertTagChange(tags('a=3', 'c=1'), former, 'overwrite'))).toEqual([
      'c=1',
      'a=1',
      'b=1',
    ]);
  });

  it('restores the whole set where nobody knows what the change left', () => {
    expect(texts(revertTagChange(tags('a=3', 'c=1'), { before: former.before }, 'keep'))).toEqual([
      'a=1',
      'b=1',
    ]);
  });

  it('refuses an eleventh tag', () => {
    const nine = Array.from({ length: 9 }, (_, at) => `k${at}=v`);
    const undone = revertTagChange(tags('a=2', ...nine), former, 'keep');
    expect(texts(undone)).toEqual({ problem: 'tooMany' });
  });
});

describe('what a result says of former tags', () => {
  it('is read as it was written', () => {
    const before = tags('größe=groß', 'a="=1');
    expect(parseResult(formatResult({ before }, 'before/1.csv'))).toEqual({ before });
    const after = tags('b=2');
    expect(parseResult(formatResult({ before, after }, ''))).toEqual({ before, after });
  });

  it('is where they are when they do not fit', () => {
    const before = Array.from({ length: 10 }, (_, at) => tag(`k${at}=${'x'.repeat(256)}`));
    const text = formatResult({ before }, 'reports/before/1.csv');
    expect(parseResult(text)).toEqual({ beforeKey: 'reports/before/1.csv' });
  });

  it.each(['', 'Successful', '{', '{"before":1}', '{"before":[["a"]]}', '[]'])(
    'is nothing in %j',
    text => expect(parseResult(text)).toBeUndefined(),
  );
});

describe('a change that is wrong whatever the object', () => {
  it.each<[TagChange, unknown]>([
    [{ kind: 'add', tags: [] }, 'empty'],
    [{ kind: 'remove', keys: [] }, 'empty'],
    [{ kind: 'rename', from: '', to: 'a' }, 'empty'],
    [{ kind: 'replaceAll', tags: [] }, undefined],
    [{ kind: 'removeAll' }, undefined],
    [{ kind: 'rename', from: 'a', to: 'b' }, undefined],
  ])('%j', (change, problem) => expect(changeProblem(change)).toEqual(problem));

  it('breaks a rule with its own tags', () => {
    const problem = changeProblem({ kind: 'add', tags: tags('a=1', 'a=2') });
    expect(problem).toMatchObject({ kind: 'rule', problem: { problem: 'duplicate', index: 1 } });
  });
});
