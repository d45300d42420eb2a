import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  AddPermissionCommand,
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import sharp from 'sharp';
import { requestsPerSecond } from './load.ts';
import type { Row } from './row.ts';
import type { Server } from './servers.ts';
import { RequestSigner } from './signedRequest.ts';
import { summarize } from './statistics.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const RESIZE_PICTURES = fileURLToPath(new URL('resizePictures.ts', import.meta.url));
const SOURCE = 'pictures';
const RESIZED = 'pictures-resized';
const FUNCTION = 'resize';
/** How many functions the sandbox runs at a time. */
const PARALLEL = Math.max(2, availableParallelism());
/** How often the bucket of the results is listed, in milliseconds. */
const POLL = 200;

interface Clients extends Disposable {
  readonly s3: S3Client;
  readonly lambda: LambdaClient;
  readonly iam: IAMClient;
}

/**
 * Uploads `count` pictures to a bucket whose events go to the bundled function and waits until each has
 * its resized one. What that takes beyond the resizing itself, by as many processes, is the overhead.
 */
export async function measureResizedUploads(
  sandbox: Server,
  folder: string,
  { count, rounds }: { count: number; rounds: number },
): Promise<Row[]> {
  using clients = createClients(sandbox);
  const picture = await makePicture(path.join(folder, 'picture.jpg'));
  await deploy(clients, sandbox);
  await uploadAll(clients, sandbox, picture, 'warm', 2 * PARALLEL);
  const wholes: number[] = [];
  const resizings: number[] = [];
  for (let round = 0; round < rounds; round++) {
    wholes.push(await uploadAll(clients, sandbox, picture, `round-${round}`, count));
    resizings.push(await resizeAll(path.join(folder, 'picture.jpg'), count));
  }
  const overheads = wholes.map((whole, at) => ((whole - (resizings[at] ?? 0)) / count) * 1000);
  const group = `${count.toLocaleString('en')} uploads resized`;
  return [
    {
      group,
      measure: 'first upload until the last resized object',
      unit: 's',
      ours: summarize(wholes),
      peer: { name: `resizing alone, ${PARALLEL} processes`, sample: summarize(resizings) },
    },
    {
      group,
      measure: 'overhead for each event',
      unit: 'ms',
      ours: summarize(overheads),
      aim: { atMost: 20 },
    },
  ];
}

function createClients(sandbox: Server): Clients {
  const { region, endpoint } = sandbox;
  const config = { region, endpoint, credentials: sandbox };
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const lambda = new LambdaClient(config);
  const iam = new IAMClient(config);
  return {
    s3,
    lambda,
    iam,
    [Symbol.dispose]() {
      for (const client of [s3, lambda, iam]) client.destroy();
    },
  };
}

/** A JPEG of 1,600 × 1,200 pixels with something in it everywhere, as photographs have. */
async function makePicture(file: string): Promise<Buffer> {
  const [width, height] = [1600, 1200];
  const pixels = Buffer.alloc(width * height * 3);
  for (let at = 0; at < pixels.length; at++) {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    pixels[at] = 128 + 90 * Math.sin(x / 37 + at) * Math.cos(y / 23) + ((x * y) % 17);
  }
  const picture = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
  await writeFile(file, picture);
  return picture;
}

/** Buckets, a role, the function and its notification, as the extension's deployment makes them. */
async function deploy(clients: Clients, sandbox: Server): Promise<void> {
  const { s3, lambda } = clients;
  for (const Bucket of [SOURCE, RESIZED]) await s3.send(new CreateBucketCommand({ Bucket }));
  const LambdaFunctionArn = await createFunction(clients, await createRole(clients));
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: FUNCTION,
      StatementId: 's3',
      Action: 'lambda:InvokeFunction',
      Principal: 's3.amazonaws.com',
      SourceArn: `arn:aws:s3:::${SOURCE}`,
      SourceAccount: sandbox.accountId,
    }),
  );
  const rule = { LambdaFunctionArn, Events: ['s3:ObjectCreated:*' as const] };
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: SOURCE,
      NotificationConfiguration: { LambdaFunctionConfigurations: [rule] },
    }),
  );
}

async function createRole({ iam }: Clients): Promise<string | undefined> {
  const Version = '2012-10-17';
  const trust = {
    Effect: 'Allow',
    Principal: { Service: 'lambda.amazonaws.com' },
    Action: 'sts:AssumeRole',
  };
  const policy = [
    { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${SOURCE}/*` },
    { Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:aws:s3:::${RESIZED}/*` },
    { Effect: 'Allow', Action: 'logs:*', Resource: '*' },
  ];
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: FUNCTION,
      AssumeRolePolicyDocument: JSON.stringify({ Version, Statement: trust }),
    }),
  );
  const PolicyDocument = JSON.stringify({ Version, Statement: policy });
  await iam.send(
    new PutRolePolicyCommand({ RoleName: FUNCTION, PolicyName: 'resize', PolicyDocument }),
  );
  return Role?.Arn;
}

async function createFunction(
  { lambda }: Clients,
  Role: string | undefined,
): Promise<string | undefined> {
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: FUNCTION,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role,
      Architectures: [architecture],
      MemorySize: 1024,
      Timeout: 30,
      Code: { ZipFile: await readFile(path.join(ROOT, `dist/lambda/resize-${architecture}.zip`)) },
    }),
  );
  const waiter = { client: lambda, maxWaitTime: 30, minDelay: 0.2, maxDelay: 0.5 };
  await waitUntilFunctionActiveV2(waiter, { FunctionName: FUNCTION });
  return FunctionArn;
}

/** Uploads a picture many times; answers the seconds until all are resized. */
async function uploadAll(
  clients: Clients,
  sandbox: Server,
  body: Buffer,
  folder: string,
  count: number,
): Promise<number> {
  const signer = new RequestSigner(sandbox);
  const requests = await Promise.all(
    Array.from({ length: count }, (_, number) =>
      signer.sign({ method: 'PUT', path: `/${SOURCE}/${folder}/${number}.jpg`, body }),
    ),
  );
  const start = performance.now();
  const { endpoint } = sandbox;
  await requestsPerSecond(endpoint, requests, { connections: 4, seconds: 600, repeat: false });
  while ((await countResized(clients, folder)) < count) {
    if (performance.now() - start > 600_000) throw new Error(await explain(clients));
    await sleep(POLL);
  }
  return (performance.now() - start) / 1000;
}

async function countResized({ s3 }: Clients, folder: string): Promise<number> {
  let count = 0;
  let ContinuationToken: string | undefined;
  do {
    const list = { Bucket: RESIZED, Prefix: `resized-${folder}/`, ContinuationToken };
    const page = await s3.send(new ListObjectsV2Command(list));
    count += page.KeyCount ?? 0;
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return count;
}

/** Why nothing is resized: what the function says to an event of nothing. */
async function explain({ lambda }: Clients): Promise<string> {
  const invoke = { FunctionName: FUNCTION, LogType: 'Tail' as const, Payload: '{"Records":[]}' };
  const { LogResult = '' } = await lambda.send(new InvokeCommand(invoke));
  return `Not all was resized. ${Buffer.from(LogResult, 'base64').toString()}`;
}

/** Resizes the same picture as often, by as many processes; answers the seconds it took. */
async function resizeAll(file: string, count: number): Promise<number> {
  const share = String(Math.ceil(count / PARALLEL));
  const seconds = await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      const child = spawn(process.execPath, [RESIZE_PICTURES, file, share], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      return Number(await text(child.stdout));
    }),
  );
  return Math.max(...seconds);
}
