import { cpSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { build } from '../support/build.ts';
import { runHostTests } from '../support/hostTests.ts';
import { ROOT } from '../support/paths.ts';
import type { VsCode } from '../support/vsCode.ts';

/** Where users' files of the extension are, besides what it is built into. */
const SHIPPED = ['package.json', 'package.nls.json', 'l10n', 'media', 'dist'];

/** Installs the extension as users get it; dist/ is left as developers have it. */
export async function installProductionExtension(extensionsFolder: string): Promise<void> {
  const folder = path.join(extensionsFolder, 'bucket-brigade.bucket-brigade-0.1.0');
  await build(true);
  for (const name of SHIPPED) {
    cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  }
  await build();
}

/** Installs an extension of the same kind of module that does nothing when it is activated. */
export async function installEmptyExtension(extensionsFolder: string, name: string): Promise<void> {
  const folder = path.join(extensionsFolder, `bench.${name}-0.0.1`);
  await mkdir(folder, { recursive: true });
  const manifest = {
    name,
    publisher: 'bench',
    version: '0.0.1',
    type: 'module',
    main: './extension.js',
    engines: { vscode: '^1.139.0' },
    activationEvents: [],
  };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(path.join(folder, 'extension.js'), 'export function activate() {}\n');
}

export interface HostMeasurement {
  readonly name: string;
  readonly extensionsFolder: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Opens a workbench whose extension host runs a measuring module of this folder. */
export async function measureInHost<Figures>(
  vsCode: VsCode,
  { name, extensionsFolder, env = {} }: HostMeasurement,
): Promise<Figures> {
  const lines: string[] = [];
  const { failed } = await runHostTests(vsCode, {
    name: `bench-${name}`,
    files: [path.join(ROOT, 'test', 'bench', `${name}.host.ts`)],
    extensionPath: false,
    extensionsFolder,
    env,
    print: text => lines.push(text),
  });
  const figures = lines.find(line => line.startsWith('{'));
  if (failed > 0 || figures === undefined) throw new Error(lines.join('\n'));
  return JSON.parse(figures) as Figures;
}
