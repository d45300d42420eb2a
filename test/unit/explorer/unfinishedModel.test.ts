import { describe, expect, it } from 'vitest';
import {
  MAX_SHOWN,
  unfinishedModel,
  type UploadEntry,
} from '../../../src/explorer/unfinished/unfinishedModel.ts';

function entry(at: number, more: Partial<UploadEntry> = {}): UploadEntry {
  const upload = { bucket: 'photos', key: `a\n${at}`, uploadId: `id${at}`, initiator: 'ann' };
  return { upload, isWorking: false, bytes: 1024, ...more };
}

function model(entries: readonly UploadEntry[], isMeasuring = false) {
  const { blocks } = unfinishedModel({
    ...{ bucket: 'photos', owner: 'Sandbox', readAt: new Date(0), entries, isMeasuring },
  });
  const table = blocks.find(block => block.kind === 'table');
  const texts = blocks.flatMap(block => (block.kind === 'text' ? [block.text] : []));
  const actions = blocks.flatMap(block => (block.kind === 'actions' ? block.actions : []));
  return { rows: table?.rows ?? [], texts, ids: actions.map(({ id }) => id), actions };
}

describe('the page of incomplete multipart uploads', () => {
  it('says that there are none, and offers nothing but to look again', () => {
    expect(model([]).ids).toEqual(['refresh']);
    expect(model([]).rows).toEqual([]);
  });

  it('resumes what has a file, aborts any, and marks what runs', () => {
    const { rows, actions } = model([
      entry(1),
      entry(2, { source: 'file:///a' }),
      entry(3, { isWorking: true, source: 'file:///b' }),
    ]);
    expect(rows.map(row => row[0])).toEqual(['a\\n1', 'a\\n2', 'a\\n3']);
    expect(rows.map(row => row[5])).toEqual(['Interrupted', 'Interrupted', 'Being uploaded now']);
    expect(rows.map(row => row[6])).toEqual([
      ...['Local file unknown', { text: 'Resume', action: 'resume id2' }, ''],
    ]);
    expect(rows.map(row => row[7])).toEqual(
      [1, 2, 3].map(at => ({ text: 'Abort…', action: `abort id${at}` })),
    );
    expect(actions.find(({ id }) => id === 'abortAll')?.label).toBe('Abort All 2…');
  });

  it('says what another program may be uploading', () => {
    const activeAt = (minutes: number) => ({ activeAt: new Date(-minutes * 60_000) });
    const { rows } = model([
      entry(1, activeAt(59)),
      entry(2, activeAt(61)),
      entry(3, { ...activeAt(1), task: 't', source: 'file:///a' }),
      entry(4, { ...activeAt(1), task: 't', isWorking: true }),
      entry(5, { task: 't' }),
    ]);
    expect(rows.map(row => row[5])).toEqual([
      ...['Active elsewhere within the last hour', 'Interrupted', 'Interrupted'],
      ...['Being uploaded now', 'Interrupted'],
    ]);
    expect(rows.map(row => row[6])).toEqual([
      ...['Local file unknown', 'Local file unknown'],
      ...[{ text: 'Resume', action: 'resume id3' }, '', { text: 'Resume', action: 'resume id5' }],
    ]);
  });

  it('does not abort all where all are being uploaded', () => {
    expect(model([entry(1, { isWorking: true })]).ids).toEqual(['refresh']);
  });

  it('says what they hold as far as that is known', () => {
    expect(model([entry(1), entry(2)]).texts[0]).toBe(
      '2 incomplete multipart uploads: 2 KB that you pay for but that bucket listings don’t show.',
    );
    const unknown = [entry(1), entry(2, { bytes: undefined })];
    expect(model(unknown, true).texts[0]).toMatch(/more sizes are being read/);
    expect(model(unknown).texts[0]).toMatch(/at least 1 KB/);
    expect(model(unknown).rows[1]?.[1]).toBe('…');
  });

  it('shows the first of very many, and counts all', () => {
    const { rows, texts } = model(Array.from({ length: 1200 }, (_, at) => entry(at)));
    expect(rows).toHaveLength(MAX_SHOWN);
    expect(texts[0]).toMatch(/^1,200 incomplete/);
    expect(texts).toContain('The first 500 of 1,200 are shown.');
  });
});
