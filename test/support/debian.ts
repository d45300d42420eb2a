import { findOnPath, runOrFail } from './exec.ts';

/**
 * Installs Debian packages where that may be done without asking (root, apt-get); `why` completes the
 * sentence of the error that says what to install otherwise.
 *
 * @throws Error naming the packages when they can't be installed from here.
 */
export async function installDebianPackages(
  packages: readonly string[],
  why: string,
): Promise<void> {
  if (process.getuid?.() !== 0 || !findOnPath('apt-get')) {
    throw new Error(
      `Install ${packages.join(' ')} ${why} (on Debian: sudo apt-get install ${packages.join(' ')}), ` +
        'or name a desktop VS Code in BUCKET_BRIGADE_VSCODE.',
    );
  }
  console.error(`Installing Debian packages ${packages.join(' ')} ${why} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runOrFail('apt-get', ['update', '-qq'], { env });
  await runOrFail('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    env,
  });
}
