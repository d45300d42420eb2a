import { describe, expect, it, vi } from 'vitest';
import { StatCache, type Stat } from '../../src/explorer/fileSystem/statCache.ts';

const FOLDER: Stat = { kind: 'folder' };

describe('the stat cache', () => {
  it('asks once for equal questions at the same time and shortly after', async () => {
    const look = vi.fn(() => Promise.resolve(FOLDER));
    const cache = new StatCache(() => 0);
    await Promise.all([cache.get('a', look), cache.get('a', look)]);
    expect(await cache.get('a', look)).toBe(FOLDER);
    expect(look).toHaveBeenCalledTimes(1);
  });

  it('asks again when the answer is old, after a failure, and once cleared', async () => {
    let now = 0;
    const cache = new StatCache(() => now);
    const look = vi.fn(() => Promise.resolve(FOLDER));
    await cache.get('a', look);
    now = 2001;
    await cache.get('a', look);
    cache.clear();
    await cache.get('a', look);
    expect(look).toHaveBeenCalledTimes(3);
    await expect(cache.get('b', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    expect(await cache.get('b', look)).toBe(FOLDER);
  });
});
