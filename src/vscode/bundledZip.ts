import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture } from '../aws/resizeDeployment/target.ts';
import type { Services } from '../services.ts';

/** The zip of a function that comes with the extension. */
export interface BundledZip {
  readonly bytes: Uint8Array;
  /** Base64, as Lambda's CodeSha256. */
  readonly sha256: string;
}

/** Reads the resize function's zip for an architecture; the build puts it beside the extension. */
export async function readBundledZip(
  services: Pick<Services, 'context'>,
  architecture: Architecture,
): Promise<BundledZip> {
  return await readZip(services, `resize-${architecture}.zip`);
}

/** Where the resize function's zip for an architecture is on this computer. */
export function bundledZipPath(
  { context }: Pick<Services, 'context'>,
  architecture: Architecture,
): string {
  return pathOf(context, `resize-${architecture}.zip`);
}

/** Reads the tagger's zip, which is the same for every architecture. */
export async function readTaggerZip(services: Pick<Services, 'context'>): Promise<BundledZip> {
  return await readZip(services, 'tagger.zip');
}

async function readZip({ context }: Pick<Services, 'context'>, name: string): Promise<BundledZip> {
  const bytes = await readFile(pathOf(context, name));
  return { bytes, sha256: createHash('sha256').update(bytes).digest('base64') };
}

function pathOf(context: Services['context'], name: string): string {
  return join(context.extensionPath, 'dist', 'lambda', name);
}

let known: Promise<ReadonlySet<string>> | undefined;

/** CodeSha256 of every zip that comes with the extension: such a function is ours to the byte. */
export async function bundledHashes(
  services: Pick<Services, 'context'>,
): Promise<ReadonlySet<string>> {
  known ??= Promise.all([
    readBundledZip(services, 'x86_64'),
    readBundledZip(services, 'arm64'),
  ]).then(zips => new Set(zips.map(({ sha256 }) => sha256)));
  return await known;
}
