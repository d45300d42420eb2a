import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The images of the images bucket, with their content types. `image5.png` is left for the user. */
export const LAB_IMAGES: readonly (readonly [name: string, contentType: string])[] = [
  ['image1.png', 'image/png'],
  ['image2.jpg', 'image/jpeg'],
  ['image3.webp', 'image/webp'],
  ['image4.gif', 'image/gif'],
  ['image6.tiff', 'image/tiff'],
];

/** Where the build puts the images: beside the bundle, or seen from the sources. */
const FOLDERS = ['./lab/', '../../../dist/lab/'].map(path =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** The folder with the images. Run from the sources without a build, it is made first. */
export async function labImageFolder(): Promise<string> {
  const complete = FOLDERS.find(folder =>
    ['image5.png', ...LAB_IMAGES.map(([name]) => name)].every(name =>
      existsSync(join(folder, name)),
    ),
  );
  if (complete !== undefined) return complete;
  const folder = FOLDERS[1] ?? '';
  // By a URL, so that the bundler does not follow it to sharp.
  const script = new URL('./makeImages.mjs', import.meta.url).href;
  const { makeImages } = (await import(script)) as {
    makeImages: (folder: string) => Promise<void>;
  };
  await makeImages(folder);
  return folder;
}

export async function readLabImage(folder: string, name: string): Promise<Buffer> {
  return readFile(join(folder, name));
}
