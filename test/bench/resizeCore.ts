import { spawnSync } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import sharp from 'sharp';
import { findOnPath, runOrFail } from '../support/exec.ts';
import { functionBuild, unpackZip } from '../support/functionZips.ts';
import { ROOT } from '../support/paths.ts';
import type { Row } from './row.ts';
import { summarize } from './statistics.ts';

/** CommonJS dependencies inside an ES module bundle still call require() for Node's own modules. */
const BANNER =
  "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);";

const QUALITY = '75';
const WIDTHS = ['200', '1000'];

interface Tool {
  readonly name: string;
  /** The seconds that resizing the files takes. */
  resize(files: readonly string[], folder: string, width: string): Promise<number>;
}

/**
 * Photographs per second of the deployed zip's core, of libvips' own `vipsthumbnail` and of Pillow's
 * `thumbnail`: the same widths and quality, one thread each, from file to file.
 */
export async function measureResizeCore(
  photographs: readonly string[],
  dataDir: string,
  rounds: number,
): Promise<Row[]> {
  const tools = [await functionCore(join(dataDir, 'core')), ...(await peers(dataDir))];
  const rows: Row[] = [];
  for (const width of WIDTHS) {
    const rates = tools.map(() => [] as number[]);
    for (let round = -1; round < rounds; round++) {
      for (const [index, tool] of tools.entries()) {
        const folder = join(dataDir, `${tool.name}-${width}`);
        await mkdir(folder, { recursive: true });
        const seconds = await tool.resize(photographs, folder, width);
        if (round >= 0) rates[index]?.push(photographs.length / seconds);
      }
    }
    rows.push(...toRows(tools, rates, width, photographs.length));
  }
  return rows;
}

function toRows(tools: Tool[], rates: number[][], width: string, count: number): Row[] {
  const [ours = [], ...theirs] = rates;
  const aims: Record<string, number> = { vipsthumbnail: 1.2, Pillow: width === '200' ? 1.1 : 2 };
  return theirs.map((rate, index) => {
    const { name } = tools[index + 1] ?? { name: '' };
    return {
      group: 'Resize',
      measure: `${count} photographs to ${width} pixels`,
      unit: 'images/s',
      ours: summarize(ours),
      peer: { name, sample: summarize(rate) },
      aim: { ratio: aims[name] ?? 1 },
    };
  });
}

/** The core of this machine's zip: its native sharp, and the sources bundled as the handler is. */
async function functionCore(folder: string): Promise<Tool> {
  const zips = join(folder, 'zips');
  await (await functionBuild()).buildFunctionZips(zips);
  await unpackZip(join(zips, `resize-${process.arch === 'x64' ? 'x86_64' : 'arm64'}.zip`), folder);
  await build({
    stdin: {
      contents: `export { parseOptions } from './options.ts';
        export { resize } from './resize.ts';
        export { default as sharp } from 'sharp';`,
      resolveDir: join(ROOT, 'lambda'),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: join(folder, 'core.mjs'),
    external: ['@img/sharp-*'],
    banner: { js: BANNER },
    logLevel: 'error',
  });
  const script = join(folder, 'resizePhotographs.mjs');
  await copyFile(new URL('resizePhotographs.mjs', import.meta.url), script);
  return {
    name: 'function',
    resize: async (files, output, width) =>
      Number(await runOrFail(process.execPath, [script, output, width, QUALITY, ...files])),
  };
}

async function peers(dataDir: string): Promise<Tool[]> {
  const tools: Tool[] = [];
  if (findOnPath('vipsthumbnail')) tools.push(await vipsthumbnail(dataDir));
  const python = ['python3', '/usr/bin/python3'].find(
    each => spawnSync(each, ['-c', 'import PIL']).status === 0,
  );
  if (python !== undefined) tools.push(pillow(python));
  return tools;
}

/** What the function does too: sRGB, no metadata, for JPEG optimized Huffman tables. */
const SAVE_OPTIONS: Readonly<Record<string, string>> = {
  '.jpg': `[Q=${QUALITY},strip,optimize_coding]`,
  '.webp': `[Q=${QUALITY},strip]`,
  '.png': '[strip]',
};

async function vipsthumbnail(dataDir: string): Promise<Tool> {
  const tiny = join(dataDir, 'tiny.png');
  const create = { width: 1, height: 1, channels: 3 as const, background: '#888' };
  await sharp({ create }).png().toFile(tiny);
  const env = { ...process.env, VIPS_CONCURRENCY: '1' };
  const run = async (files: readonly string[], format: string, width: string): Promise<number> => {
    const args = ['--vips-cache-max=0', '--size', `${width}x`, '--eprofile', 'srgb', '-o', format];
    const start = performance.now();
    await runOrFail('vipsthumbnail', [...args, ...files], { env });
    return (performance.now() - start) / 1000;
  };
  return {
    name: 'vipsthumbnail',
    resize: async (files, folder, width) => {
      let seconds = 0;
      for (const [extension, options] of Object.entries(SAVE_OPTIONS)) {
        const some = files.filter(file => file.endsWith(extension));
        // Starting the program is no resizing.
        seconds -= await run([tiny], join(folder, '%s.png'), width);
        seconds += await run(some, join(folder, `%s${extension}${options}`), width);
      }
      return seconds;
    },
  };
}

function pillow(python: string): Tool {
  const script = new URL('pillow_thumbnail.py', import.meta.url).pathname;
  return {
    name: 'Pillow',
    resize: async (files, folder, width) =>
      Number(await runOrFail(python, [script, folder, width, QUALITY, ...files])),
  };
}
