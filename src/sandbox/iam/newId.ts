import { randomInt } from 'node:crypto';

export const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An id as AWS makes them: `AROA…` of a role, `ANPA…` of a managed policy. */
export function newId(prefix: 'AROA' | 'ANPA'): string {
  const letters = Array.from({ length: 17 }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]);
  return prefix + letters.join('');
}
