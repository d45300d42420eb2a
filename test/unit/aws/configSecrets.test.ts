import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainSettings } from '../../../src/aws/connection/clientSettings.ts';
import { readConfigFiles } from '../../../src/aws/connection/configFiles.ts';
import { resolveSource } from '../../../src/aws/connection/credentialProviders.ts';
import { resolveConnection } from '../../../src/aws/connection/resolveConnection.ts';
import { configSentence } from '../../../src/connections/describeConfigProblem.ts';
import { connectionReport } from '../../../src/connections/connectionReport.ts';
import { errorForLog } from '../../../src/vscode/errorLog.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const ID = 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-secrets-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function filesWith(credentials: string) {
  const env = {
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
  };
  await writeFile(env.AWS_SHARED_CREDENTIALS_FILE, credentials);
  return await readConfigFiles(env);
}

async function failureOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  throw new Error('It did not fail');
}

/** What anything could show of an error. */
function shown(error: unknown): string {
  const sentence = configSentence(error);
  const all = [error, sentence];
  return all.flatMap(at => [inspect(at, { depth: 9 }), errorForLog(at)]).join('\n');
}

describe('a secret in a broken config file is in no error', () => {
  it('nor is the password of an address', async () => {
    const files = await filesWith(
      `[p]\n${ID}endpoint_url = https://someone:hunter2@s3.example.com\n`,
    );
    const error = await failureOf(() => resolveConnection({ profile: 'p' }, files, {}));
    expect(shown(error)).toContain('//…@s3.example.com');
    expect(shown(error)).not.toMatch(/someone|hunter2/);
  });

  it.each([
    ['without =', `${ID}aws_secret_access_key ${SECRET}\n`, 3],
    ['on a line of its own', `${ID}aws_secret_access_key =\n${SECRET}\n`, 4],
    ['on an indented next line', `${ID}aws_secret_access_key =\n\n  # mine\n  ${SECRET}\n`, 6],
    ['below the Region', `region = eu-west-1\n  aws_secret_access_key ${SECRET}\n${ID}`, 3],
    ['below the role', `role_arn = arn:aws:iam::1:role/a\n  aws_secret ${SECRET}\n`, 3],
  ])('%s', async (_name, text, line) => {
    const files = await filesWith(`[p]\n${text}`);
    const error = await failureOf(() => resolveConnection({ profile: 'p' }, files, {}));
    expect(error).toMatchObject({ code: 'Misconfigured', cause: { problem: { line } } });
    expect(shown(error)).toContain(`Line ${line} isn’t`);
    expect(shown(error)).not.toContain(SECRET.slice(0, 6));
  });

  it('before any section', async () => {
    const { problems } = await filesWith(`aws_secret_access_key = ${SECRET}\n[p]\n${ID}`);
    expect(problems).toMatchObject([{ kind: 'line', fault: 'noSection', line: 1 }]);
    expect(JSON.stringify(problems)).not.toContain(SECRET.slice(0, 6));
  });

  it('in the arguments of a program that fails', async () => {
    const command = `"${process.execPath}" -e "console.error('no luck');process.exit(3)" ${SECRET}`;
    const files = await filesWith(`[p]\ncredential_process = ${command}\n`);
    const settings = resolveConnection({ profile: 'p' }, files, {});
    const connection = { id: 'profile:p', label: 'p', region: 'eu-west-1' };
    expect(connectionReport({ connection, identity: undefined, settings })).not.toContain(SECRET);
    const request = { region: 'eu-west-1', settings: plainSettings() };
    const error = await failureOf(() =>
      resolveSource({ ...request, source: settings.credentials }),
    );
    expect(error).toMatchObject({ code: 'CredentialsMissing' });
    expect(shown(error)).toMatch(/\[p\], node(\.exe)?, failed \(3\)/);
    // What it printed may be as secret as its arguments.
    expect(shown(error)).not.toContain('no luck');
    expect(shown(error)).not.toContain(SECRET.slice(0, 6));
  });
});
