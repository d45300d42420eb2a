import { existsSync, globSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { findOnPath, run, runOrFail } from '../support/exec.ts';
import { cacheFolder } from '../support/paths.ts';

/** A Debian package with photographs of 0.3 to 18 megapixels, all JPEG. */
const PACKAGE = 'mate-backgrounds';
const PHOTOGRAPHS = [
  'usr/share/backgrounds/mate/nature/*.jpg',
  'usr/share/backgrounds/mate/abstract/Elephants*.jpg',
];

/** How many of them are taken as PNG and as WebP too, as people upload those as well. */
const CONVERTED = 6;

/**
 * The paths of real photographs: the JPEG files of the folder that `BUCKET_BRIGADE_PHOTOGRAPHS` names,
 * else those of a Debian package, which is unpacked into the cache and not installed; and some of them
 * as PNG and WebP, made in a folder. Empty where there are none to be had.
 */
export async function findPhotographs(folder: string): Promise<string[]> {
  const originals = await findOriginals();
  const converted: string[] = [];
  for (const original of originals.slice(-CONVERTED)) {
    for (const format of ['png', 'webp'] as const) {
      const path = join(folder, `${basename(original, '.jpg')}.${format}`);
      await sharp(original).toFormat(format).toFile(path);
      converted.push(path);
    }
  }
  return [...originals, ...converted];
}

async function findOriginals(): Promise<string[]> {
  const named = process.env['BUCKET_BRIGADE_PHOTOGRAPHS'];
  if (named) return globSync('*.jpg', { cwd: named }).map(file => join(named, file));
  const folder = join(cacheFolder(), 'photographs');
  if (!existsSync(folder)) await unpackInto(folder);
  return globSync(PHOTOGRAPHS, { cwd: folder })
    .sort()
    .map(file => join(folder, file));
}

async function unpackInto(folder: string): Promise<void> {
  if (!findOnPath('apt-get') || !findOnPath('dpkg-deb')) return;
  const draft = `${folder}.${process.pid}`;
  await mkdir(draft, { recursive: true });
  const { code } = await run('apt-get', ['download', '-qq', PACKAGE], { cwd: draft });
  const [file] = globSync('*.deb', { cwd: draft });
  if (code === 0 && file !== undefined) {
    await runOrFail('dpkg-deb', ['-x', join(draft, file), draft]);
    await rm(join(draft, file));
    await rename(draft, folder);
  }
  await rm(draft, { recursive: true, force: true });
}
