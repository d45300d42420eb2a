// `npm start`: a VS Code with the extension, connected to a sandbox that holds the lab.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildWhenStale } from './build.ts';
import { findOnPath } from './exec.ts';
import { OUT, ROOT } from './paths.ts';
import { quietSettings } from './settings.ts';
import { findVsCode, type WebVsCode } from './vsCode.ts';
import { startWebServer } from './webServer.ts';

/** Kept between starts, so that what a person did in the sandbox is still there. */
const FOLDER = join(OUT, 'start');
const WORKSPACE = join(FOLDER, 'workspace');

const env = {
  BUCKET_BRIGADE_CONNECTION: 'sandbox',
  BUCKET_BRIGADE_SANDBOX_DATA: join(FOLDER, 'sandbox'),
};

function prepareWorkspace(): void {
  mkdirSync(WORKSPACE, { recursive: true });
  writeFileSync(
    join(WORKSPACE, 'README.md'),
    `# Bucket Brigade on a local sandbox

Click the bucket in the activity bar. In **Buckets**, open \`assets-…\`, right-click \`manifest.csv\`
and choose **Create Tagging Job…**; then run the job in **Batch Jobs**.

To have every upload resized, right-click \`images-…\` and choose **Deploy Resize Function…**; then
drop this folder's \`image5.png\` on that bucket and look into \`images-…-resized\`.

Nothing here reaches AWS. **Bucket Brigade: Reset Sandbox…** begins anew.
`,
  );
  // The lab's picture that its bucket does not have yet.
  copyFileSync(join(ROOT, 'dist', 'lab', 'image5.png'), join(WORKSPACE, 'image5.png'));
}

/** Installs this checkout in place, so that VS Code is the one people have and not one under test. */
function installCheckout(): string {
  const folder = join(FOLDER, 'extensions');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  symlinkSync(ROOT, join(folder, 'bucket-brigade'), 'junction');
  return folder;
}

async function openWeb(vsCode: WebVsCode): Promise<void> {
  const settings = { ...quietSettings('dark'), 'workbench.startupEditor': 'readme' };
  const server = await startWebServer(vsCode, {
    ...{ folder: FOLDER, settings, env },
    extensionsFolder: installCheckout(),
    forPerson: true,
  });
  const address = server.address({ workspaceFolder: WORKSPACE });
  console.log(`\nOpen in a browser (Ctrl-C ends it):\n\n  ${address}\n`);
  const stop = (): void => void server.close().then(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

function openDesktop(executable: string): void {
  const child = spawn(
    executable,
    [
      `--extensionDevelopmentPath=${ROOT}`,
      `--user-data-dir=${join(FOLDER, 'user')}`,
      `--extensions-dir=${join(FOLDER, 'extensions')}`,
      '--disable-workspace-trust',
      WORKSPACE,
    ],
    { env: { ...process.env, ...env }, stdio: 'inherit' },
  );
  child.once('exit', code => process.exit(code ?? 0));
}

/** The VS Code a person has: `code` on the PATH, if it is a desktop one that starts. */
function installedVsCode(): string | undefined {
  if (process.env['BUCKET_BRIGADE_VSCODE']) return undefined;
  const command = findOnPath('code');
  if (command === undefined) return undefined;
  if (process.platform !== 'win32') {
    return spawnSync(command, ['--version']).status === 0 ? command : undefined;
  }
  // There it is a script in bin/ that only a shell runs; the program is in the folder above.
  const program = join(command, '..', '..', 'Code.exe');
  return existsSync(program) ? program : undefined;
}

await buildWhenStale();
prepareWorkspace();
const installed = installedVsCode();
if (installed) {
  openDesktop(installed);
} else {
  const vsCode = await findVsCode();
  console.log(vsCode.label);
  if (vsCode.kind === 'web') await openWeb(vsCode);
  else openDesktop(vsCode.executable);
}
