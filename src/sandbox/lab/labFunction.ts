import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The zip that the lab deploys: the resize function for Lambda's default architecture. */
const ZIP = 'resize-x86_64.zip';

/** Where the build puts it: beside the bundle, or seen from the sources. */
const PATHS = ['./lambda/', '../../../dist/lambda/'].map(folder =>
  fileURLToPath(new URL(`${folder}${ZIP}`, import.meta.url)),
);

/** The lab's `function.zip`. Run from the sources without a build, it is built first. */
export async function readLabFunction(): Promise<Buffer> {
  const built = PATHS.find(path => existsSync(path));
  if (built !== undefined) return await readFile(built);
  const path = PATHS[1] ?? '';
  // By a URL, so that the bundler does not follow it to esbuild.
  const script = new URL('../../../lambda/build.mjs', import.meta.url).href;
  const { buildFunctionZips } = (await import(script)) as {
    buildFunctionZips: (folder: string) => Promise<void>;
  };
  await buildFunctionZips(dirname(path));
  return await readFile(path);
}
