// Draws the lab's images, at build time: sharp is not part of what is shipped. The same every time.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

const WIDTH = 960;
const HEIGHT = 640;

/** Each image: its name, the time of day as a hue, and how sharp encodes it. */
const IMAGES = [
  ['image1.png', 205, image => image.png({ compressionLevel: 9 })],
  ['image2.jpg', 28, image => image.jpeg({ quality: 82 })],
  ['image3.webp', 275, image => image.webp({ quality: 80 })],
  ['image4.gif', 340, image => image.gif()],
  ['image5.png', 155, image => image.png({ compressionLevel: 9 })],
  ['image6.tiff', 240, image => image.tiff({ compression: 'deflate' })],
];

/** Hills under a sun: gradients and curves, so that a resized image can be told from a broken one. */
function scene(hue) {
  const colour = (shift, saturation, lightness) =>
    `hsl(${(hue + shift) % 360},${saturation}%,${lightness}%)`;
  const hills = [0, 1, 2, 3].map(index => {
    const top = 330 + index * 70;
    const sway = 60 - index * 10;
    const middle = 200 + ((hue * (index + 3)) % 220);
    return `<path d="M0 ${top} C ${middle - 160} ${top - sway}, ${middle} ${top + sway}, ${WIDTH / 2} ${top}
      S ${WIDTH - 120} ${top - sway * 1.6}, ${WIDTH} ${top + 10} V ${HEIGHT} H 0 Z"
      fill="${colour(index * 9, 38, 46 - index * 9)}"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
    <defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="${colour(20, 62, 42)}"/>
      <stop offset="0.7" stop-color="${colour(-25, 78, 82)}"/>
    </linearGradient></defs>
    <rect width="${WIDTH}" height="${HEIGHT}" fill="url(#sky)"/>
    <circle cx="${180 + ((hue * 2) % 600)}" cy="170" r="62" fill="${colour(40, 95, 90)}"/>
    ${hills.join('')}
  </svg>`;
}

/** Writes the images into a folder, each whole or not at all. */
export async function makeImages(folder) {
  await mkdir(folder, { recursive: true });
  for (const [name, hue, encode] of IMAGES) {
    const bytes = await encode(sharp(Buffer.from(scene(hue)))).toBuffer();
    const draft = join(folder, `.${name}.${process.pid}`);
    await writeFile(draft, bytes);
    await rename(draft, join(folder, name));
  }
}
