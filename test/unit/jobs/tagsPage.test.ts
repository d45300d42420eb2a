import { describe, expect, it } from 'vitest';
import type { DirectResult } from '../../../src/aws/tagChanges/directEngine.ts';
import type { TagPreview } from '../../../src/aws/tagChanges/previewTags.ts';
import { DEFAULT_PRICES } from '../../../src/aws/cost/prices.ts';
import { changeText } from '../../../src/jobs/tags/changeText.ts';
import { costBlocks } from '../../../src/jobs/tags/costBlocks.ts';
import { failureText } from '../../../src/jobs/tags/failureText.ts';
import { progressText, resultText, tagsPage } from '../../../src/jobs/tags/tagsPage.ts';
import { tags } from '../../support/tagChangeCases.ts';

const PREVIEW: TagPreview = {
  ...{ looked: 1_000, complete: false, changing: 900, unchanged: 97 },
  refused: [
    {
      ...{ status: 400, code: 'TooManyTags', message: 'Object tags cannot be greater than 10' },
      ...{ count: 3, samples: [{ bucket: 'b', key: 'k' }] },
    },
  ],
  examples: [{ object: { bucket: 'b', key: 'x' }, before: [], after: tags('a=1') }],
};
const RESULT: DirectResult = {
  ...{ total: 10, succeeded: 9, failed: 1, unchanged: 2, cancelled: false },
  report: { bucket: 'b', key: 'r/direct-1/manifest.json' },
};
const state = { title: 'T', subtitle: 'S', facts: [], preview: PREVIEW, actions: [] };

describe('the page of a change of tags', () => {
  it('says what a sample would become, and which objects can not be changed and why', () => {
    const text = JSON.stringify(tagsPage(state));
    expect(text).toContain('A sample was checked: the first 1,000 objects.');
    expect(text).toContain('It would have more than 10 tags.');
    expect(text).toContain('s3://b/k');
    expect(text).toContain('"none","a=1"');
  });

  it('warns where nothing would change', () => {
    const preview = { ...PREVIEW, complete: true, changing: 0 };
    expect(JSON.stringify(tagsPage({ ...state, preview }))).toContain('Nothing would change.');
  });

  it('says what each way costs: of the objects, or of a million while nobody knows how many', () => {
    const few = JSON.stringify(
      costBlocks({ ...PREVIEW, complete: true, looked: 5 }, DEFAULT_PRICES),
    );
    expect(few).toContain('Cost and Time for 5 objects');
    expect(few).toContain('["Direct requests","$0.000029"');
    expect(few).toContain('["Batch job with the tagger function","$0.25"');
    const many = JSON.stringify(costBlocks(PREVIEW, DEFAULT_PRICES));
    expect(many).toContain('Cost and Time for 1,000,000 objects');
    expect(many).toContain('"$12.67"');
  });

  it('offers the report and the undoing at the end, and nothing to begin again', () => {
    const begin = { id: 'begin', label: 'Change Tags…' };
    const text = JSON.stringify(tagsPage({ ...state, actions: [begin], result: RESULT }));
    expect(text).toContain('openReport');
    expect(text).toContain('"undo"');
    expect(text).not.toContain('begin');
  });

  it('offers no undoing of what changed nothing', () => {
    const result = { ...RESULT, unchanged: 9 };
    expect(JSON.stringify(tagsPage({ ...state, result }))).not.toContain('"undo"');
  });
});

describe('sentences about a change of tags', () => {
  it('say what became of it', () => {
    expect(resultText(RESULT)).toBe(
      'Tags of 7 objects changed. 2 objects needed no change. 1 object failed.',
    );
    expect(resultText({ ...RESULT, succeeded: 4, unchanged: 0, failed: 0, cancelled: true })).toBe(
      'Tags of 4 objects changed. Stopped: 6 objects not changed.',
    );
  });

  it('say how far it is', () => {
    expect(progressText({ ...RESULT, phase: 'list' })).toBe('10 objects found');
    expect(progressText({ ...RESULT, phase: 'change' })).toBe('10 of 10 objects, 1 failed');
    expect(progressText({ ...RESULT, phase: 'report' })).toBe('Writing the report');
  });

  it.each([
    [{ kind: 'add', tags: tags('a=1', 'b=2') }, 'Set a=1, b=2'],
    [{ kind: 'addMissing', tags: tags('a=1') }, 'Set a=1 where the key is missing'],
    [{ kind: 'rename', from: 'a', to: 'b' }, 'Rename the tag key a to b'],
    [{ kind: 'remove', keys: ['a', 'b'] }, 'Remove the tags a and b'],
    [{ kind: 'removeAll' }, 'Remove all tags'],
    [{ kind: 'replaceAll', tags: tags('a=1') }, 'Replace all tags with a=1'],
  ] as const)('say what %j does', (change, text) => expect(changeText(change)).toBe(text));

  it.each([
    ['KeyExists', 'It already has a tag with the new key.'],
    ['NoSuchKey', 'The object doesn’t exist.'],
    ['AccessDenied', 'Access denied: m'],
    ['InternalError', 'InternalError: m'],
  ])('say why %s', (code, text) =>
    expect(failureText({ status: 400, code, message: 'm' })).toBe(text),
  );
});
