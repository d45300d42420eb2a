import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const SSO = 'sso_account_id = 111122223333\nsso_role_name = Admin\nregion = eu-west-1\n';

/** Profiles as people have them, good and bad. */
const CONFIG =
  `[profile base]\nsso_session = corp\n${SSO}` +
  '[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = eu-west-1\n' +
  '[profile dev]\nrole_arn = arn:aws:iam::111122223333:role/Dev\nsource_profile = base\nregion = eu-west-1\n' +
  `[profile lost]\nsso_session = My Corp\n${SSO}` +
  '[profile my prof]\nregion = eu-west-1\n' +
  '[profile garage]\noutput = json\n';

describe('a connection and what it is made of', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bb-ui-conn-'));
  const config = path.join(folder, 'config');
  const credentials = path.join(folder, 'credentials');
  let workbench: Workbench;

  beforeAll(async () => {
    writeFileSync(config, CONFIG);
    writeFileSync(credentials, '[garage]\naws_access_key_id = GK\naws_secret_access_key = s\n');
    workbench = await openWorkbench({
      env: {
        AWS_CONFIG_FILE: config,
        AWS_SHARED_CREDENTIALS_FILE: credentials,
      },
    });
  });
  afterAll(async () => {
    await workbench.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const connection = (): Locator =>
    workbench.page.locator('[id="bucket-brigade.bucket-brigade.bucketBrigade.connection"]');

  test('a profile that can’t be used is listed and says why', async () => {
    await workbench.openContainer();
    await workbench.runCommand('Bucket Brigade: Select Connection…');
    const list = workbench.quickInput();
    await list
      .getByText(/sso_session names \[sso-session My Corp\], which doesn’t exist/)
      .waitFor();
    await list.getByText(/Put the name of \[profile my prof\] in quotation marks/).waitFor();
    await list.getByText('IAM Identity Center').first().waitFor();
    await workbench.screenshots('connections-problems');
    await workbench.pick('lost');
    await workbench.message('which doesn’t exist');
    await workbench.screenshots('connections-problem-chosen');
    await workbench.page.getByRole('button', { name: 'Open File' }).click();
    await workbench.page.locator('.tab', { hasText: 'config' }).first().waitFor();
  });

  test('Sign In of a role signs in where its chain ends; the terminal stays to be read', async () => {
    await workbench.runCommand('Bucket Brigade: Select Connection…');
    await workbench.pick('dev');
    await workbench.row('dev: the credentials have expired or aren’t valid').waitFor();
    await workbench.runCommand('Bucket Brigade: Sign In…');
    const terminal = workbench.page.getByText('Sign in to AWS: dev').first();
    await terminal.waitFor();
    // With or without an aws CLI on this machine it ends at once: it says how it went, and stays.
    await workbench.page.waitForTimeout(3_000);
    await terminal.waitFor();
    await workbench.screenshots('connections-sign-in');
  });

  test('Show Connection says all of it, with where it is said', async () => {
    await workbench.runCommand('Bucket Brigade: Show Connection');
    const shown = workbench.preview();
    await shown.getByText('Role arn:aws:iam::111122223333:role/Dev').waitFor();
    await shown.getByText(/config \[profile dev\] region/).waitFor();
    await shown.getByText(/IAM Identity Center: role Admin of account 111122223333/).waitFor();
    await workbench.screenshots('connections-shown');
  });

  test('a message about one connection does nothing to another', async () => {
    await workbench.runCommand('Bucket Brigade: Select Connection…');
    await workbench.pick('Local Sandbox');
    await connection().filter({ hasText: 'Local Sandbox · 123456789012' }).waitFor();
    await workbench.message('the credentials have expired');
    await workbench.page.getByRole('button', { name: 'Retry' }).first().click();
    await workbench.message('the message was about dev, and Local Sandbox is selected now');
    await connection().filter({ hasText: 'Local Sandbox · 123456789012' }).waitFor();
  });

  test('at another address any name is a Region', async () => {
    const file = path.join(workbench.sandboxFolder, 'sandbox.json');
    const record = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    writeFileSync(config, `${CONFIG}endpoint_url = ${record['endpoint']}\n`);
    writeFileSync(
      credentials,
      `[garage]\naws_access_key_id = ${record['accessKeyId']}\naws_secret_access_key = ${record['secretAccessKey']}\n`,
    );
    await workbench.runCommand('Bucket Brigade: Select Connection…');
    await workbench.pick('garage');
    await workbench.quickInput().getByText('Region of garage').waitFor();
    await workbench.type('garage');
    await workbench.quickInput().getByText('as typed').waitFor();
    await workbench.screenshots('connections-region');
    await workbench.type('us-east-1');
    await workbench.accept();
    await connection().filter({ hasText: 'garage · 123456789012' }).waitFor();
    await connection().hover();
    await workbench.page.getByText('All services').waitFor();
    await workbench.screenshots('connections-tooltip');
  });
});
