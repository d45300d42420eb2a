import { describe, expect, test } from 'vitest';
import { actionIds } from '../../../src/vscode/page/actionIds.ts';
import { readMessage } from '../../../src/vscode/page/readMessage.ts';

describe('a message of a page', () => {
  test.each([
    [{ kind: 'ready' }],
    [{ kind: 'action', id: 'create' }],
    [{ kind: 'copy', text: 'x' }],
  ])('is read: %j', message => {
    expect(readMessage({ ...message, more: 1 })).toEqual(message);
  });

  test.each([
    [undefined],
    [null],
    ['ready'],
    [{}],
    [{ kind: 'action' }],
    [{ kind: 'copy', text: 1 }],
  ])('is refused: %j', message => {
    expect(readMessage(message)).toBeUndefined();
  });
});

describe('the actions of a page', () => {
  test('are those that can be pressed, wherever they are', () => {
    const ids = actionIds({
      title: '',
      blocks: [
        {
          kind: 'actions',
          actions: [
            { id: 'a', label: '' },
            { id: 'disabled', label: '', isDisabled: true },
          ],
        },
        { kind: 'text', text: '' },
        {
          kind: 'details',
          summary: '',
          blocks: [
            {
              kind: 'checks',
              label: '',
              checks: [
                { status: 'failed', title: '', actions: [{ id: 'b', label: '' }] },
                { status: 'passed', title: '' },
              ],
            },
            { kind: 'facts', facts: [{ term: '', value: { text: '', action: 'c' } }] },
            { kind: 'table', label: '', columns: [], rows: [['', { text: '', action: 'd' }]] },
          ],
        },
      ],
    });
    expect([...ids]).toEqual(['a', 'b', 'c', 'd']);
  });
});
