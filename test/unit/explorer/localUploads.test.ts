import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planLocal } from '../../../src/explorer/transfers/localUploads.ts';
import { isPosix } from '../../support/posix.ts';

/** Of every system that has pipes with names. */
const MKFIFO = 'mkfifo';

let above: string;
let chosen: string;

beforeEach(async () => {
  above = await fs.realpath(await fs.mkdtemp(join(tmpdir(), 'bb-links-')));
  chosen = join(above, 'chosen');
  await fs.mkdir(join(chosen, 'deep'), { recursive: true });
  await fs.mkdir(join(above, 'secret'));
  await fs.writeFile(join(above, 'secret', 'credentials'), 'secret');
  await fs.writeFile(join(chosen, 'deep', 'a.txt'), 'a');
  await fs.symlink('../secret/credentials', join(chosen, 'out.txt'));
  await fs.symlink(join(above, 'secret'), join(chosen, 'out'));
  await fs.symlink('deep/a.txt', join(chosen, 'in.txt'));
  await fs.symlink('../deep', join(chosen, 'deep', 'loop'));
  await fs.symlink('nowhere', join(chosen, 'dangling'));
});
afterEach(() => fs.rm(above, { recursive: true }));

const keys = (plan: { files: { key: string }[] }): string[] =>
  plan.files.map(({ key }) => key).sort();

describe('the files to upload of a folder', () => {
  it('are its own: links out of it, and to folders, are left out and named', async () => {
    const plan = await planLocal(chosen, 'k', {});
    expect(keys(plan)).toEqual(['k/deep/a.txt', 'k/in.txt']);
    expect(plan.leftOut).toHaveLength(4);
    expect(plan.leftOut).toContainEqual({
      kind: 'link',
      path: join(chosen, 'out.txt'),
      target: join(above, 'secret', 'credentials'),
    });
    expect(plan.leftOut).toContainEqual({
      kind: 'link',
      path: join(chosen, 'dangling'),
      target: 'nowhere',
    });
  });

  it('are those that links lead to as well, if the user says so; loops end', async () => {
    const plan = await planLocal(chosen, 'k', { followLinks: true });
    expect(keys(plan)).toEqual(['k/deep/a.txt', 'k/in.txt', 'k/out.txt', 'k/out/credentials']);
  });

  it.runIf(isPosix)('hold no pipe, and do not wait for one', async () => {
    execFileSync(MKFIFO, [join(chosen, 'pipe')]);
    const { leftOut } = await planLocal(chosen, 'k', {});
    expect(leftOut).toContainEqual({ kind: 'special', path: join(chosen, 'pipe') });
  });

  it('never are a chosen link’s unless the user says so', async () => {
    const link = join(chosen, 'out.txt');
    expect(await planLocal(link, 'k', {})).toMatchObject({ files: [], leftOut: [{ path: link }] });
    expect(keys(await planLocal(link, 'k', { followLinks: true }))).toEqual(['k']);
  });
});

describe('a file that is opened for an upload', () => {
  const planned = async () => (await planLocal(join(chosen, 'deep'), 'k', {})).files[0]!;

  it('is what was found', async () => {
    expect(await text(await (await planned()).open())).toBe('a');
  });

  it.each([
    ['it', 'deep/a.txt', 'secret/credentials'],
    ['a folder above it', 'deep', 'secret'],
  ])('is refused when a link took the place of %s', async (_, place, target) => {
    const file = await planned();
    await fs.writeFile(join(above, 'secret', 'a.txt'), 'secret');
    await fs.rename(join(chosen, place), join(above, 'was'));
    await fs.symlink(join(above, target), join(chosen, place));
    await expect(file.open()).rejects.toMatchObject({ code: 'LinkInTheWay' });
  });

  it.runIf(isPosix)('is refused, at once, when a pipe took its place', async () => {
    const file = await planned();
    await fs.rm(file.path);
    execFileSync(MKFIFO, [file.path]);
    await expect(file.open()).rejects.toMatchObject({ code: 'LinkInTheWay' });
  });
});
