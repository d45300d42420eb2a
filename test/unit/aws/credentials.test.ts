import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClients } from '../../../src/aws/clients.ts';
import { plainSettings } from '../../../src/aws/connection/clientSettings.ts';
import { readConfigFiles } from '../../../src/aws/connection/configFiles.ts';
import { resolveConnection } from '../../../src/aws/connection/resolveConnection.ts';
import {
  renewingCredentials,
  type CredentialProvider,
} from '../../../src/aws/connection/credentials.ts';
import { headObject } from '../../../src/aws/objects/listing.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-credentials-'));
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_PROFILE', undefined);
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** The credentials of a profile, or of the environment. */
function credentialsOf(profile?: string): CredentialProvider {
  return renewingCredentials(async () => {
    const { credentials } = resolveConnection({ profile }, await readConfigFiles(), process.env);
    return { source: credentials, region: 'eu-west-1', settings: plainSettings() };
  });
}

describe('the credentials of a connection', () => {
  const keys = (name: string, id: string) =>
    `[${name}]\naws_access_key_id = ${id}\naws_secret_access_key = secret-${id}\n`;

  it('picks up a credentials file that has changed', async () => {
    const file = join(folder, 'credentials');
    await writeFile(file, keys('p', 'ONE'));
    const provider = credentialsOf('p');
    expect(await provider()).toMatchObject({ accessKeyId: 'ONE', secretAccessKey: 'secret-ONE' });
    await writeFile(file, keys('p', 'TWO'));
    await utimes(file, new Date(), new Date(Date.now() + 5_000));
    expect(await provider()).toMatchObject({ accessKeyId: 'TWO' });
  });

  it('runs a credential process once, and again when its credentials are about to expire', async () => {
    const script = join(folder, 'process.cjs');
    const count = join(folder, 'count');
    await writeFile(
      script,
      `const fs = require('node:fs'); fs.appendFileSync(${JSON.stringify(count)}, 'x');
       const runs = fs.readFileSync(${JSON.stringify(count)}, 'utf8').length;
       const lifetime = runs === 1 ? 3600e3 : 60e3;
       console.log(JSON.stringify({ Version: 1, AccessKeyId: 'RUN' + runs, SecretAccessKey: 's',
         Expiration: new Date(Date.now() + lifetime).toISOString() }));`,
    );
    await writeFile(
      join(folder, 'config'),
      `[profile p]\ncredential_process = "${process.execPath}" "${script}"\n`,
    );
    const provider = credentialsOf('p');
    const [first, second] = await Promise.all([provider(), provider()]);
    expect(first.accessKeyId).toBe('RUN1');
    expect(second.accessKeyId).toBe('RUN1');
    expect((await provider()).accessKeyId).toBe('RUN1');
    await utimes(join(folder, 'config'), new Date(), new Date(Date.now() + 5_000));
    expect((await provider()).accessKeyId).toBe('RUN2');
    expect((await provider()).accessKeyId).toBe('RUN3');
  });

  it('are said not to be there, by a profile that names none', async () => {
    await writeFile(join(folder, 'config'), '[profile empty]\nregion = eu-west-1\n');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'E');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S');
    await expect(credentialsOf('empty')()).rejects.toMatchObject({ code: 'CredentialsMissing' });
    await expect(credentialsOf('nobody')()).rejects.toMatchObject({ code: 'Misconfigured' });
  });

  it('never look like an object that is not there when their token is gone', async () => {
    const tokenFile = join(folder, 'token');
    const role = `role_arn = arn:aws:iam::123456789012:role/r\nweb_identity_token_file = ${tokenFile}\n`;
    await writeFile(join(folder, 'config'), `[profile p]\n${role}`);
    const config = { region: 'eu-west-1', credentials: credentialsOf('p') };
    const clients = createClients(config, { accountId: '123456789012', partition: 'aws' });
    const looking = headObject(clients.s3(), { bucket: 'photos', key: 'a.png' });
    await expect(looking).rejects.toMatchObject({
      code: 'Misconfigured',
      cause: { problem: { kind: 'unreadable', file: tokenFile, why: 'ENOENT' } },
    });
    clients.destroy();
  });

  it('say what a credential process does wrong, and of which profile', async () => {
    await writeFile(join(folder, 'config'), '[profile mine]\ncredential_process = echo no\n');
    await expect(credentialsOf('mine')()).rejects.toMatchObject({
      code: 'CredentialsMissing',
      message: 'credential_process of the profile mine: echo returned no credentials',
    });
  });

  it('are the environment’s without a profile', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'E');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S');
    expect(await credentialsOf()()).toMatchObject({ accessKeyId: 'E' });
  });

  it('are never in what is shown or logged of a connection', async () => {
    await writeFile(join(folder, 'credentials'), keys('p', 'ONE'));
    const settings = resolveConnection({ profile: 'p' }, await readConfigFiles(), process.env);
    expect(JSON.stringify(settings)).not.toContain('ONE');
  });
});
