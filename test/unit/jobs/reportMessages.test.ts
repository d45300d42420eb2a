import { describe, expect, it } from 'vitest';
import { isReportState, readReportMessage } from '../../../src/jobs/report/reportMessages.ts';
import { WebviewMessageError } from '../../../src/vscode/webviewMessages.ts';

const state = { target: { jobId: 'a-1', region: 'us-east-1' }, query: {} };
const rows = { kind: 'request', id: 3, method: 'rows', params: { view: 1, from: 0, count: 100 } };

describe('messages of a report’s page', () => {
  it.each([
    { kind: 'ready' },
    { kind: 'cancel', id: 3 },
    { kind: 'state', state },
    rows,
    { kind: 'request', id: 4, method: 'query', params: { query: { text: 'a', groups: [0] } } },
  ])('are taken: %j', message => expect(readReportMessage(message)).toEqual(message));

  it.each([
    undefined,
    [],
    { kind: 'cancel', id: 'x' },
    { kind: 'cancel', id: 1.5 },
    { kind: 'state', state: { ...state, target: { jobId: '../x' } } },
    { kind: 'state', state: { ...state, target: { jobId: 'a', region: 'evil.example/' } } },
    { ...rows, id: -1 },
    { ...rows, method: 'constructor' },
    { ...rows, params: { view: 1, from: 0, count: 1_000_000 } },
    { kind: 'request', id: 1, method: 'openObject', params: { bucket: 'b' } },
    { kind: 'eval', text: '1' },
  ])('are refused: %j', message => {
    expect(() => readReportMessage(message)).toThrow(WebviewMessageError);
  });

  it('are answered with what is wrong where they are numbered', () => {
    const wrong = { ...rows, params: {} };
    expect(() => readReportMessage(wrong)).toThrow(expect.objectContaining({ id: 3 }));
  });

  it('keep no state of another shape', () => {
    expect(isReportState(state)).toBe(true);
    expect(isReportState({ target: {} })).toBe(false);
  });
});
