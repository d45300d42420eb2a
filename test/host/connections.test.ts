import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { BrigadeError } from '../../src/aws/errors.ts';
import { describeError } from '../../src/vscode/describeError.ts';
import { listSources } from '../../src/connections/connectionSources.ts';
import { openSession } from '../../src/connections/openSession.ts';
import { isAlive } from '../support/processes.ts';
import { signIn } from '../../src/connections/signIn.ts';
import { watchCredentialFiles } from '../../src/connections/credentialFiles.ts';
import { sandboxError } from '../../src/connections/sandboxError.ts';
import { SandboxStartError, type SandboxFailure } from '../../src/connections/sandboxProcess.ts';

const VARIABLES = [
  ...['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_PROFILE', 'AWS_REGION'],
  ...['AWS_DEFAULT_REGION', 'AWS_DEFAULT_PROFILE', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3'],
];

/** Runs the tests of a suite with AWS's variables and files as they say, not the machine's. */
function withAwsFiles(config: string): { readonly folder: string } {
  const saved = { ...process.env };
  const folder = mkdtempSync(path.join(tmpdir(), 'bb-aws-'));
  const clean = (): void => {
    for (const name of VARIABLES) process.env[name] = '';
    process.env['AWS_CONFIG_FILE'] = path.join(folder, 'config');
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = path.join(folder, 'credentials');
  };
  before(() => {
    writeFileSync(path.join(folder, 'config'), config);
    writeFileSync(path.join(folder, 'credentials'), '');
    clean();
  });
  afterEach(clean);
  after(() => {
    for (const name of VARIABLES) {
      if (saved[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = saved[name];
    }
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder };
}

describe('the connections to choose from', () => {
  withAwsFiles(`[default]
region = eu-west-1
[profile photos]
region = eu-north-1
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin
[profile minio]
endpoint_url = http://127.0.0.1:9000
[sso-session corp]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-north-1
[profile broken]
sso_session = gone
`);

  it('are the profiles, with what they say, and the environment', async () => {
    const { problem, ...broken } = (await listSources()).find(({ id }) => /broken/.test(id)) ?? {};
    assert.deepEqual(broken, { id: 'profile:broken' });
    assert.match(
      describeError(problem),
      /^sso_session names \[sso-session gone\], which doesn’t exist \(\[profile broken\] in .+config\)/,
    );
    assert.deepEqual(
      (await listSources()).filter(source => !source.problem),
      [
        { id: 'profile:default', region: 'eu-west-1', endpoint: undefined, signIn: 'none' },
        { id: 'profile:photos', region: 'eu-north-1', endpoint: undefined, signIn: 'sso' },
        {
          ...{ id: 'profile:minio', region: undefined },
          ...{ endpoint: 'http://127.0.0.1:9000', signIn: 'none' },
        },
        { id: 'environment', region: 'eu-west-1', endpoint: undefined, signIn: 'instance' },
      ],
    );
  });

  it('take the environment’s Region from its variables', async () => {
    process.env['AWS_DEFAULT_REGION'] = 'sa-east-1';
    assert.equal((await listSources()).at(-1)?.region, 'sa-east-1');
  });

  it('take the environment’s Region from the profile that it names', async () => {
    process.env['AWS_PROFILE'] = 'photos';
    assert.deepEqual((await listSources()).at(-1), {
      id: 'environment',
      region: 'eu-north-1',
      endpoint: undefined,
      signIn: 'sso',
    });
  });
});

describe('the credentials files', () => {
  const { folder } = withAwsFiles('');

  it('are watched: a change is told once the writing is over', async () => {
    const told = Promise.withResolvers<boolean>();
    const watcher = watchCredentialFiles(() => told.resolve(true));
    // The watching begins in another process, a moment after; a change before that is missed.
    const writing = setInterval(() => {
      writeFileSync(path.join(folder, 'credentials'), `[written-at-${Date.now()}]\n`);
    }, 1_500);
    try {
      await told.promise;
    } finally {
      clearInterval(writing);
      watcher.dispose();
    }
  });
});

describe('a sandbox that does not start', () => {
  const sandbox = { dataDir: '/home/me/sandbox', port: 4100 } as never;
  const say = (failure: SandboxFailure): string => {
    const error = sandboxError(new SandboxStartError(failure, 'EXXX: reason\nexit 1'), sandbox);
    assert.ok(error instanceof BrigadeError);
    assert.equal(error.code, failure === 'stopped' ? 'SandboxStopped' : 'SandboxFailed');
    return error.message;
  };

  it('says what to do, naming the port and its setting', () => {
    assert.match(say('portTaken'), /4100.*bucketBrigade\.sandbox\.port/);
  });

  it('names its folder', () => {
    for (const failure of ['dataFolder', 'diskFull', 'inUse'] as const) {
      assert.ok(say(failure).includes('/home/me/sandbox'), failure);
    }
  });

  it('says the rest in a sentence too', () => {
    for (const failure of ['timeout', 'crashed', 'stopped'] as const) {
      assert.match(say(failure), /^The local sandbox .+/);
    }
  });
});

describe('a profile whose credential_process hangs', () => {
  const { folder } = withAwsFiles('');
  const pidFile = path.join(folder, 'pid');
  const helper = path.join(folder, 'helper.cjs');

  it('is given up when connecting is cancelled, and its program is ended', async () => {
    writeFileSync(
      helper,
      `require('node:fs').writeFileSync(${JSON.stringify(pidFile)}, process.pid + '.');
       setInterval(() => {}, 1000);`,
    );
    writeFileSync(
      path.join(folder, 'config'),
      `[profile slow]\nregion = eu-west-1\ncredential_process = node "${helper}" hunter2\n`,
    );
    const memory = { details: () => ({}) };
    const connection = { id: 'profile:slow', label: 'AWS profile slow', region: 'eu-west-1' };
    const controller = new AbortController();
    const opening = openSession(connection, { memory } as never, controller.signal);
    const failed = opening.then(
      () => assert.fail('It was opened'),
      (error: unknown) => error,
    );
    const pid = await soon(() => {
      const text = existsSync(pidFile) ? readFileSync(pidFile, 'utf8') : '';
      return text.endsWith('.') ? parseInt(text) : undefined;
    });
    controller.abort();
    const error = await failed;
    assert.ok(error instanceof BrigadeError);
    assert.equal(error.code, 'Cancelled');
    assert.equal(describeError(error), 'Connecting to AWS profile slow was cancelled.');
    await soon(() => !isAlive(pid));
  });
});

/** Waits until there is something. */
async function soon<T>(find: () => T | undefined | false): Promise<T> {
  for (;;) {
    const found = find();
    if (found !== undefined && found !== false) return found;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

describe('signing in', () => {
  const sso = 'sso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Admin\n';
  withAwsFiles(`[profile base]
${sso}[sso-session corp]
sso_start_url = https://corp.example/start
sso_region = eu-west-1
[profile dev]
role_arn = arn:aws:iam::111122223333:role/Dev
source_profile = base
[profile console]
login_session = arn:aws:iam::111122223333:user/me
[profile keys]
aws_access_key_id = AKIDEXAMPLE
aws_secret_access_key = secret
`);

  /** The command line of the terminal that opens, or the file. */
  async function signInOf(id: string): Promise<string> {
    const memory = { details: () => ({}) };
    const before = new Set(vscode.window.terminals);
    await signIn({ current: undefined, memory } as never, id);
    const terminal = vscode.window.terminals.find(
      opened => !before.has(opened) && 'pty' in opened.creationOptions,
    );
    if (!terminal) return vscode.window.activeTextEditor?.document.fileName ?? '';
    const { pty } = terminal.creationOptions as vscode.ExtensionTerminalOptions;
    const first = new Promise<string>(resolve => pty.onDidWrite(resolve));
    pty.open(undefined);
    const line = (await first).trim();
    terminal.dispose();
    return line;
  }

  it('goes where the credentials at the end of the chain come from', async () => {
    assert.equal(await signInOf('profile:dev'), '> aws sso login --profile base');
    assert.equal(await signInOf('profile:base'), '> aws sso login --profile base');
    assert.equal(await signInOf('profile:console'), '> aws login --profile console');
    assert.equal(await signInOf('profile:keys'), process.env['AWS_CONFIG_FILE']);
  });

  it('of the environment goes where AWS_PROFILE leads', async () => {
    process.env['AWS_PROFILE'] = 'dev';
    assert.equal(await signInOf('environment'), '> aws sso login --profile base');
  });
});
