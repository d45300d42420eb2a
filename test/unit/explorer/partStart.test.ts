import { describe, expect, it } from 'vitest';
import { readBytes, readStart } from '../../../src/explorer/parts/partStart.ts';

describe('where a part begins', () => {
  const size = 4 * 1024 ** 3;

  it('is read from bytes, shares, ends and lines', () => {
    expect(readStart('0', size)).toEqual({ kind: 'bytes', offset: 0 });
    expect(readStart('1.5 GB', size)).toEqual({ kind: 'bytes', offset: 1.5 * 1024 ** 3 });
    expect(readStart('50%', size)).toEqual({ kind: 'bytes', offset: size / 2 });
    expect(readStart('-10 mb', size)).toEqual({ kind: 'bytes', offset: -10 * 1024 ** 2 });
    expect(readStart('-9 GB', size)).toEqual({ kind: 'bytes', offset: -size });
    expect(readStart('line 1,000', size)).toEqual({ kind: 'line', line: 1000 });
  });

  it('is nothing outside of it', () => {
    for (const text of ['', 'x', '5 GB', '100%', 'line 0', '-0', '1 XB', '4294967296']) {
      expect(readStart(text, size), text).toBeUndefined();
    }
  });

  it('has units as VS Code has them', () => {
    expect([readBytes('1'), readBytes('1k'), readBytes('2 KiB'), readBytes('0.5MB')]).toEqual([
      1, 1024, 2048, 524_288,
    ]);
  });
});
