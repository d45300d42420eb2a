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
  const sections = [];
  for (const name of [...new Set(names)].sort()) {
    sections.push(await section(name, join(modules, name)));
  }
  files.set('THIRD-PARTY.txt', Buffer.from([HEAD, ...sections].join(`\n${'='.repeat(100)}\n\n`)));
  for (const text of globSync('*.txt', { cwd: texts }).sort()) {
    files.set(`licenses/${text}`, await readFile(join(texts, text)));
  }
}

const HEAD = `This function contains the packages below, each under its own licence.

libvips is a shared library (node_modules/@img/sharp-libvips-*/lib) and can be replaced by another
build of it: its source code is at https://github.com/lovell/sharp-libvips, the texts of its licences
are in the folder licenses.
`;

async function section(name, folder) {
  const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const pattern = LIBVIPS.test(name) ? 'README.md' : 'LICEN[CS]E*';
  const [file] = globSync(pattern, { cwd: folder });
  const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8');
  if (text === '' && !STANDARD.has(license)) throw new Error(`No licence text found for ${name}.`);
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

/** Licences whose text is in THIRD-PARTY.txt anyway, with another package. */
const STANDARD = new Set(['Apache-2.0']);
