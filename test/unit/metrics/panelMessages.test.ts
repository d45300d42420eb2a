import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPanelState, readMessage } from '../../../src/metrics/panelMessages.ts';
import { WebviewMessageError } from '../../../src/vscode/webviewMessages.ts';

const STATE = {
  functions: ['f'],
  region: 'us-east-1',
  range: { last: 3600 },
  period: 0,
  refreshEvery: 60,
  timeZone: 'utc',
  view: 'charts',
};
const READ = { functionName: 'f', region: 'r', range: { last: 60 }, period: 0, fresh: false };
const request = (method: unknown, params: unknown) => ({ kind: 'request', id: 1, method, params });

describe('messages of the panel', () => {
  test.each([
    [{ kind: 'ready' }],
    [{ kind: 'cancel', id: 3 }],
    [{ kind: 'state', state: STATE }],
    [request('readMetrics', READ)],
    [request('readMetrics', { ...READ, range: { start: 1, end: 2 } })],
    [request('openLogs', { functionName: 'f', region: 'r', start: 1, end: 2 })],
    [request('saveFile', { name: 'f-duration.png', base64: 'iVBORw0KGgo=' })],
    [request('chooseFunction', { region: 'r', shown: ['f'] })],
    [{ kind: 'shown', functionName: 'f', reading: 1, figures: [{ label: 'a', value: '1' }] }],
  ])('%j is taken', message => {
    expect(readMessage(message)).toEqual(message);
  });

  test.each([
    [undefined],
    [[]],
    [{ kind: 'state', state: { ...STATE, functions: [] } }],
    [{ kind: 'state', state: { ...STATE, view: 'x' } }],
    [request('toString', {})],
    [request('constructor', {})],
    [request('deleteEverything', {})],
    [request('readMetrics', { ...READ, range: { last: -1 } })],
    [request('readMetrics', { ...READ, range: { start: 2, end: 1 } })],
    [request('readMetrics', { ...READ, period: NaN })],
    [request('readMetrics', { ...READ, functionName: '' })],
    [request('readMetrics', null)],
    [request('openConsole', { ...READ, region: 'example.com/#' })],
    [{ kind: 'state', state: { ...STATE, region: '' } }],
    [{ ...request('readMetrics', READ), id: 'x' }],
    [request('readMetrics', { ...READ, period: 0.001 })],
    [request('readMetrics', { ...READ, range: { last: 1e300 } })],
    [request('openLogs', { functionName: 'f', region: 'r', start: 2, end: 2 })],
    [request('openLogs', { functionName: 'f', region: 'r', start: 1, end: 1e13 })],
    [request('saveFile', { name: '../.bashrc.png', base64: '' })],
    [request('saveFile', { name: 'run.sh', base64: '' })],
    [request('saveFile', { name: 'f.png', base64: '<svg>' })],
    [request('chooseFunction', { region: 'r', shown: [1] })],
    [{ kind: 'shown', functionName: 'f', figures: [] }],
    [{ kind: 'state', state: { ...STATE, refreshEvery: 0.001 } }],
    [{ kind: 'state', state: { ...STATE, selected: 'g' } }],
  ])('%j is refused', message => {
    expect(() => readMessage(message)).toThrow(WebviewMessageError);
  });

  test('a request that is refused is answered: the error tells which', () => {
    const wrong = { ...request('readMetrics', { ...READ, period: -1 }), id: 7 };
    expect(() => readMessage(wrong)).toThrow(expect.objectContaining({ id: 7 }));
  });

  test('anything at all is taken or refused, never more', () => {
    fc.assert(
      fc.property(fc.anything(), message => {
        try {
          readMessage(message);
        } catch (error) {
          expect(error).toBeInstanceOf(WebviewMessageError);
        }
      }),
    );
  });

  test('what VS Code kept of an older panel is taken only if it is understood', () => {
    expect(isPanelState(STATE)).toBe(true);
    expect(isPanelState({ ...STATE, range: undefined })).toBe(false);
    expect(isPanelState(undefined)).toBe(false);
  });
});
