import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { renameFile, renameFileSync } from '../../../src/system/renameFile.ts';
import { readText, root } from '../../support/sources.ts';

/** A file system that refuses the first so many times. */
function refusing(times: number, code: string, platform: NodeJS.Platform = 'win32') {
  let tries = 0;
  const rename = (): Promise<void> => {
    tries += 1;
    if (tries > times) return Promise.resolve();
    return Promise.reject(Object.assign(new Error(code), { code }));
  };
  return { system: { platform, rename }, tries: () => tries };
}

describe('a file that takes the place of another', () => {
  it('does', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rename-'));
    const [from, to] = [join(folder, 'new'), join(folder, 'old')];
    await writeFile(from, 'new');
    await writeFile(to, 'old');
    await renameFile(from, to);
    expect(await readFile(to, 'utf8')).toBe('new');
    await rm(folder, { recursive: true });
  });

  it.each(['EPERM', 'EACCES', 'EBUSY'])('is tried again on Windows after %s', async code => {
    const { system, tries } = refusing(3, code);
    await renameFile('from', 'to', system);
    expect(tries()).toBe(4);
  });

  it.each([
    ['for good on Windows', 'EPERM', 'win32', 9],
    ['for another reason', 'ENOENT', 'win32', 1],
    ['elsewhere', 'EPERM', 'darwin', 1],
  ] as const)('fails when it is refused %s', async (_when, code, platform, tried) => {
    const { system, tries } = refusing(Infinity, code, platform);
    await expect(renameFile('from', 'to', system)).rejects.toMatchObject({ code });
    expect(tries()).toBe(tried);
  });
});

/** The same as a call that holds up the process. */
function refusingSync(times: number, code: string, platform: NodeJS.Platform = 'win32') {
  let tries = 0;
  const rename = (): void => {
    tries += 1;
    if (tries <= times) throw Object.assign(new Error(code), { code });
  };
  return { system: { platform, rename }, tries: () => tries };
}

describe('a file that takes the place of another within a transaction', () => {
  it.each(['EPERM', 'EACCES', 'EBUSY'])('is tried again on Windows after %s', code => {
    const { system, tries } = refusingSync(3, code);
    renameFileSync('from', 'to', system);
    expect(tries()).toBe(4);
  });

  it.each([
    ['for good on Windows', 'EPERM', 'win32', 9],
    ['for another reason', 'ENOENT', 'win32', 1],
    ['elsewhere', 'EPERM', 'linux', 1],
  ] as const)('fails when it is refused %s', (_when, code, platform, tried) => {
    const { system, tries } = refusingSync(Infinity, code, platform);
    expect(() => renameFileSync('from', 'to', system)).toThrow(code);
    expect(tries()).toBe(tried);
  });
});

it('is the only way in which a file of ours gets another name', () => {
  const others = globSync('src/**/*.ts', { cwd: root })
    .filter(file => /import \{[^}]*\brename(Sync)?\b[^}]*\} from 'node:fs/.test(readText(file)))
    .map(file => file.replaceAll('\\', '/'));
  expect(others).toEqual(['src/system/renameFile.ts']);
});
