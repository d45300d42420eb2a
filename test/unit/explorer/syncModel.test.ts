import { describe, expect, it } from 'vitest';
import { syncModel, type SyncState } from '../../../src/explorer/sync/syncModel.ts';

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
