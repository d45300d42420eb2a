import { expect, it } from 'vitest';
import { readToken, writeToken } from '../../../../src/sandbox/logs/pageToken.ts';

const DAY = 24 * 60 * 60 * 1000;
const now = new Date(0);
const isAny = (value: unknown): value is object => typeof value === 'object';
const isNumber = (value: unknown): value is number => typeof value === 'number';

it('tokens are for their own request, and for a day', () => {
  const token = writeToken(['g', 1], { timestamp: 5, id: 6 }, now);
  const position = { timestamp: 5, id: 6 };
  expect(readToken(token, ['g', 1], new Date(DAY), isAny)).toEqual(position);
  for (const read of [
    () => readToken(token, ['g', 2], now, isAny),
    () => readToken(token, ['g', 1], new Date(DAY + 1), isAny),
    () => readToken('rubbish', ['g', 1], now, isAny),
    () => readToken('', ['g', 1], now, isAny),
    () => readToken(token, ['g', 1], now, isNumber),
  ]) {
    expect(read).toThrow('The specified nextToken is invalid.');
  }
});
