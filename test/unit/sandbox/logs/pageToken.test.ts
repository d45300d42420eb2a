import { expect, it } from 'vitest';
import { readToken, writeToken } from '../../../../src/sandbox/logs/pageToken.ts';

const DAY = 24 * 60 * 60 * 1000;
const now = new Date(0);

it('tokens are for their own request, and for a day', () => {
  const token = writeToken(['g', 1], { timestamp: 5, id: 6 }, now);
  const position = { timestamp: 5, id: 6 };
  expect(readToken(token, ['g', 1], new Date(DAY))).toEqual(position);
  for (const read of [
    () => readToken(token, ['g', 2], now),
    () => readToken(token, ['g', 1], new Date(DAY + 1)),
    () => readToken('rubbish', ['g', 1], now),
    () => readToken('', ['g', 1], now),
  ]) {
    expect(read).toThrow('The specified nextToken is invalid.');
  }
});
