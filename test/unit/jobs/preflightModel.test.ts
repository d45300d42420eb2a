import { describe, expect, test } from 'vitest';
import { estimateDirect } from '../../../src/aws/cost/estimateDirect.ts';
import { estimateJob } from '../../../src/aws/cost/estimateJob.ts';
import { DEFAULT_PRICES } from '../../../src/aws/cost/prices.ts';
import { BrigadeError } from '../../../src/aws/errors.ts';
import type { Check, CheckReason } from '../../../src/aws/preflight/check.ts';
import { checkText } from '../../../src/jobs/preflight/checkText.ts';
import { costBlocks } from '../../../src/jobs/preflight/costBlocks.ts';
import {
  preflightModel,
  fixOfButton,
  verdictText,
} from '../../../src/jobs/preflight/preflightModel.ts';
import { actionIds } from '../../../src/vscode/page/actionIds.ts';

const check = (status: Check['status'], reason: CheckReason, more: Partial<Check> = {}): Check => ({
  ...{ id: 'manifest', status, subject: 's3://b/m.csv', reason },
  ...more,
});

const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:make-thumbnails';
const EVENT = {
  ...{ bucket: 'b', destination: FUNCTION, event: 's3:ObjectTagging:Put' },
  ...{ count: 1_000_000, isExact: true, isReport: false },
};

describe('a reason', () => {
  test.each<[CheckReason, RegExp]>([
    [{ kind: 'events', event: EVENT }, /^Each object triggers make-thumbnails .*: 1,000,000 times/],
    [{ kind: 'events', event: { ...EVENT, isExact: false } }, /up to 1,000,000 times/],
    [{ kind: 'events', event: { ...EVENT, destination: undefined } }, /Amazon EventBridge/],
    [{ kind: 'events', event: { ...EVENT, isReport: true } }, /^Each file of the report/],
    [{ kind: 'limit', limit: 'description', most: 256 }, /1 to 256 characters/],
    [{ kind: 'objectsMissing', missing: 2, asked: 2 }, /^None of 2 objects exists/],
    [{ kind: 'objectsNotAsked', rows: 5000 }, /5,000 requests/],
    [
      { kind: 'error', error: new BrigadeError('AccessDenied', '', { action: 's3:GetObject' }) },
      /s3:GetObject/,
    ],
    [
      {
        ...{ kind: 'notAllowed', purpose: 'tag' },
        missing: [{ action: 's3:PutObjectTagging', resource: 'arn:aws:s3:::b/*', isDenied: true }],
      },
      /No object would be tagged\. It lacks s3:PutObjectTagging on arn:aws:s3:::b\/\*\.\nA policy denies it/,
    ],
    [
      { kind: 'otherRegion', part: 'report', region: 'eu-west-1', jobRegion: 'us-east-1' },
      /in eu-west-1, but the job must be in us-east-1/,
    ],
  ])('is a sentence: %j', (reason, sentence) => {
    expect(checkText(check('failed', reason))).toMatch(sentence);
  });
});

describe('the page', () => {
  const checks = [
    check('passed', { kind: 'rows', rows: 3 }),
    check('unchecked', { kind: 'rowsUnknown' }),
    check('failed', { kind: 'staleETag', found: 'x' }, { fixes: [{ kind: 'renewManifest' }] }),
    check('warned', { kind: 'noReport' }, { fixes: [{ kind: 'chooseReport' }] }),
  ];
  const model = preflightModel({
    ...{ name: 'Tag', where: 'AWS', checks, request: {} as never },
    actions: [{ id: 'create', label: 'Create Job' }],
    canFix: ({ kind }) => kind !== 'chooseReport',
  });

  test('says first how it ended, and shows the worst first', () => {
    expect(verdictText(checks)).toBe('1 failed · 1 warning · 1 not checked · 1 passed');
    const shown = model.blocks.find(block => block.kind === 'checks');
    expect(shown?.checks.map(({ status }) => status)).toEqual([
      ...['failed', 'warned', 'unchecked', 'passed'],
    ]);
  });

  test('has a button for each fix that can be made', () => {
    const ids = [...actionIds(model)];
    expect(ids).toContain('fix:2:0');
    expect(ids).not.toContain('fix:3:0');
    expect(fixOfButton('fix:2:0', checks)).toEqual({ kind: 'renewManifest' });
    expect(fixOfButton('create', checks)).toBeUndefined();
    expect(fixOfButton('fix:9:9', checks)).toBeUndefined();
  });

  test('lets nobody create a job before it was looked at', () => {
    const waiting = preflightModel({
      ...{ name: 'Tag', where: 'AWS', request: {} as never, canFix: () => true },
      actions: [{ id: 'create', label: 'Create Job' }],
    });
    expect(actionIds(waiting).size).toBe(0);
  });
});

describe('the cost', () => {
  const operation = { name: 'S3PutObjectTagging', tags: [] } as const;

  test('is shown with its arithmetic, and beside that of direct requests', () => {
    const blocks = costBlocks({
      job: estimateJob({ operation, objects: 1000 }, DEFAULT_PRICES),
      direct: estimateDirect(1000, DEFAULT_PRICES),
    });
    const table = blocks.find(block => block.kind === 'table');
    expect(table?.rows).toEqual([
      ['Batch job', '1 × $0.25', '$0.25'],
      ['Objects of the job', '1,000 × $1.00 per 1,000,000', '$0.001'],
      ['PutObjectTagging requests', '1,000 × $0.005 per 1,000', '$0.005'],
      ['Total', '', '$0.26'],
    ]);
    const texts = blocks.flatMap(block => (block.kind === 'text' ? [block.text] : []));
    expect(texts.at(-1)).toContain('$0.0058 instead of $0.26');
  });

  test('is not known where nobody has counted the objects', () => {
    const [, note] = costBlocks(undefined);
    expect(note).toMatchObject({ kind: 'text', tone: 'muted' });
  });
});
