// Resizes files as the function does, in this one process: FOLDER WIDTH QUALITY FILE…
// Prints the seconds it took, without the loading of code.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

// The core, which the benchmark bundles into the folder that this file is copied to.
const { parseOptions, resize, sharp } = await import(new URL('core.mjs', import.meta.url).href);
const [folder, WIDTHS, QUALITY, ...files] = process.argv.slice(2);
const options = parseOptions({ WIDTHS, QUALITY });
sharp.cache(false);
sharp.concurrency(1);
const start = performance.now();
for (const [index, file] of files.entries()) {
  for await (const { data } of resize(await readFile(file), options)) {
    await writeFile(join(folder, `${index}`), data);
  }
}
console.log((performance.now() - start) / 1000);
