import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { programOf, runCredentialProcess } from '../../../src/aws/connection/credentialProcess.ts';
import { configSentence } from '../../../src/connections/describeConfigProblem.ts';
import { isAlive } from '../../support/processes.ts';

const SECRET = 'wJalrXUtnFEMI';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-process-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A source whose program is this script, with a secret among its arguments. */
async function sourceOf(script: string) {
  const file = join(folder, 'helper.cjs');
  await writeFile(file, script);
  const command = `"${process.execPath}" "${file}" ${SECRET}`;
  return { kind: 'process', profile: 'dev', command, origin: { kind: 'default' } } as const;
}

/** Prints these members of an answer. */
const printing = (answer: object): string =>
  `console.log(${JSON.stringify(JSON.stringify(answer))})`;

async function failureOf(running: Promise<unknown>): Promise<unknown> {
  return await running.then(
    () => expect.unreachable('It did not fail'),
    (error: unknown) => error,
  );
}

/** All that anything could show of an error. */
function shown(error: unknown): string {
  const said = configSentence(error, 'AWS profile dev');
  return [error, said].map(at => inspect(at, { depth: 9 })).join('\n');
}

const KEYS = { Version: 1, AccessKeyId: 'AKID', SecretAccessKey: 's3cret' };

describe('a credential_process', () => {
  it('returns what it prints', async () => {
    const Expiration = new Date(Date.now() + 3_600_000).toISOString();
    const source = await sourceOf(printing({ ...KEYS, SessionToken: 't', Expiration }));
    expect(await runCredentialProcess(source)).toEqual({
      accessKeyId: 'AKID',
      secretAccessKey: 's3cret',
      sessionToken: 't',
      expiration: new Date(Expiration),
    });
  });

  it('is not waited for where it leaves a program running that holds its output', async () => {
    const source = await sourceOf(
      `const { spawn } = require('node:child_process');
       const left = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'],
         { stdio: ['ignore', 'inherit', 'ignore'], detached: true });
       left.unref();
       require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'left'))}, String(left.pid));
       ${printing(KEYS)}`,
    );
    try {
      expect(await runCredentialProcess(source)).toMatchObject({ accessKeyId: 'AKID' });
    } finally {
      process.kill(Number(await readFile(join(folder, 'left'), 'utf8')), 'SIGKILL');
    }
  });

  it.each([
    ['no JSON', `console.log('${SECRET}')`, /returned no credentials/],
    ['another version', printing({ ...KEYS, Version: 2 }), /returned no credentials/],
    ['no key', printing({ Version: 1, SecretAccessKey: SECRET }), /returned no credentials/],
    ['no date', printing({ ...KEYS, Expiration: 'soon' }), /returned no credentials/],
    ['old keys', printing({ ...KEYS, Expiration: '2020-01-01T00:00:00Z' }), /have expired/],
    ['too much', `console.log('x'.repeat(2e6))`, /returned no credentials/],
    ['a failure', `console.error('${SECRET}'); process.exitCode = 3`, /failed \(3\)/],
  ])('that returns %s is an error without its arguments and output', async (_, script, said) => {
    const error = await failureOf(runCredentialProcess(await sourceOf(script)));
    expect(error).toMatchObject({ code: 'CredentialsMissing' });
    expect(configSentence(error, 'AWS profile dev')).toMatchObject({
      code: 'Misconfigured',
      message: expect.stringMatching(
        new RegExp(`^AWS profile dev: The credential_process of \\[dev\\], node.*${said.source}`),
      ) as string,
    });
    expect(shown(error)).not.toMatch(new RegExp(`${SECRET}|helper\\.cjs|s3cret`));
  });

  it('that hangs is ended at its limit', async () => {
    const running = runCredentialProcess(await sourceOf('setInterval(() => {}, 1000)'), {
      limitMs: 1_000,
    });
    const error = await failureOf(running);
    expect(configSentence(error)).toMatchObject({
      message: expect.stringMatching(
        /\[dev\], node(\.exe)?, returned nothing within 1 seconds/,
      ) as string,
    });
    expect(shown(error)).not.toContain(SECRET);
  });

  it('that is cancelled is ended with what it started, even if it ignores that', async () => {
    const pidsFile = join(folder, 'pids');
    const ignoring = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`;
    const source = await sourceOf(
      `const { spawn } = require('node:child_process');
       const child = spawn(process.execPath, ['-e', ${JSON.stringify(ignoring)}]);
       require('node:fs').writeFileSync(${JSON.stringify(pidsFile)}, process.pid + ' ' + child.pid + ' .');
       ${ignoring}`,
    );
    const controller = new AbortController();
    const running = failureOf(runCredentialProcess(source, { signal: controller.signal }));
    const written = async (): Promise<string> => await readFile(pidsFile, 'utf8').catch(() => '');
    await expect.poll(written).toMatch(/\.$/);
    const text = await written();
    const pids = text.split(' ').slice(0, 2).map(Number);
    expect(pids.filter(isAlive)).toEqual(pids);
    controller.abort();
    expect(await running).toMatchObject({ code: 'Cancelled' });
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  });

  it('is not even started when it is cancelled before', async () => {
    const file = join(folder, 'started');
    const source = await sourceOf(`require('node:fs').writeFileSync(${JSON.stringify(file)}, '')`);
    const running = runCredentialProcess(source, { signal: AbortSignal.abort() });
    await expect(running).rejects.toMatchObject({ code: 'Cancelled' });
    await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

it.each([
  ['aws-vault exec dev --json', 'aws-vault'],

  ['"C:\\Program Files\\corp\\helper.exe" --secret x', 'helper.exe'],
  ["'/opt/corp tools/helper' abc", 'helper'],
  [`TOKEN="a b" PIN=1 /usr/bin/helper abc`, 'helper'],
  ['', ''],
])('the program of %s is %s', (command, program) => {
  expect(programOf(command)).toBe(program);
});
