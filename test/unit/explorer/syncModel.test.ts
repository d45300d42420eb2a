import { describe, expect, it } from 'vitest';
import { syncModel, syncQuestion, type SyncState } from '../../../src/explorer/sync/syncModel.ts';

const none = { count: 0, bytes: 0, first: [] };
const some = (count: number) => ({
  ...{ count, bytes: count * 1024 },
  first: Array.from({ length: Math.min(count, 20) }, (_, at) => ({ path: `a\n${at}`, size: 1024 })),
});

function page(more: Partial<SyncState> = {}) {
  const state: SyncState = {
    place: { direction: 'up', bucket: 'site', prefix: 'a b/', folder: '/home/me/site' },
    ...{ owner: 'Sandbox', comparedAt: new Date(0), comparison: 'time' },
    ...{ isDeleting: false, isRun: false },
    summary: {
      ...{ created: some(30), changed: some(2), deleted: some(5), same: some(100) },
      skipped: { count: 1, first: [{ path: '../up', reason: 'noFileName' }] },
    },
    ...more,
  };
  const model = syncModel(state);
  const actions = model.blocks.flatMap(block => (block.kind === 'actions' ? block.actions : []));
  const [text] = model.blocks.flatMap(block => (block.kind === 'text' ? [block.text] : []));
  const details = model.blocks.flatMap(block => (block.kind === 'details' ? [block] : []));
  return {
    ...{ model, text, details },
    action: (id: string) => actions.find(one => one.id === id),
  };
}

describe('the page of a sync', () => {
  it('says what it would do, and deletes nothing unasked', () => {
    const { model, text, action } = page();
    expect(model.title).toBe('Sync /home/me/site to s3://site/a b/');
    expect(text).toBe(
      'Nothing has been changed yet. Sync Now copies 32 files (32 KB) and deletes none.',
    );
    expect(action('toggleDelete')?.label).toBe('☐ Delete From S3 (5)');
    expect(action('sync')?.isDisabled).toBe(false);
  });

  it('counts what is deleted once that is asked for', () => {
    const { text, action } = page({ isDeleting: true });
    expect(text).toMatch(/copies 32 files \(32 KB\) and deletes 5\.$/);
    expect(action('toggleDelete')?.label).toBe('☑ Delete From S3 (5)');
  });

  it('counts a single file as one', () => {
    const summary = { created: some(1), changed: none, same: none, deleted: some(2) };
    const state = { summary: { ...summary, skipped: { count: 0, first: [] } } };
    expect(page(state).text).toMatch(/copies 1 file \(1 KB\) and deletes none\.$/);
    expect(page({ ...state, isDeleting: true }).text).toMatch(/copies 1 file .+ deletes 2\.$/);
  });

  it.each([
    [0, 1, 'Delete a file in /site?'],
    [0, 2, 'Delete 2 files in /site?'],
    [1, 0, 'Overwrite a file in /site?'],
    [1200, 0, 'Overwrite 1,200 files in /site?'],
    [3, 2, 'Overwrite 3 and delete 2 files in /site?'],
  ])('asks before %i are overwritten and %i deleted', (overwritten, deleted, question) => {
    expect(syncQuestion(overwritten, deleted, '/site')).toBe(question);
  });

  it('has nothing to do where all is there, unless what is too much is to go', () => {
    const summary = { ...{ created: none, changed: none, same: some(3), deleted: some(1) } };
    const skipped = { count: 0, first: [] };
    const state = { summary: { ...summary, skipped } };
    expect(page(state).action('sync')?.isDisabled).toBe(true);
    expect(page(state).text).toMatch(/^Nothing to do/);
    expect(page({ ...state, isDeleting: true }).action('sync')?.isDisabled).toBe(false);
  });

  it('names the first of each, with every character visible, and counts the rest', () => {
    const { details } = page();
    expect(details.map(({ summary }) => summary)).toEqual([
      ...['New (30)', 'Changed, to be overwritten (2)', 'Only at the destination, kept (5)'],
      'Skipped (1)',
    ]);
    const [table, more] = details[0]?.blocks ?? [];
    expect(table?.kind === 'table' && table.rows[0]).toEqual(['a\\n0', '1 KB']);
    expect(more?.kind === 'text' && more.text).toBe('… and 10 more');
  });

  it('can be run once for each comparison', () => {
    const { text, action } = page({ isRun: true });
    expect(action('sync')?.isDisabled).toBe(true);
    expect(action('toggleDelete')?.isDisabled).toBe(true);
    expect(text).toMatch(/Transfers view/);
  });

  it('deletes local files where it goes down', () => {
    const place = { direction: 'down', bucket: 'b', prefix: '', folder: '/x' } as const;
    const { model, action } = page({ place });
    expect(model.title).toBe('Sync s3://b/ to /x');
    expect(action('toggleDelete')?.label).toBe('☐ Delete Local Files (5)');
  });
});
