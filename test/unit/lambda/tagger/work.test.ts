import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectOf, undoTaskOf } from '../../../../lambda/tagger/task.ts';
import { recordAddress } from '../../../../lambda/tagger/record.ts';
import { readWork } from '../../../../lambda/tagger/work.ts';
import { invocationProblem } from '../../../../src/aws/batchJobs/jobRules.ts';
import { decodeManifestKey, encodeManifestKey } from '../../../../src/aws/manifest/manifestKey.ts';
import { toPairs } from '../../../../src/aws/tagChanges/formerTags.ts';
import type { TagChange } from '../../../../src/aws/tagChanges/tagChange.ts';
import {
  parseTaggerArguments,
  taggerArguments,
  type TaggerWork,
} from '../../../../src/aws/taggerFunction/taggerArguments.ts';
import { recordFolder, recordName } from '../../../../src/aws/taggerFunction/tagRecord.ts';
import {
  keyOfUndoCell,
  recordCell,
  undoCell,
} from '../../../../src/aws/taggerFunction/undoCell.ts';

/** What the extension writes and what the tagger reads of it. */

const character = fc.constantFrom('a', 'é', '字', '𝒳', ' ', '=', '+', '-', '@', '/', '.', '9');
const text = (maxLength: number) =>
  fc.string({ unit: character, maxLength }).filter(each => each.length <= maxLength);
const tag = fc.record({ key: text(128), value: text(256) });
const set = fc.uniqueArray(tag, { selector: ({ key }) => key, maxLength: 10 });
const action: fc.Arbitrary<TaggerWork['action']> = fc.oneof(
  fc.record({ kind: fc.constantFrom('add', 'addMissing', 'replaceAll'), tags: set }),
  fc.record({ kind: fc.constant('rename' as const), from: text(128), to: text(128) }),
  fc.record({ kind: fc.constant('remove' as const), keys: fc.array(text(128), { maxLength: 10 }) }),
  fc.constant({ kind: 'removeAll' as const } satisfies TagChange),
  fc.record({
    kind: fc.constant('undo' as const),
    whenChanged: fc.constantFrom('keep', 'overwrite'),
  }),
);

describe('the user arguments of a job', () => {
  it('are what CreateJob takes, and mean the same to the tagger', () => {
    const work = fc.record({
      action,
      report: fc.constantFrom(
        { bucket: 'reports' },
        { bucket: 'reports', prefix: 'a b/ü' },
        { bucket: 'reports', prefix: 'a/' },
      ),
      record: fc.constantFrom('always' as const, 'large' as const),
    });
    fc.assert(
      fc.property(work, each => {
        const userArguments = taggerArguments(each);
        const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:f';
        const invocation = { functionArn, schemaVersion: '2.0', userArguments } as const;
        expect(invocationProblem(invocation)).toBeUndefined();
        for (const value of Object.values(userArguments)) {
          expect(value).toBe(value.trim());
          expect(value.isWellFormed()).toBe(true);
        }
        const { prefix = '' } = each.report;
        const report = { bucket: 'reports', prefix: prefix.replace(/\/$/, '') };
        const read = readWork(userArguments);
        const pairs =
          'tags' in each.action ? { ...each.action, tags: toPairs(each.action.tags) } : each.action;
        expect(read).toEqual({ action: pairs, report, record: each.record });
        expect(parseTaggerArguments(userArguments)).toMatchObject({
          action: each.action,
          record: each.record,
        });
      }),
      { numRuns: 300 },
    );
  });

  it('hold the longest tags that S3 takes', () => {
    const tags = Array.from({ length: 10 }, (_, at) => ({
      key: `${at}${'字'.repeat(127)}`,
      value: ' '.repeat(256),
    }));
    const change = { kind: 'add', tags } as const;
    const work = { action: change, report: { bucket: 'b' }, record: 'always' } as const;
    expect(readWork(taggerArguments(work)).action).toEqual({ ...change, tags: toPairs(tags) });
  });

  it('refuse what no job can carry', () => {
    const keys = Array.from({ length: 100 }, (_, at) => `${at}${'k'.repeat(120)}`);
    const work = { action: { kind: 'remove', keys }, report: { bucket: 'b' }, record: 'large' };
    expect(() => taggerArguments(work as TaggerWork)).toThrow(/too long/);
  });

  it.each([
    [{}, 'version'],
    [{ tagger: '2' }, 'version'],
    [{ tagger: '1', report: 'b' }, 'report'],
    [{ tagger: '1', report: 's3://b' }, 'record'],
    [{ tagger: '1', report: 's3://b', record: 'large' }, 'change1'],
    [{ tagger: '1', report: 's3://b', record: 'large', change1: '{"kind":"grow"}' }, 'change1'],
    [{ tagger: '1', report: 's3://b', record: 'large', change1: 'null' }, 'change1'],
    [{ tagger: '1', report: 's3://b', record: 'large', change1: '{"kind":"add"}' }, 'change1'],
  ])('that are others are refused: %j', (given, word) => {
    expect(() => readWork(given)).toThrow(word);
    expect(parseTaggerArguments(given as Record<string, string>)?.action).not.toMatchObject({
      kind: 'add',
      tags: expect.anything() as unknown,
    });
  });
});

const AWKWARD = [
  'a',
  'a b+c%2F',
  '{"k":"x"}',
  '../../é字𝒳',
  '/',
  ' ',
  "!'()*~",
  'a\nb',
  '"',
  '=&?#',
];

describe('a row of an undo', () => {
  const task = (s3Key: string) => ({ taskId: 't', s3Key, s3VersionId: null, s3Bucket: 'b' });

  it('carries the tags that were changed, whatever the key', () => {
    fc.assert(
      fc.property(fc.constantFrom(...AWKWARD), set, set, (key, before, after) => {
        const cell = undoCell(key, { before, after });
        if (cell === undefined) return;
        expect(cell.length).toBeLessThanOrEqual(1024);
        const { object, former } = undoTaskOf(task(cell));
        expect(object).toMatchObject({ bucket: 'b', key });
        expect(former).toHaveProperty('changed');
        expect(keyOfUndoCell(decodeManifestKey(cell) ?? '')).toBe(key);
      }),
    );
  });

  it('carries the whole set where nobody knows what was left', () => {
    const cell = undoCell('k', { before: [{ key: 'a', value: '1' }] });
    expect(undoTaskOf(task(cell!)).former).toEqual({ whole: [['a', '1']] });
  });

  it('names the record where the tags don’t fit, and the key where it does', () => {
    const long = Array.from({ length: 10 }, (_, at) => ({ key: `k${at}`, value: 'v'.repeat(256) }));
    expect(undoCell('k', { before: long, after: [] })).toBeUndefined();
    expect(undoTaskOf(task(recordCell('k', 'job-1/before/x.json')!))).toEqual({
      object: { bucket: 'b', key: 'k', versionId: undefined },
      former: { recordKey: 'job-1/before/x.json' },
    });
    const { object } = undoTaskOf(task(recordCell('ü'.repeat(500), 'job-1/before/x.json')!));
    expect(object.key).toBe('');
  });

  it.each(['a', '{}', '{"k":"a"}', '{"k":"a","t":[["x"]]}', '{"k":"a","c":[["x",1,null]]}', '[]'])(
    'that is none is refused: %s',
    text => {
      expect(() => undoTaskOf(task(encodeManifestKey(text)))).toThrow(/can't be read/);
    },
  );
});

describe('a record', () => {
  it.each(AWKWARD)('is where the extension looks for it: %j', key => {
    for (const versionId of [undefined, 'v1']) {
      const object = { bucket: 'b', key, versionId };
      const prefix = recordFolder('reports/', 'j');
      expect(prefix).toBe('reports/job-j/before/');
      expect(recordAddress({ bucket: 'r', prefix }, object).key).toBe(prefix + recordName(object));
    }
  });

  it('is of the key that the row has, as S3 decodes it', () => {
    const task = { taskId: 't', s3Key: 'a+b%2Bc%C3%BC', s3VersionId: '', s3Bucket: 'b' };
    expect(objectOf(task)).toEqual({ bucket: 'b', key: 'a b+cü', versionId: undefined });
    expect(() => objectOf({ ...task, s3Key: '%zz' })).toThrow(/can't be read/);
  });
});
