import { spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalFolder } from '../../../src/aws/objects/localFolder.ts';
import { THIS_MACHINE } from '../../../src/aws/objects/thisMachine.ts';

let above: string;
let chosen: string;
let elsewhere: string;

beforeEach(async () => {
  above = await fs.mkdtemp(join(tmpdir(), 'bb-local-'));
  [chosen, elsewhere] = [join(above, 'chosen'), join(above, 'elsewhere')];
  await Promise.all([fs.mkdir(chosen), fs.mkdir(elsewhere)]);
});
afterEach(() => fs.rm(above, { recursive: true }));

const text =
  (content: string) =>
  async (file: fs.FileHandle): Promise<void> => {
    await file.writeFile(content);
  };
const write = (names: string[], content = 'new') =>
  new LocalFolder(chosen).writeFile(names, text(content));
const refused = { code: 'LinkInTheWay' };

describe('a file below a folder', () => {
  it('is written with the folders on the way, over what was there', async () => {
    await write(['a', 'b', 'c.txt'], 'old');
    await write(['a', 'b', 'c.txt']);
    expect(await fs.readFile(join(chosen, 'a/b/c.txt'), 'utf8')).toBe('new');
    expect(await fs.readdir(join(chosen, 'a/b'))).toEqual(['c.txt']);
  });

  it('is written where the chosen folder is itself a link: that one is the user’s', async () => {
    const link = join(above, 'link');
    await fs.symlink(chosen, link);
    await new LocalFolder(link).writeFile(['x'], text('new'));
    expect(await fs.readFile(join(chosen, 'x'), 'utf8')).toBe('new');
  });

  it('is refused where a folder on the way, or the file, is a link; it is named', async () => {
    await fs.writeFile(join(elsewhere, 'a.txt'), 'theirs');
    await fs.symlink(elsewhere, join(chosen, 'photos'));
    await fs.symlink(join(elsewhere, 'a.txt'), join(chosen, 'a.txt'));
    await fs.symlink(join(elsewhere, 'none'), join(chosen, 'dangling'));
    await fs.mkdir(join(chosen, 'real'));
    await fs.symlink('../photos', join(chosen, 'real', 'inner'));
    for (const names of [
      ['photos', 'a.txt'],
      ['photos', 'deep', 'new.txt'],
      ['real', 'inner', 'a.txt'],
      ['a.txt'],
      ['dangling'],
    ]) {
      const subject = expect.stringContaining(
        join(chosen, names[0] === 'real' ? 'real/inner' : names[0]!),
      ) as string;
      await expect(write(names)).rejects.toMatchObject({ ...refused, subject });
    }
    expect(await fs.readdir(elsewhere)).toEqual(['a.txt']);
    expect(await fs.readFile(join(elsewhere, 'a.txt'), 'utf8')).toBe('theirs');
    await write(['real', 'ok.txt']);
  });

  it('never lands elsewhere when a link is put in its way meanwhile', async () => {
    await fs.mkdir(join(chosen, 'photos'));
    const swapped = new LocalFolder(chosen).writeFile(['photos', 'a.txt'], async file => {
      await fs.rename(join(chosen, 'photos'), join(chosen, 'photos.was'));
      await fs.symlink(elsewhere, join(chosen, 'photos'));
      await text('new')(file);
    });
    await swapped.catch((error: unknown) => expect(error).toMatchObject(refused));
    expect(await fs.readdir(elsewhere)).toEqual([]);
    expect(
      (await fs.readdir(join(chosen, 'photos.was'))).filter(name => name.startsWith('.')),
    ).toEqual([]);
  });

  it('leaves what was there when it fails', async () => {
    await write(['a.txt'], 'old');
    const failing = new LocalFolder(chosen).writeFile(['a.txt'], async file => {
      await text('half')(file);
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    });
    await expect(failing).rejects.toThrow('no space');
    expect(await fs.readdir(chosen)).toEqual(['a.txt']);
    expect(await fs.readFile(join(chosen, 'a.txt'), 'utf8')).toBe('old');
  });
});

describe('what a dead download has left', () => {
  const uuid = '11111111-2222-3333-4444-555555555555';
  const partial = (pid: number, of = THIS_MACHINE): string =>
    `.bucket-brigade.${of}.${pid}.${uuid}.part`;

  it('is removed by the next one into that folder, and nothing else is', async () => {
    const alive = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    const dead = spawn(process.execPath, ['-e', '']);
    await once(dead, 'exit');
    const kept = [
      partial(alive.pid ?? 0),
      partial(dead.pid ?? 0, '00000000'),
      `.photo.png.${uuid}.part`,
      '.bucket-brigade.part',
    ];
    const gone = [partial(dead.pid ?? 0), partial(process.pid)];
    for (const name of [...kept, ...gone]) await fs.writeFile(join(chosen, name), '');
    const old = join(chosen, partial(7, '99999999'));
    await fs.writeFile(old, '');
    const longAgo = new Date(Date.now() - 25 * 60 * 60 * 1000);
    await fs.utimes(old, longAgo, longAgo);
    await write(['a.txt']);
    alive.kill();
    expect((await fs.readdir(chosen)).sort()).toEqual([...kept, 'a.txt'].sort());
  });

  it('is not what another download of this process is writing', async () => {
    await new LocalFolder(chosen).writeFile(['a.txt'], async file => {
      await write(['b.txt']);
      await text('new')(file);
    });
    expect((await fs.readdir(chosen)).sort()).toEqual(['a.txt', 'b.txt']);
  });
});
