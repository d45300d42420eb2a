import { findOnPath } from './exec.ts';
import { installDebianPackages } from './debian.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** For a browser that shows the workbench: nothing of its own over the network, no GPU, and time to start. */
export const LAUNCH_OPTIONS = {
  timeout: 120_000,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/**
 * A Chromium to show the workbench in: `BUCKET_BRIGADE_CHROMIUM`, one on the PATH, or Debian's.
 *
 * @throws Error saying what to install when there is none and it may not be installed.
 */
export async function findChromium(): Promise<string> {
  const named = process.env['BUCKET_BRIGADE_CHROMIUM'];
  if (named) return named;
  const present = findFirst();
  if (present) return present;
  const packages = ['chromium', 'fonts-liberation', 'fonts-nanum', 'fonts-noto-color-emoji'];
  await installDebianPackages(packages, 'to show the VS Code workbench');
  const installed = findFirst();
  if (!installed) throw new Error('Chromium was installed but is not on the PATH.');
  return installed;
}

function findFirst(): string | undefined {
  return NAMES.map(findOnPath).find(path => path !== undefined);
}
