import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Plan, ToolServices } from '../../src/assistant/tool.ts';
import { TOOLS } from '../../src/assistant/tools.ts';
import { cancelJob, describeJob } from '../../src/aws/batchJobs/batchJobs.ts';
import type { Job } from '../../src/aws/batchJobs/job.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { identify } from '../../src/aws/identify.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { applyDeployment } from '../../src/aws/resizeDeployment/applyDeployment.ts';
import { planDeployment } from '../../src/aws/resizeDeployment/planDeployment.ts';
import type { DeploymentTarget } from '../../src/aws/resizeDeployment/target.ts';
import { batchRolePolicy } from '../../src/aws/roles/rolePolicy.ts';
import { createBatchRole } from '../../src/aws/roles/roles.ts';
import type { Session } from '../../src/services.ts';
import { HANDLER, startDeploymentWorld, zipOf, type DeploymentWorld } from './deploymentWorld.ts';

let world: DeploymentWorld;
let session: Session;
let services: ToolServices;
/** Where images are resized already. */
let deployed: DeploymentTarget;
let roleArn: string;
let folder: string;

const { signal } = new AbortController();
/** What Markdown or HTML would make of a key: a link, an image, an icon, a row of a table, a page. */
const HOSTILE =
  '[x](command:a.quit) ![i](https://a.example/i) <b>`$(trash)`</b> | **b**\n# New\u202e';
/** The same as its reader is shown it. */
const SHOWN =
  '[x](command:a.quit) ![i](https://a.example/i) <b>`$(trash)`</b> | **b**⏎# New\\u202e';

beforeAll(async () => {
  world = await startDeploymentWorld({ settles: true });
  const { clients } = world;
  const identity = await identify(clients.config);
  const connection = { id: 'sandbox', label: 'Local sandbox', region: clients.region };
  session = { key: 'sandbox/1', connection, identity, clients };
  folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-zips-'));
  await mkdir(join(folder, 'dist', 'lambda'), { recursive: true });
  await writeFile(join(folder, 'dist', 'lambda', 'resize-x86_64.zip'), await zipOf(HANDLER));
  services = { context: { extensionPath: folder } } as unknown as ToolServices;
  deployed = await world.target();
  await applyDeployment(clients, await planDeployment(clients, deployed));
  const { bucket } = deployed;
  await writeObject(clients.s3(), { bucket, key: HOSTILE, body: 'x'.repeat(2048) });
  await writeObject(clients.s3(), { bucket, key: `${HOSTILE}.csv`, body: `${bucket},a\n` });
  const manifest = { bucket, key: `${HOSTILE}.csv` };
  const operation = { name: 'S3PutObjectTagging' as const, targets: [{ bucket }] };
  const policy = batchRolePolicy({ partition: 'aws', operation, manifest });
  roleArn = (await createBatchRole(clients, { name: 'role-of-jobs', policy })).arn;
});
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

async function plan(name: string, input: object, of = session, by = signal): Promise<Plan> {
  const tool = TOOLS[`bucketBrigade_${name}`];
  if (tool?.kind !== 'acting') throw new Error(`${name} does not act`);
  return await tool.plan({ session: of, input, signal: by, services });
}

/** The question as its reader sees it, a paragraph an entry; of a table, a row a line. */
function shown({ title, paragraphs }: Plan): string[] {
  const markup = paragraphs.flatMap(text => text.split('\n'));
  const rows = markup.filter(line => !/^\|( --- \|)+$/.test(line));
  const inside = rows.map(line => line.replace(/^\| (.*) \|$/, '$1').replaceAll(' | ', ''));
  // Nothing in it is Markdown but the table.
  for (const line of inside) {
    expect(line.replace(/&#\d+;/g, '')).not.toMatch(/[[\]()<>`$!|*_#&\\\n\u202e]|^\s|^[-+]/);
  }
  return [title, ...paragraphs].map(text =>
    text.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))),
  );
}

/** A job that waits to invoke the resize function. */
async function waitingJob(): Promise<{ jobId: string; region: string }> {
  const { bucket, functionName } = deployed;
  const creation = await plan('createJob', {
    ...{ operation: 'LambdaInvoke', functionName, roleArn, description: HOSTILE },
    ...{ manifestBucket: bucket, manifestKey: `${HOSTILE}.csv` },
  });
  const { jobId, region } = (await creation.act({ session, signal })).rows[0] as Job;
  const status = async () => (await describeJob(world.clients, { jobId, region })).status;
  await expect.poll(status).toBe('Suspended');
  return { jobId, region };
}

describe('a question', () => {
  it('to create a job says what to which objects, by whom, and that it waits', async () => {
    const { bucket, functionName } = deployed;
    const tags = { 'a @ b': 'x - y + z' };
    const tagging = await plan('createJob', {
      ...{ operation: 'S3PutObjectTagging', tags, roleArn },
      ...{ sourceBucket: bucket, prefix: HOSTILE, reportBucket: bucket, reportPrefix: HOSTILE },
    });
    expect(shown(tagging)).toEqual([
      'Create a batch job that waits for confirmation?',
      'Replace all tags of each object by: a @ b = x - y + z',
      `Objects: s3://${bucket}/${SHOWN}*, 2 objects`,
      `Region: ${session.connection.region}`,
      `Role: ${roleArn}`,
      `Completion report: s3://${bucket}/${SHOWN}`,
      expect.stringMatching(/^\d+ checks failed: the job may fail\.$/),
      'Nothing changes until you run the job.',
    ]);
    const invoking = await plan('createJob', {
      ...{ operation: 'LambdaInvoke', functionName, roleArn },
      ...{ manifestBucket: bucket, manifestKey: `${HOSTILE}.csv` },
    });
    expect(shown(invoking).slice(1, 3)).toEqual([
      `Invoke ${functionName} for each object.`,
      `Objects: s3://${bucket}/${SHOWN}.csv, 1 object`,
    ]);
    expect(shown(invoking)).toContain('Completion report: none');
  });

  it('to run a job says on how many objects, what it writes where, and what is lost', async () => {
    const { bucket, destinationBucket, functionName } = deployed;
    const job = await waitingJob();
    expect(shown(await plan('runJob', job))).toEqual([
      'Run the batch job on 1 object?',
      `Job: ${SHOWN} (${job.jobId})`,
      `Objects: s3://${bucket}/${SHOWN}.csv`,
      `${functionName} writes resized copies; the originals aren’t changed.`,
      `It writes resized copies to s3://${destinationBucket}/, overwriting existing ones with the same name. This can’t be undone unless versioning is on in ${destinationBucket}.`,
      `Region: ${job.region}`,
    ]);
  });

  it('to deploy names every step and resource, where, and how it is undone', async () => {
    const bucket = await world.bucket();
    const input = { bucket, functionName: 'by_assistant', prefix: HOSTILE };
    const [title, steps, ...more] = shown(await plan('deployResize', input));
    expect(title).toBe(`Deploy the resize function for ${bucket}?`);
    const rows = steps?.split('\n').slice(2) ?? [];
    const wanted: [string, string][] = [
      ['Destination bucket', `${bucket}-resized`],
      ['Role', 'by_assistant-role'],
      ['Function', 'by_assistant'],
      ['Permission', ''],
      ['Event notification', ''],
    ];
    expect(rows).toHaveLength(wanted.length);
    wanted.forEach(([step, resource], at) => {
      expect(rows[at]).toMatch(new RegExp(`^\\| ${step} \\| create \\| `));
      expect(rows[at]).toContain(resource);
    });
    expect(more.at(-1)).toBe(
      `New images in s3://${bucket}/${SHOWN} are then resized into ${bucket}-resized. To undo this, use “Remove Resize Function…”. Region: ${session.connection.region}`,
    );
  });

  it('to invoke names the image, its size, where copies go, and what is lost', async () => {
    const { bucket, destinationBucket, functionName } = deployed;
    expect(shown(await plan('invokeResize', { bucket, key: HOSTILE }))).toEqual([
      `Invoke ${functionName} on 1 object?`,
      `s3://${bucket}/${SHOWN}, 2 KB`,
      `It writes resized copies to s3://${destinationBucket}/, overwriting existing ones with the same name. This can’t be undone unless versioning is on in ${destinationBucket}.`,
      `Region: ${session.connection.region}`,
    ]);
  });
});

describe('nothing is done of what is no longer what was confirmed', () => {
  const changed = { code: 'Conflict' };

  it('a job whose function has other settings or code, or that was cancelled', async () => {
    const { functionName: FunctionName, destinationBucket: DESTINATION_BUCKET } = deployed;
    const lambda = world.clients.lambda();
    const job = await waitingJob();
    const status = async () => (await describeJob(world.clients, job)).status;
    const configure = (more: Record<string, string>) => {
      const Variables = { DESTINATION_BUCKET, ...more };
      const change = { FunctionName, Environment: { Variables } };
      return lambda.send(new UpdateFunctionConfigurationCommand(change));
    };
    const first = await plan('runJob', job);
    await configure({ KEY_TEMPLATE: '{key}' });
    await expect(first.act({ session, signal })).rejects.toMatchObject(changed);
    await configure({});
    const second = await plan('runJob', job);
    const ZipFile = await zipOf('export const handler = async () => "other";');
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
    await expect(second.act({ session, signal })).rejects.toMatchObject(changed);
    const third = await plan('runJob', job);
    expect(await status()).toBe('Suspended');
    await cancelJob(world.clients, job);
    await expect(third.act({ session, signal })).rejects.toMatchObject(changed);
    expect(await status()).toBe('Cancelled');
  });

  it('a deployment for which something else is there now', async () => {
    const bucket = await world.bucket();
    const deployment = await plan('deployResize', { bucket, functionName: 'taken' });
    const other = await world.target({ functionName: 'taken' });
    await applyDeployment(world.clients, await planDeployment(world.clients, other));
    const target = { ...other, bucket, destinationBucket: `${bucket}-resized` };
    const before = await world.state(target);
    await expect(deployment.act({ session, signal })).rejects.toMatchObject(changed);
    expect(await world.state(target)).toEqual(before);
  });
});

describe('an acting call that is cancelled ends its request', () => {
  /** Clients of a server that never answers, and when it was asked and left. */
  async function silence(): Promise<{
    clients: AwsClients;
    asked: Promise<unknown>;
    left: Promise<unknown>;
  }> {
    const [asked, left] = [Promise.withResolvers(), Promise.withResolvers()];
    const server = createServer(({ socket }) => {
      socket.once('close', left.resolve);
      asked.resolve(undefined);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const clients = world.clientsAt(`http://127.0.0.1:${port}`);
    return { clients, asked: asked.promise, left: left.promise };
  }

  async function expectEnds(call: (of: Session, by: AbortSignal) => Promise<unknown>) {
    const { clients, asked, left } = await silence();
    const controller = new AbortController();
    const refused = expect(call({ ...session, clients }, controller.signal)).rejects.toMatchObject({
      code: 'Cancelled',
    });
    await asked;
    controller.abort();
    await refused;
    await left;
  }

  it('before the question and after it', async () => {
    const { bucket } = deployed;
    const object = { bucket, key: HOSTILE };
    const tagging = { operation: 'S3PutObjectTagging', tags: { a: 'b' }, roleArn };
    const inputs: [string, object][] = [
      ['tagObject', { ...object, tags: { a: 'b' } }],
      ['invokeResize', object],
      ['createJob', { ...tagging, sourceBucket: bucket }],
      ['runJob', await waitingJob()],
      ['deployResize', { bucket: await world.bucket(), functionName: 'cancelled' }],
    ];
    for (const [name, input] of inputs) {
      await expectEnds((of, by) => plan(name, input, of, by));
      const asked = await plan(name, input);
      await expectEnds((of, by) => asked.act({ session: of, signal: by }));
    }
  });
});
