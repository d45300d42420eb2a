import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { credentialsFor, environmentSettings, listProfiles } from '../../../src/aws/credentials.ts';
import { toBrigadeError } from '../../../src/aws/errors.ts';

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

async function resolve(source: Parameters<typeof credentialsFor>[0]) {
  const credentials = credentialsFor(source);
  return typeof credentials === 'function' ? credentials() : credentials;
}

describe('listProfiles', () => {
  it('reads both files, and reads them again', async () => {
    expect(await listProfiles()).toEqual([]);
    await writeFile(
      join(folder, 'config'),
      '[default]\nregion = eu-west-1\n' +
        '[profile work]\nsso_session = corp\nregion=us-east-2\n' +
        '[sso-session corp]\nsso_region = us-east-1\n' +
        '[profile minio]\nendpoint_url = http://127.0.0.1:9000\n' +
        '[profile split]\nservices = mine\nendpoint_url = http://127.0.0.1:1\n' +
        '[services mine]\ns3 =\n  endpoint_url = http://127.0.0.1:2\n',
    );
    await writeFile(join(folder, 'credentials'), '[keys]\naws_access_key_id = A\n');
    expect(await listProfiles()).toEqual([
      { name: 'default', region: 'eu-west-1', endpoint: undefined, sso: false },
      { name: 'work', region: 'us-east-2', endpoint: undefined, sso: true },
      { name: 'minio', region: undefined, endpoint: 'http://127.0.0.1:9000', sso: false },
      { name: 'split', region: undefined, endpoint: 'http://127.0.0.1:2', sso: false },
      { name: 'keys', region: undefined, endpoint: undefined, sso: false },
    ]);
  });
});

describe('credentialsFor', () => {
  const keys = (name: string, id: string) =>
    `[${name}]\naws_access_key_id = ${id}\naws_secret_access_key = secret-${id}\n`;

  it('hands fixed credentials back', async () => {
    const fixed = { accessKeyId: 'A', secretAccessKey: 'S' };
    expect(await resolve(fixed)).toBe(fixed);
  });

  it('picks up a credentials file that has changed', async () => {
    const file = join(folder, 'credentials');
    await writeFile(file, keys('p', 'ONE'));
    const provider = credentialsFor({ profile: 'p' });
    if (typeof provider !== 'function') throw new Error('a provider was expected');
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
    const provider = credentialsFor({ profile: 'p' });
    if (typeof provider !== 'function') throw new Error('a provider was expected');
    const [first, second] = await Promise.all([provider(), provider()]);
    expect(first.accessKeyId).toBe('RUN1');
    expect(second.accessKeyId).toBe('RUN1');
    expect((await provider()).accessKeyId).toBe('RUN1');
    await utimes(join(folder, 'config'), new Date(), new Date(Date.now() + 5_000));
    expect((await provider()).accessKeyId).toBe('RUN2');
    expect((await provider()).accessKeyId).toBe('RUN3');
  });

  it('says when there are none', async () => {
    await expect(resolve({ profile: 'nobody' })).rejects.toSatisfy(
      error => toBrigadeError(error).code === 'CredentialsMissing',
    );
  });

  it('uses the environment without a profile', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'E');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S');
    expect(await resolve({})).toMatchObject({ accessKeyId: 'E' });
  });
});

describe('environmentSettings', () => {
  it('reads the variables of the AWS tools', () => {
    expect(environmentSettings({})).toEqual({});
    expect(
      environmentSettings({
        AWS_DEFAULT_REGION: 'eu-west-1',
        AWS_REGION: 'eu-west-2',
        AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
        AWS_PROFILE: '',
      }),
    ).toEqual({ region: 'eu-west-2', endpoint: 'http://127.0.0.1:1' });
    expect(
      environmentSettings({
        AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
        AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
      }).endpoint,
    ).toBeUndefined();
  });
});
