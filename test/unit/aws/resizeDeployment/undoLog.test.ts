import { describe, expect, it } from 'vitest';
import { BrigadeError } from '../../../../src/aws/errors.ts';
import { UndoLog, type UndoResult } from '../../../../src/aws/deployment/undoLog.ts';

const undone: string[] = [];
const entry = (what: string, result: UndoResult = 'undone') => ({
  what,
  run: () => {
    undone.push(what);
    return Promise.resolve(result);
  },
});

describe('an undo log', () => {
  it('undoes in reverse, goes on after a failure, and says what is left', async () => {
    undone.length = 0;
    const log = new UndoLog();
    const broken = { what: 'two', run: () => Promise.reject(new Error('denied')) };
    await log.perform(entry('one'), () => Promise.resolve());
    await log.perform(broken, () => Promise.resolve());
    await log.perform(entry('three', 'left'), () => Promise.resolve());
    expect(await log.undoAll()).toEqual({ undone: true, left: ['three', 'two (denied)'] });
    expect(undone).toEqual(['three', 'one']);
    expect(await log.undoAll()).toEqual({ undone: false, left: [] });
  });

  it('says when there was nothing to undo', async () => {
    const log = new UndoLog();
    const write = log.perform(entry('it', 'nothing'), () => Promise.reject(new Error('denied')));
    await expect(write).rejects.toThrow('denied');
    expect(await log.undoAll()).toEqual({ undone: false, left: [] });
  });

  const conflict = (attempts: number) =>
    new BrigadeError('Conflict', 'exists', { cause: { $metadata: { attempts } } });

  it.each([
    ['whose answer did not come', new BrigadeError('Network', 'gone'), ['it']],
    ['where someone else was first', conflict(1), []],
    // The first attempt may have been ours.
    ['that met a conflict at its second attempt', conflict(2), ['it']],
  ])('undoes a write %s: %#', async (_, error, expected) => {
    undone.length = 0;
    const log = new UndoLog();
    await expect(log.perform(entry('it'), () => Promise.reject(error))).rejects.toBe(error);
    await log.undoAll();
    expect(undone).toEqual(expected);
  });
});
