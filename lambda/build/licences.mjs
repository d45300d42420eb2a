import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The package with libvips carries no licence's text, only a table of what is inside, its README.md. */
const LIBVIPS = /^@img\/sharp-libvips-/;

/**
 * Adds what the licences of the packages in a zip ask for: `THIRD-PARTY.txt`, which names each package
 * with its licence's text, and the texts of the GNU licences that libvips is under.
 *
 * @param {Map<string, Buffer>} files gets the new files
 * @param {{ modules: string; names: string[]; texts: string }} from the `node_modules`, the packages,
 * and the folder with the texts that no package has
 * @throws {Error} naming a package whose licence's text was not found
 */
export async function writeLicences(files, { modules, names, texts }) {
  const notices = await noticesOf(names.map(name => join(modules, name)));
  files.set('THIRD-PARTY.txt', Buffer.from([HEAD, ...notices].join(RULE)));
  for (const text of globSync('*.txt', { cwd: texts }).sort()) {
    files.set(`licenses/${text}`, await readFile(join(texts, text)));
  }
}

const HEAD = `This function contains the packages below, each under its own licence.

libvips is a shared library (node_modules/@img/sharp-libvips-*/lib) and can be replaced by another
build of it: its source code is at https://github.com/lovell/sharp-libvips, the texts of its licences
are in the folder licenses.
`;

/** Between two notices of a file. */
export const RULE = `\n${'='.repeat(100)}\n\n`;

/**
 * What the licences of packages ask for: the packages by name and version, and their licence's text,
 * once for all that have the same.
 *
 * @param {string[]} folders of the packages
 * @throws {Error} naming a package whose licence's text was not found
 */
export async function noticesOf(folders) {
  /** @type {Map<string, string[]>} */
  const packages = new Map();
  for (const folder of [...new Set(folders)].sort()) {
    const { title, text } = await licenceOf(folder);
    packages.set(text, [...(packages.get(text) ?? []), title]);
  }
  return [...packages].map(([text, titles]) => `${titles.join('\n')}\n\n${text}\n`);
}

async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  );
  const pattern = LIBVIPS.test(name) ? 'README.md' : '{LICEN[CS]E,licen[cs]e,NOTICE}*';
  const files = globSync(pattern, { cwd: folder }).sort();
  const texts = await Promise.all(files.map(file => readFile(join(folder, file), 'utf8')));
  if (texts.length === 0 && !STANDARD.has(license)) {
    throw new Error(`No licence text found for ${name}.`);
  }
  const text = texts.map(each => each.trim()).join('\n\n') || ELSEWHERE;
  return { title: `${name} ${version} (${license})`, text };
}

/** Licences whose text is there anyway, with another package. */
const STANDARD = new Set(['Apache-2.0']);
const ELSEWHERE = 'The text of this licence is in this file, with another package.';
