import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { CreateFunctionCommandInput, InvokeCommandInput } from '@aws-sdk/client-lambda';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { ZipFile } from 'yazl';
import type { SandboxOptions } from '../../../src/sandbox/server.ts';
import { iamClient } from '../controlClients.ts';
import { startTestSandbox } from '../testSandbox.ts';
import type { TestSandbox } from '../testSandbox.ts';

/** What the ARNs of functions begin with. */
export const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:';
export const ROLE = 'arn:aws:iam::123456789012:role/function';
export const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    },
  ],
});

/** What AWSLambdaBasicExecutionRole allows. */
export const LOGS_ALLOWED = {
  Effect: 'Allow',
  Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: '*',
};

/** A zip with these files. */
export async function zipOf(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Code of a function that answers this once there is such a file. */
export function waitingFor(file: string, answer = "'done'"): string {
  return `exports.handler = async () => {
    while (!require('fs').existsSync(${JSON.stringify(file)})) await new Promise(r => setTimeout(r, 20));
    return ${answer};
  };`;
}

const SETTINGS = { Runtime: 'nodejs24.x', Handler: 'index.handler', Role: ROLE } as const;

type Printed = Pick<
  TestSandbox['sandbox'],
  'endpoint' | 'region' | 'accessKeyId' | 'secretAccessKey'
>;

export function lambdaClient({
  endpoint,
  region,
  accessKeyId,
  secretAccessKey,
}: Printed): LambdaClient {
  return new LambdaClient({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
  });
}

/** Makes the role of the tests' functions. */
export async function makeRole(
  sandbox: Printed,
  statements: readonly object[] = [LOGS_ALLOWED],
  name = 'function',
): Promise<void> {
  const iam = iamClient(sandbox);
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: TRUST }));
  await putRolePolicy(sandbox, statements, name);
}

export async function putRolePolicy(
  sandbox: Printed,
  statements: readonly object[],
  name = 'function',
): Promise<void> {
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  await iamClient(sandbox).send(
    new PutRolePolicyCommand({ RoleName: name, PolicyName: 'policy', PolicyDocument }),
  );
}

export interface Invoked {
  readonly status: number | undefined;
  readonly functionError: string | undefined;
  readonly payload: unknown;
  readonly text: string;
  readonly log: string;
  readonly requestId: string | undefined;
}

/** A sandbox with a role for functions and a client, over a real socket. */
export interface LambdaWorld extends TestSandbox {
  readonly lambda: LambdaClient;
  /** A zip of the smallest handler. */
  readonly zip: Buffer;
  /** What CreateFunction needs at the least, of that zip. */
  input(FunctionName: string, changes?: object): CreateFunctionCommandInput;
  /** For commands of one list, whose types differ. */
  send(command: object): Promise<unknown>;
  /** Makes a function of files and waits until it is Active. */
  create(
    name: string,
    files: Readonly<Record<string, string | Buffer>> | string,
    settings?: Partial<CreateFunctionCommandInput>,
  ): Promise<void>;
  invoke(name: string, event?: unknown, input?: Partial<InvokeCommandInput>): Promise<Invoked>;
}

export async function startLambdaWorld(
  options: Partial<SandboxOptions> = {},
): Promise<LambdaWorld> {
  const test = await startTestSandbox(options);
  await makeRole(test.sandbox);
  const lambda = lambdaClient(test.sandbox);
  const zip = await zipOf({ 'index.js': 'exports.handler = async () => 1;' });
  return {
    ...test,
    lambda,
    zip,
    input: (FunctionName, changes) => ({
      ...SETTINGS,
      FunctionName,
      Code: { ZipFile: zip },
      ...changes,
    }),
    send: command => lambda.send(command as CreateFunctionCommand),
    create: (name, files, settings = {}) => createActive(test, lambda, name, files, settings),
    invoke: (name, event, input) => invoke(lambda, name, event, input),
  };
}

async function createActive(
  { sandbox }: TestSandbox,
  lambda: LambdaClient,
  name: string,
  files: Readonly<Record<string, string | Buffer>> | string,
  settings: Partial<CreateFunctionCommandInput>,
): Promise<void> {
  const ZipFile = await zipOf(typeof files === 'string' ? { 'index.js': files } : files);
  await lambda.send(
    new CreateFunctionCommand({
      ...SETTINGS,
      FunctionName: name,
      MemorySize: 256,
      Timeout: 10,
      Code: { ZipFile },
      ...settings,
    }),
  );
  // Its second of Pending need not pass in every test.
  const { functions } = sandbox.services.lambda;
  const found = functions.find(name);
  if (found) functions.save({ ...found, activeAt: new Date(0), updatedAt: new Date(0) });
}

async function invoke(
  lambda: LambdaClient,
  FunctionName: string,
  event: unknown = {},
  input: Partial<InvokeCommandInput> = {},
): Promise<Invoked> {
  const answer = await lambda.send(
    new InvokeCommand({
      FunctionName,
      LogType: 'Tail',
      Payload: Buffer.from(JSON.stringify(event)),
      ...input,
    }),
  );
  const text = Buffer.from(answer.Payload ?? []).toString('utf8');
  return {
    status: answer.StatusCode,
    functionError: answer.FunctionError,
    payload: text === '' ? undefined : (JSON.parse(text) as unknown),
    text,
    log: Buffer.from(answer.LogResult ?? '', 'base64').toString('utf8'),
    requestId: answer.$metadata.requestId,
  };
}
