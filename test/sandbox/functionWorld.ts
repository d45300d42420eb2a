import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import type { CreateFunctionCommandInput } from '@aws-sdk/client-lambda';
import type { S3Event } from 'aws-lambda';
import { buildSync } from 'esbuild';
import { ZipFile } from 'yazl';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { iamClient } from './controlClients.ts';

type Printed = Pick<
  Sandbox,
  'endpoint' | 'region' | 'accountId' | 'accessKeyId' | 'secretAccessKey'
>;

/** What a function of these tests writes down when it is called. */
export interface Recorded {
  readonly event: S3Event;
  readonly trace: string | undefined;
}

export interface FunctionOptions extends Partial<CreateFunctionCommandInput> {
  /** What its role may do; nothing unless it is said. */
  readonly statements?: readonly object[];
  /** Buckets whose events S3 may send to it. */
  readonly buckets?: readonly string[];
}

/** Writes each event down before anything else is done, one a line. */
const RECORDER = `
const { appendFileSync } = require('node:fs');
const record = event =>
  appendFileSync(process.env.RECORDS, JSON.stringify({ event, trace: process.env._X_AMZN_TRACE_ID }) + '\\n');
`;

/** Functions in a sandbox, and what they were called with. */
export class FunctionWorld {
  readonly lambda: LambdaClient;
  private readonly sandbox: Printed;
  private readonly folder: string;

  private constructor(sandbox: Printed, folder: string) {
    this.sandbox = sandbox;
    this.folder = folder;
    const { endpoint, region } = sandbox;
    this.lambda = new LambdaClient({ endpoint, region, credentials: sandbox, maxAttempts: 1 });
  }

  static async open(sandbox: Printed): Promise<FunctionWorld> {
    return new FunctionWorld(sandbox, await mkdtemp(join(tmpdir(), 'sandbox-functions-')));
  }

  /**
   * Makes a function with a role of its own.
   * @param code its index.js, in which `record(event)` writes an event down
   * @returns its ARN
   */
  async create(name: string, code: string, options: FunctionOptions = {}): Promise<string> {
    const { statements = [], buckets = [], Environment, ...input } = options;
    const { FunctionArn = '' } = await this.lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: await this.role(name, 'lambda.amazonaws.com', statements),
        Code: { ZipFile: await zip(RECORDER + code) },
        Environment: { Variables: { RECORDS: this.file(name), ...Environment?.Variables } },
        Timeout: 10,
        ...input,
      }),
    );
    const waiter = { client: this.lambda, maxWaitTime: 60, minDelay: 0.1, maxDelay: 0.2 };
    await waitUntilFunctionActiveV2(waiter, { FunctionName: name });
    for (const bucket of buckets) await this.allow(name, bucket);
    return FunctionArn;
  }

  /** Lets S3 send the events of a bucket to a function. */
  async allow(FunctionName: string, bucket: string): Promise<void> {
    await this.lambda.send(
      new AddPermissionCommand({
        FunctionName,
        StatementId: bucket,
        Action: 'lambda:InvokeFunction',
        Principal: 's3.amazonaws.com',
        SourceArn: `arn:aws:s3:::${bucket}`,
        SourceAccount: this.sandbox.accountId,
      }),
    );
  }

  /** Makes a role that a service may assume; answers its ARN. */
  async role(name: string, Service: string, statements: readonly object[]): Promise<string> {
    const iam = iamClient(this.sandbox);
    const Version = '2012-10-17';
    const trust = { Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' };
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: name,
        AssumeRolePolicyDocument: JSON.stringify({ Version, Statement: trust }),
      }),
    );
    if (statements.length > 0) {
      const PolicyDocument = JSON.stringify({ Version, Statement: statements });
      await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: 'p', PolicyDocument }));
    }
    return Role!.Arn!;
  }

  /** What a function has written down. */
  async recorded(name: string): Promise<Recorded[]> {
    const text = await readFile(this.file(name), 'utf8').catch(() => '');
    const lines = text.split('\n').filter(Boolean);
    return lines.map(line => JSON.parse(line) as Recorded);
  }

  /** Waits until a function has written down so much, or more. */
  async untilRecorded(name: string, count: number): Promise<Recorded[]> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const records = await this.recorded(name);
      if (records.length >= count) return records;
      if (Date.now() > deadline) throw new Error(`${name} was called ${records.length} times.`);
      await new Promise(resolve => setTimeout(resolve, 10));
    }
  }

  async close(): Promise<void> {
    this.lambda.destroy();
    await rm(this.folder, { recursive: true, force: true });
  }

  private file(name: string): string {
    return join(this.folder, name);
  }
}

async function zip(code: string): Promise<Buffer> {
  const file = new ZipFile();
  file.addBuffer(Buffer.from(code), 'index.js');
  file.end();
  return buffer(file.outputStream);
}

/** Code that may require the AWS SDK, which is bundled with it as people do. */
export function bundled(code: string): string {
  const built = buildSync({
    stdin: { contents: code, resolveDir: import.meta.dirname, loader: 'js' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    write: false,
    minify: true,
    logLevel: 'error',
  });
  return built.outputFiles[0]!.text;
}
