// `npm run lab -- --profile NAME` on a sandbox that plays an AWS account: by AWS's host names, over TLS, late.
import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { DescribeLogGroupsCommand, CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { ListJobsCommand } from '@aws-sdk/client-s3-control';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { controlClient, iamClient } from './controlClients.ts';
import { FunctionWorld } from './functionWorld.ts';
import { startTestSandbox, type TestSandbox } from './testSandbox.ts';
import { isPosix } from '../support/posix.ts';

/** Names like a run's, of somebody else. */
const FOREIGN = 'bblab-2601010000-abcdef';
/** A sandbox's configuration that makes it another account. */
const OTHER_ACCOUNT = JSON.stringify({
  accountId: '210987654321',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
});
const LAB = new URL('../lab/account/accountLab.ts', import.meta.url).href;
const SCRIPT = `const { accountLab } = await import(${JSON.stringify(LAB)});
process.exitCode = await accountLab(process.argv.slice(1));`;

let test: TestSandbox;
let world: FunctionWorld;
let home: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  test = await startTestSandbox({ likeAws: 60 });
  const { sandbox, s3 } = test;
  home = await mkdtemp(join(tmpdir(), 'account-'));
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(home, name), text);
    return join(home, name);
  };
  const keys = `aws_access_key_id = ${sandbox.accessKeyId}\naws_secret_access_key = ${sandbox.secretAccessKey}`;
  env = {
    PATH: process.env['PATH'],
    ...{ HOME: home, USERPROFILE: home, SystemRoot: process.env['SystemRoot'] },
    // What the function is built of is there, and not downloaded into that home.
    BUCKET_BRIGADE_CACHE:
      process.env['BUCKET_BRIGADE_CACHE'] ?? join(homedir(), '.cache', 'bucket-brigade'),
    HTTPS_PROXY: sandbox.endpoint,
    NODE_EXTRA_CA_CERTS: await write('ca.pem', sandbox.authority!),
    AWS_CONFIG_FILE: await write('config', '[profile far]\nregion = us-east-1\n'),
    AWS_SHARED_CREDENTIALS_FILE: await write('credentials', `[far]\n${keys}\n`),
  };
  for (const Bucket of ['theirs', `images-${FOREIGN}`]) {
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(new PutObjectCommand({ Bucket, Key: 'theirs', Body: 'theirs' }));
  }
  world = await FunctionWorld.open(sandbox);
  await world.role(`S3BatchPutRole-${FOREIGN}`, 'lambda.amazonaws.com', []);
});
afterEach(async () => {
  await world.close();
  await test.close();
  await rm(home, { recursive: true, force: true });
});

interface Run {
  /** Waits until it has printed that. */
  readonly until: (text: string) => Promise<void>;
  /** Answers what it asks. */
  readonly type: (text: string) => void;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** As a terminal that is closed: nobody reads what it prints. */
  readonly hangUp: () => void;
  readonly ended: Promise<{ readonly code: number | null; readonly printed: string }>;
}

/** @param answer what is typed; null where the test types it itself */
function lab(args: readonly string[], answer: string | null = ''): Run {
  const options = ['--input-type=module', '--eval', SCRIPT, '--', '--profile', 'far'];
  const child = spawn(process.execPath, [...options, ...args], { env });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  }
  if (answer !== null) child.stdin.end(answer);
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, printed }));
  const until = async (text: string): Promise<void> => {
    while (!printed.includes(text)) {
      if (child.exitCode !== null) throw new Error(`It ended without "${text}":\n${printed}`);
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  };
  const hangUp = (): void => {
    child.stdout.destroy();
    child.stderr.destroy();
    child.kill('SIGHUP');
  };
  const type = (text: string): void => void child.stdin.end(text);
  return { until, kill: signal => child.kill(signal), type, hangUp, ended };
}

/** All that is in the account, by names. */
async function everything(): Promise<Record<string, readonly (string | undefined)[]>> {
  const { sandbox, s3 } = test;
  const logs = new CloudWatchLogsClient({ ...sandbox, credentials: sandbox });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const objects = await Promise.all(
    Buckets.map(async ({ Name: Bucket }) => {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
      return Contents.map(({ Key }) => `${Bucket}/${Key}`);
    }),
  );
  const { Roles = [] } = await iamClient(sandbox).send(new ListRolesCommand({}));
  const { Functions = [] } = await world.lambda.send(new ListFunctionsCommand({}));
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
  logs.destroy();
  return {
    buckets: Buckets.map(({ Name }) => Name),
    objects: objects.flat(),
    roles: Roles.map(({ RoleName }) => RoleName),
    functions: Functions.map(({ FunctionName }) => FunctionName),
    logGroups: logGroups.map(({ logGroupName }) => logGroupName),
  };
}

async function jobStatuses(): Promise<(string | undefined)[]> {
  const { accountId: AccountId } = test.sandbox;
  const control = controlClient(test.sandbox);
  const { Jobs = [] } = await control.send(new ListJobsCommand({ AccountId }));
  return [...new Set(Jobs.map(({ Status }) => Status))].sort();
}

describe('the lab on an account', () => {
  it.runIf(isPosix)(
    'removes everything, whether it passes, is interrupted, loses its terminal, or is killed and cleaned up',
    { timeout: 240_000 },
    async () => {
      const before = await everything();
      const passing = lab(['--yes']);
      const interrupted = lab([], 'y\n');
      const killed = lab(['--yes']);
      const unread = lab(['--yes']);
      // Each when it is there: one may be far ahead of another.
      await Promise.all([
        interrupted.until('1 make a batch job: job ').then(() => {
          // As npm and the terminal do.
          interrupted.kill('SIGINT');
          interrupted.kill('SIGINT');
        }),
        unread.until('1 make a batch job: job ').then(unread.hangUp),
        killed.until('4 wire the event: ').then(() => killed.kill('SIGKILL')),
      ]);

      const passed = await passing.ended;
      expect(passed.printed).toContain('5 passed, 0 failed');
      expect(passed.printed).toMatch(/costs about \$0\.2\d/);
      expect(passed.printed).toMatch(
        /5 see it work: .*200 px wide; CloudWatch shows Invocations \d, success rate 100 %/,
      );
      expect(passed.code).toBe(0);
      const { code, printed } = await interrupted.ended;
      expect(printed).toContain('Interrupted. Removing what was created.');
      expect(printed).toMatch(/Everything that the lab created in account \d{12} is removed\./);
      expect(code).toBe(130);
      expect((await unread.ended).code).toBe(130);
      await killed.ended;
      expect((await jobStatuses()).filter(status => status === 'Suspended')).toEqual([]);

      const remains = await everything();
      expect(remains['buckets']).toHaveLength(before['buckets']!.length + 3);
      const refused = await lab(['--clean'], 'n\n').ended;
      expect([refused.code, await everything()]).toEqual([1, remains]);
      expect(refused.printed).toContain(`not touched: images-${FOREIGN} has a matching name`);
      expect(refused.printed).toContain(
        `not touched: S3BatchPutRole-${FOREIGN} has a matching name`,
      );
      const cleaned = await lab(['--clean'], 'y\n').ended;
      expect(cleaned.printed).toMatch(/Remove these 6, with all objects in the buckets\?/);
      expect([cleaned.code, await everything()]).toEqual([0, before]);
    },
  );

  it('removes what it may after a task that was denied', { timeout: 180_000 }, async () => {
    const before = await everything();
    const denied = (service: 'lambda' | 'logs') =>
      ({ fault: 'AccessDenied', where: 'requests', service }) as const;
    const { faults } = test.sandbox.services;
    faults.set({ seed: 1, rules: [denied('lambda'), denied('logs')] });
    const run = await lab(['--yes']).ended;
    expect(run.printed).toMatch(/✗ 3 make the function: .*AccessDenied/);
    expect(run.printed).toContain('2 passed, 1 failed, 2 not run');
    expect(run.printed).toMatch(/can't read ImageResizeFunction-bblab-.*AccessDenied/);
    expect(run.printed).toMatch(/Resources of bblab-\S+ may be left in account \d{12}\./);
    const cleaned = await lab(['--clean'], 'y\n').ended;
    expect(cleaned.printed).toMatch(/can't read functions: .*AccessDenied/);
    expect(cleaned.printed).toContain(`not touched: images-${FOREIGN} has a matching name`);
    faults.set({ seed: 1, rules: [] });
    expect([run.code, cleaned.code, await everything()]).toEqual([1, 1, before]);
  });

  it('works in one account only, whatever becomes of the profile', async () => {
    const otherFolder = await mkdtemp(join(tmpdir(), 'account-other-'));
    await writeFile(join(otherFolder, 'credentials.json'), OTHER_ACCOUNT);
    const other = await startTestSandbox({ likeAws: 60, dataDir: otherFolder });
    // AWS is one address for all accounts: a proxy leads to the one whose turn it is.
    let now = test.sandbox;
    const ways = createServer(socket => {
      const { hostname, port } = new URL(now.endpoint);
      const onward = connect(Number(port), hostname);
      for (const [from, to] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        from.on('error', () => to.destroy());
        from.pipe(to);
      }
    }).listen(0, '127.0.0.1');
    await once(ways, 'listening');
    try {
      env['HTTPS_PROXY'] = `http://127.0.0.1:${(ways.address() as AddressInfo).port}`;
      const { sandbox } = other;
      await appendFile(env['NODE_EXTRA_CA_CERTS']!, sandbox.authority!);
      const run = lab([], null);
      await run.until('Run the lab?');
      now = sandbox;
      await writeFile(
        env['AWS_SHARED_CREDENTIALS_FILE']!,
        `[far]\naws_access_key_id = ${sandbox.accessKeyId}\naws_secret_access_key = ${sandbox.secretAccessKey}\n`,
      );
      run.type('y\n');
      const { code, printed } = await run.ended;
      expect(printed).toContain(`Account ${test.sandbox.accountId}, us-east-1`);
      expect(printed).toContain(
        `The profile far now belongs to account 210987654321. This run works in account ${test.sandbox.accountId} only.`,
      );
      expect(printed).not.toMatch(/is removed/);
      expect(code).toBe(1);
      const { Buckets = [] } = await other.s3.send(new ListBucketsCommand({}));
      expect(Buckets).toEqual([]);
    } finally {
      ways.close();
      await other.close();
      await rm(otherFolder, { recursive: true, force: true });
    }
  });

  it('makes nothing unless it is told to', async () => {
    const before = await everything();
    const { code, printed } = await lab([]).ended;
    expect(printed).toContain('Nothing was changed.');
    expect([code, await everything()]).toEqual([1, before]);
    env['AWS_CONFIG_FILE'] = join(home, 'none');
    env['AWS_SHARED_CREDENTIALS_FILE'] = join(home, 'none');
    const unknown = await lab([]).ended;
    expect([unknown.code, unknown.printed.trim()]).toEqual([
      1,
      `No profile far in ${join(home, 'none')}.`,
    ]);
  });
});
