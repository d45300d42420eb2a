// Resizes one picture again and again with the function's own core: what the sandbox is compared with.
// Arguments: the picture's file, how many times. Prints the seconds it took, start of the process not
// included.
import { readFile } from 'node:fs/promises';
import { parseOptions } from '../../lambda/resize/options.ts';
import { resize } from '../../lambda/resize/resize.ts';

const [file = '', count = ''] = process.argv.slice(2);
const picture = await readFile(file);
const options = parseOptions({});

async function resizeOnce(): Promise<void> {
  for await (const { data } of resize(picture, options)) {
    if (data.length === 0) throw new Error('Nothing came out');
  }
}

await resizeOnce();
const start = performance.now();
for (let index = 0; index < Number(count); index++) await resizeOnce();
process.stdout.write(`${(performance.now() - start) / 1000}\n`);
