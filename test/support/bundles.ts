import { build, type BuildOptions, type Metafile, type OutputFile } from 'esbuild';
// @ts-expect-error bundles.mjs has no types.
import { bundles } from '../../bundles.mjs';

const production = (bundles as (production: boolean) => Record<string, BuildOptions>)(true);

/** esbuild's options for a bundle as users get it. */
export function productionBundle(name: string): BuildOptions {
  return { ...production[name], logLevel: 'error' };
}

/** Bundles in memory what users get. */
export async function bundleInMemory(
  options: BuildOptions,
): Promise<{ outputFiles: OutputFile[]; metafile: Metafile }> {
  return await build({ ...options, write: false, metafile: true });
}
