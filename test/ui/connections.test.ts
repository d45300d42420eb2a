import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const ACCOUNT = '123456789012';

interface SandboxRecord {
  readonly pid: number;
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const awsFolder = mkdtempSync(path.join(tmpdir(), 'bb-ui-aws-'));
const config = path.join(awsFolder, 'config');
const credentials = path.join(awsFolder, 'credentials');
let workbench: Workbench;

beforeAll(async () => {
  writeFileSync(config, '[profile photos]\nregion = eu-west-1\n');
  writeFileSync(credentials, '');
  workbench = await openWorkbench({
    env: { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: credentials },
  });
});

afterAll(async () => {
  await workbench.close();
  rmSync(awsFolder, { recursive: true, force: true });
});

/** Our item in the status bar. */
function connection(): Locator {
  return workbench.page.locator('[id="bucket-brigade.bucket-brigade.bucketBrigade.connection"]');
}

async function connectionReads(text: string | RegExp): Promise<void> {
  await connection().filter({ hasText: text }).waitFor();
}

function sandboxRecord(): SandboxRecord {
  const file = path.join(workbench.sandboxFolder, 'sandbox.json');
  return JSON.parse(readFileSync(file, 'utf8')) as SandboxRecord;
}

function writeProfile(secretAccessKey: string): void {
  const { endpoint, accessKeyId } = sandboxRecord();
  writeFileSync(config, `[profile lab]\nendpoint_url = ${endpoint}\n`);
  const keys = `aws_access_key_id=${accessKeyId}\naws_secret_access_key=${secretAccessKey}`;
  writeFileSync(credentials, `[lab]\n${keys}\n`);
}

test('before the first choice nothing runs and the views say what can be done', async () => {
  await workbench.openContainer();
  await workbench.page.getByText('Start Local Sandbox').first().waitFor();
  await expect.poll(() => connection().count()).toBe(0);
  expect(existsSync(workbench.sandboxFolder)).toBe(false);
});

test('the sandbox starts at the press of a button; the status bar says whose data is shown', async () => {
  await workbench.page.getByText('Start Local Sandbox').first().click();
  await connectionReads(`Local Sandbox · ${ACCOUNT} · us-east-1`);
  await connection().click();
  await workbench.quickInput().getByText('running · current').waitFor();
  await workbench.screenshot('connections-dark');
  await workbench.dismiss();
});

test('a profile without a Region is asked for it; keys that AWS refuses are said to be refused', async () => {
  writeProfile('wrong');
  await workbench.runCommand('Bucket Brigade: Select Connection…');
  await workbench.pick('lab');
  await workbench.quickInput().getByText('Region of lab').waitFor();
  await workbench.type('us-east-1');
  await workbench.accept();
  await connectionReads('lab · us-east-1');
  await workbench.row('lab: the credentials have expired or aren’t valid').waitFor();
  await expect.poll(() => workbench.row('images-').count()).toBe(0);
  await workbench.screenshot('credentials-refused-dark');
});

test('new keys in the credentials file are taken without being told', async () => {
  writeProfile(sandboxRecord().secretAccessKey);
  await connectionReads(`lab · ${ACCOUNT} · us-east-1`);
  await workbench.row('images-').waitFor();
});

test('a sandbox that was killed starts again when it is needed', async () => {
  await workbench.runCommand('Bucket Brigade: Select Connection…');
  await workbench.pick('Local Sandbox');
  await connectionReads(`Local Sandbox · ${ACCOUNT}`);
  const { pid } = sandboxRecord();
  process.kill(pid, 'SIGKILL');
  await workbench.runCommand('Bucket Brigade: Refresh Buckets');
  // Whichever view reads first starts it; the status bar's word in between may be too short to see.
  await expect.poll(() => sandboxRecord().pid, { timeout: 20_000 }).not.toBe(pid);
  await connectionReads(`Local Sandbox · ${ACCOUNT}`);
  await workbench.row('images-').waitFor();
});

test('the environment for a terminal goes to the clipboard', async () => {
  await workbench.runCommand('Bucket Brigade: Copy Sandbox Environment Variables');
  await workbench.statusBar('Copied').waitFor();
  const { endpoint, secretAccessKey } = sandboxRecord();
  const copied = await workbench.page.evaluate('navigator.clipboard.readText()');
  expect(copied).toContain(`export AWS_ENDPOINT_URL='${endpoint}'\n`);
  expect(copied).toContain(`export AWS_SECRET_ACCESS_KEY='${secretAccessKey}'\n`);
});

test('a reset names what is deleted, and starts again', async () => {
  const before = sandboxRecord();
  await workbench.runCommand('Bucket Brigade: Reset Sandbox…');
  await workbench.dialog().getByText(workbench.sandboxFolder).waitFor();
  await workbench.screenshot('reset-dark');
  await workbench.dialogButton('Delete and Reset');
  await expect
    .poll(() => existsSync(workbench.sandboxFolder) && sandboxRecord().pid, { timeout: 20_000 })
    .not.toBe(before.pid);
  await connectionReads(`Local Sandbox · ${ACCOUNT}`);
  await workbench.row('images-').waitFor();
  expect(sandboxRecord().secretAccessKey).not.toBe(before.secretAccessKey);
});

test('a sandbox that the user stopped stays stopped until it is asked for', async () => {
  await workbench.runCommand('Bucket Brigade: Stop Sandbox');
  await connectionReads(/Local Sandbox\s*$/);
  await workbench.page.getByText('The local sandbox is stopped.').first().waitFor();
  await workbench.screenshot('sandbox-stopped-dark');
  await workbench.page.getByText('Start Local Sandbox').first().click();
  await workbench.row('images-').waitFor();
});
