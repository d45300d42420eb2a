import { resolveCliArgsFromVSCodeExecutablePath } from '@vscode/test-electron';
import { execFile } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runHostTests } from '../support/hostTests.ts';
import { newTemporaryFolder, ROOT } from '../support/paths.ts';
import { findVsCode, type VsCode } from '../support/vsCode.ts';
import { packageVsix } from '../support/vsix.ts';

/** docs/releasing.md says what it is made of. */
const MAX_BYTES = 24_000_000;

/** What may be in the package; a file that fits none is there by mistake. */
const EXPECTED = [
  /^dist\/extension\.js$/,
  /^dist\/sandbox\.js$/,
  /^dist\/worker\.js$/,
  /^dist\/lambdaRuntime\.js$/,
  /^dist\/webview\/(metrics|page|report)\.(css|js)$/,
  /^dist\/chunks\/[\w-]+\.js$/,
  /^dist\/lambda\/(resize-(x86_64|arm64)|tagger)\.zip$/,
  /^dist\/lambda\/wasm\/node_modules\/@(img\/sharp-wasm32|emnapi\/runtime)\/[\w./-]+$/,
  /^dist\/ThirdPartyNotices\.txt$/,
  /^dist\/lab\/image\d\.(png|jpg|webp|gif|tiff)$/,
  /^media\/(icon\.png|icon\.svg|logo\.svg)$/,
  /^media\/schemas\/s3job\.schema\.json$/,
  /^media\/walkthrough\/\w+\.svg$/,
  /^l10n\/bundle\.l10n(\.[\w-]+)?\.json$/,
  /^package(\.nls(\.[\w-]+)?)?\.json$/,
  /^(README|CHANGELOG|readme|changelog)\.md$/,
  /^LICENSE(\.txt)?$/,
];

const REQUIRED = [
  'dist/extension.js',
  'dist/sandbox.js',
  'dist/worker.js',
  'dist/lambdaRuntime.js',
  'dist/webview/metrics.css',
  'dist/webview/metrics.js',
  'dist/webview/page.css',
  'dist/webview/page.js',
  'dist/webview/report.css',
  'dist/webview/report.js',
  'media/schemas/s3job.schema.json',
  'dist/lambda/resize-x86_64.zip',
  'dist/lambda/resize-arm64.zip',
  'dist/lambda/tagger.zip',
  'dist/lambda/wasm/node_modules/@img/sharp-wasm32/package.json',
  'dist/ThirdPartyNotices.txt',
  'package.json',
  'l10n/bundle.l10n.json',
];

const execute = promisify(execFile);
const folder = newTemporaryFolder('vsix');
const vsix = join(folder, 'extension.vsix');
const extensionsFolder = join(folder, 'extensions');
let vsCode: VsCode;

/** The folder that the .vsix was unpacked to by VS Code itself. */
function unpacked(): string {
  const [found] = globSync('bucket-brigade.bucket-brigade-*', { cwd: extensionsFolder });
  return join(extensionsFolder, found!);
}

async function install(): Promise<void> {
  mkdirSync(extensionsFolder);
  const flags = ['--install-extension', vsix, '--extensions-dir', extensionsFolder];
  if (vsCode.kind === 'web') {
    const server = [vsCode.serverMain, '--accept-server-license-terms'];
    await execute(vsCode.node, [...server, '--server-data-dir', join(folder, 'server'), ...flags]);
    return;
  }
  // The program itself would open a window: extensions are installed by the command beside it.
  const options = { reuseMachineInstall: true };
  const [cli = '', ...more] = resolveCliArgsFromVSCodeExecutablePath(vsCode.executable, options);
  const args = [...more, ...flags, '--user-data-dir', join(folder, 'user')];
  if (process.platform !== 'win32') await execute(cli, args);
  // Node.js runs a .cmd by a shell only.
  else await execute(quoted(cli), args.map(quoted), { shell: true });
}

function quoted(argument: string): string {
  return `"${argument}"`;
}

beforeAll(async () => {
  vsCode = await findVsCode();
  await packageVsix(vsix);
  await install();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the .vsix', () => {
  test('holds what it should and nothing else', () => {
    const files = globSync('**/*', { cwd: unpacked(), withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => relative(unpacked(), join(entry.parentPath, entry.name)))
      .map(file => file.replaceAll('\\', '/'))
      .filter(file => file !== '.vsixmanifest');
    expect(files.filter(file => !EXPECTED.some(pattern => pattern.test(file)))).toEqual([]);
    expect(REQUIRED.filter(file => !files.includes(file))).toEqual([]);
  });

  test(`is smaller than ${MAX_BYTES / 1e6} MB`, () => {
    expect(statSync(vsix).size).toBeLessThan(MAX_BYTES);
  });

  test('has a page whose pictures the shops find: by https, from the repository', () => {
    const readme = readFileSync(join(unpacked(), 'readme.md'), 'utf8');
    const pictures = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, url]) => url!);
    expect(pictures.length).toBeGreaterThan(3);
    const base = 'https://github.com/bucket-brigade/bucket-brigade/raw/HEAD/';
    const isFound = (url: string): boolean =>
      url.startsWith(base) && existsSync(join(ROOT, url.slice(base.length)));
    expect(pictures.filter(url => !isFound(url))).toEqual([]);
  });

  test('imports nothing but Node, VS Code and its own chunks', () => {
    const specifiers = new Set<string>();
    for (const file of globSync('dist/{*,chunks/*,webview/*}.js', { cwd: unpacked() })) {
      const code = readFileSync(join(unpacked(), file), 'utf8');
      const { importedFiles } = ts.preProcessFile(code, true, true);
      for (const { fileName } of importedFiles) specifiers.add(fileName);
    }
    const known = (specifier: string): boolean =>
      specifier === 'vscode' ||
      specifier.startsWith('node:') ||
      builtinModules.includes(specifier) ||
      /^\.{1,2}\/[\w./-]+\.js$/.test(specifier);
    expect([...specifiers].filter(specifier => !known(specifier))).toEqual([]);
  });

  test('names the packages that are in its code, with their licences', () => {
    const notices = readFileSync(join(unpacked(), 'dist', 'ThirdPartyNotices.txt'), 'utf8');
    const sections = notices.split(/\n={100}\n\n/);
    const named = (name: string) =>
      sections.find(text => new RegExp(`^${name} \\d`, 'm').test(text)) ?? '';
    for (const name of ['@aws-sdk/client-s3', '@smithy/core', '@aws-crypto/crc32c']) {
      expect(named(name)).toContain('TERMS AND CONDITIONS');
    }
    for (const name of ['uplot', 'yauzl', 'csv-parse', 'p-limit']) {
      expect(named(name)).toContain('Permission is hereby granted');
    }
    expect(notices).toContain('GNU LESSER GENERAL PUBLIC LICENSE');
  });

  test('works when installed', async () => {
    const lines: string[] = [];
    const counts = await runHostTests(vsCode, {
      files: [join(ROOT, 'test', 'package', 'installed.host.ts')],
      extensionPath: false,
      extensionsFolder,
      env: {
        BUCKET_BRIGADE_EXTENSIONS_FOLDER: extensionsFolder,
        BUCKET_BRIGADE_SANDBOX_DATA: join(folder, 'sandbox'),
      },
      name: 'installed',
      print: line => lines.push(line),
    });
    expect(counts, lines.join('\n')).toMatchObject({ passed: 5, failed: 0, skipped: 0 });
  });
});
