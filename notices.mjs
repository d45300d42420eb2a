// Writes ThirdPartyNotices.txt: what the licences of the packages in our bundles ask for. Bundling
// leaves no comment of theirs in the code.
import { globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { noticesOf, RULE } from './lambda/build/licences.mjs';

const ROOT = import.meta.dirname;

const HEAD = `Bucket Brigade contains the packages below, each under its own licence.

The resize function has its own: THIRD-PARTY.txt in each zip of dist/lambda, and the files beside the
code in dist/lambda/wasm. libvips, which is in both, is under the GNU licences at the end of this file;
its source code is at https://github.com/lovell/sharp-libvips.
`;

/**
 * @param {string} file
 * @param {import('esbuild').Metafile[]} metafiles of all bundles; their paths are relative to here
 * @throws {Error} naming a package whose licence's text was not found
 */
export async function writeNotices(file, metafiles) {
  const notices = await noticesOf(metafiles.flatMap(packageFolders));
  const gnu = globSync('lambda/licenses/*.txt', { cwd: ROOT }).sort();
  const texts = await Promise.all(gnu.map(text => readFile(path.join(ROOT, text), 'utf8')));
  await writeFile(file, [HEAD, ...notices, ...texts].join(RULE));
}

/** The folders of the packages that something was taken of. */
function packageFolders({ outputs }) {
  return Object.values(outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([input]) => /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1])
    .filter(folder => folder !== undefined)
    .map(folder => path.resolve(ROOT, folder));
}
