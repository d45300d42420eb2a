import { readdirSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import {
  CreateBucketCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { S3Event } from 'aws-lambda';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { handleBatchEvent } from '../../lambda/resize/batchEvent.ts';
import { parseOptions } from '../../lambda/resize/options.ts';
import type { Outcome } from '../../lambda/resize/outcome.ts';
import type { Tools } from '../../lambda/resize/resizeObject.ts';
import { s3Settings } from '../../lambda/s3/endpoint.ts';
import { S3 } from '../../lambda/s3/s3.ts';
import type { Credentials } from '../../lambda/s3/signature.ts';
import { handleS3Event } from '../../lambda/resize/s3Event.ts';
import { startScriptedServer } from '../support/scriptedServer.ts';
import { animation } from '../unit/lambda/resize/images.ts';
import { iamClient } from './controlClients.ts';
import { startTestSandbox, type TestSandbox } from './testSandbox.ts';

const SOURCE = 'pictures';
const DESTINATION = 'pictures-resized';
const INVOCATION = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 30_000 };

let sandbox: TestSandbox;
let picture: Buffer;
/** The lines that the function logged of what became of objects. */
let logged: Record<string, unknown>[];
/** Those before an object is worked on. */
let begun: Record<string, unknown>[];

beforeAll(async () => {
  sandbox = await startTestSandbox();
  for (const Bucket of [SOURCE, DESTINATION, 'elsewhere']) {
    await sandbox.s3.send(new CreateBucketCommand({ Bucket }));
  }
  const create = { width: 400, height: 300, channels: 3 as const, background: '#c04020' };
  picture = await sharp({ create }).jpeg().toBuffer();
});
afterAll(() => sandbox.close());
beforeEach(() => {
  logged = [];
  begun = [];
  for (const method of ['log', 'warn', 'error'] as const) {
    vi.spyOn(console, method).mockImplementation((line: string) => {
      // The SDK of a test run from the sources warns as well.
      if (!line.startsWith('{')) return;
      const fields = JSON.parse(line) as Record<string, unknown>;
      (fields['outcome'] === 'started' ? begun : logged).push(fields);
    });
  }
  return () => vi.restoreAllMocks();
});

async function put(Key: string, more: Partial<PutObjectCommandInput> = {}): Promise<void> {
  const input = { Bucket: SOURCE, Key, Body: picture, ...more };
  await sandbox.s3.send(new PutObjectCommand(input));
}

function tools(environment: Record<string, string> = {}, s3 = functionS3()): Tools {
  return { s3, options: parseOptions(environment) };
}

/** The function's own client, as its entry makes it. */
function functionS3({
  endpoint = sandbox.sandbox.endpoint,
  credentials = { ...sandbox.sandbox, sessionToken: undefined },
}: { endpoint?: string; credentials?: Credentials } = {}): S3 {
  const { region } = sandbox.sandbox;
  return new S3(s3Settings({ AWS_REGION: region, AWS_ENDPOINT_URL: endpoint }), credentials);
}

/** A record's key as S3 writes it. */
const formEncoded = (key: string): string =>
  encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');

function event(
  ...keys: (string | { key: string; bucket?: string; eventName?: string })[]
): S3Event {
  const records = keys.map(each => {
    const {
      key,
      bucket = SOURCE,
      eventName = 'ObjectCreated:Put',
    } = typeof each === 'string' ? { key: each } : each;
    const object = { key: formEncoded(key), size: key.endsWith('/') ? 0 : 1000, eTag: 'e1' };
    return { eventSource: 'aws:s3', eventName, s3: { bucket: { name: bucket }, object } };
  });
  return { Records: records } as unknown as S3Event;
}

async function handle(
  keys: Parameters<typeof event>,
  environment: Record<string, string> = {},
  s3?: S3,
): Promise<readonly Outcome[]> {
  const { results } = await handleS3Event(tools(environment, s3), event(...keys), INVOCATION);
  return results;
}

const head = (Key: string, Bucket = DESTINATION) =>
  sandbox.s3.send(new HeadObjectCommand({ Bucket, Key }));

async function keysOf(Bucket: string, Prefix: string): Promise<string[]> {
  const { Contents = [] } = await sandbox.s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  return Contents.map(({ Key }) => Key!);
}

/** Credentials of a role that may do what the statements say. */
async function clientOf(name: string, statements: object[]): Promise<S3> {
  const iam = iamClient(sandbox.sandbox);
  const { accountId } = sandbox.sandbox;
  const trust = {
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: 'sts:AssumeRole',
      },
    ],
  };
  const document = (content: object): string =>
    JSON.stringify({ Version: '2012-10-17', ...content });
  await iam.send(
    new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: document(trust) }),
  );
  const policy = { RoleName: name, PolicyName: 'policy' };
  await iam.send(
    new PutRolePolicyCommand({ ...policy, PolicyDocument: document({ Statement: statements }) }),
  );
  const { endpoint, region, accessKeyId, secretAccessKey } = sandbox.sandbox;
  const credentials = { accessKeyId, secretAccessKey };
  const sts = new STSClient({ endpoint, region, credentials });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${accountId}:role/${name}`,
      RoleSessionName: 'function',
    }),
  );
  return functionS3({
    credentials: {
      accessKeyId: Credentials!.AccessKeyId!,
      secretAccessKey: Credentials!.SecretAccessKey!,
      sessionToken: Credentials!.SessionToken!,
    },
  });
}

const allow = (action: string, bucket: string): object => ({
  Effect: 'Allow',
  Action: action,
  Resource: `arn:aws:s3:::${bucket}/*`,
});

describe('an event', () => {
  test('writes the picture into the other bucket, and tells what it did', async () => {
    await put('photo.jpg');
    const results = await handle(['photo.jpg']);
    const output = { bucket: DESTINATION, key: 'resized-photo.jpg', width: 200, height: 150 };
    expect(results).toMatchObject([
      { bucket: SOURCE, key: 'photo.jpg', outcome: 'resized', outputs: [output] },
    ]);
    const { ContentType, ContentLength } = await head('resized-photo.jpg');
    expect(ContentType).toBe('image/jpeg');
    expect(ContentLength).toBe(results[0]!.outputs[0]!.bytes);
    expect(logged).toMatchObject([
      { level: 'info', outcome: 'resized', requestId: 'request-1', key: 'photo.jpg' },
    ]);
    // Who is killed says nothing later: which upload it was is said first.
    const object = { bucket: SOURCE, key: 'photo.jpg', eTag: 'e1' };
    expect(begun).toMatchObject([{ ...object, outcome: 'started', requestId: 'request-1' }]);
  });

  test.each([
    'with space.jpg',
    'plus+plus.jpg',
    'percent%20.jpg',
    'a/b//c.jpg',
    'räksmörgås.jpg',
    '日本語/写真.jpg',
    '😀.jpg',
    "it's (1) & more!.jpg",
    '../up.jpg',
    '/leading.jpg',
    'tab\there.jpg',
    `${'long/'.repeat(200)}x.jpg`,
  ])('the key %s', async key => {
    await put(key);
    expect(await handle([key])).toMatchObject([{ key, outcome: 'resized' }]);
    expect((await head(`resized-${key}`)).ContentType).toBe('image/jpeg');
  });

  test('again gives the same object', async () => {
    await put('again.jpg');
    await handle(['again.jpg']);
    const { ETag } = await head('resized-again.jpg');
    await handle(['again.jpg']);
    expect((await head('resized-again.jpg')).ETag).toBe(ETag);
    expect(await keysOf(DESTINATION, 'resized-again')).toEqual(['resized-again.jpg']);
  });

  test('writes every width, with the right Content-Type for the format', async () => {
    await put('many.jpg');
    const [result] = await handle(['many.jpg'], {
      WIDTHS: '50,100,150',
      FORMAT: 'webp',
      KEY_TEMPLATE: '{folder}{name}@{width}.{extension}',
    });
    const keys = ['many@50.webp', 'many@100.webp', 'many@150.webp'];
    expect(result!.outputs.map(({ key }) => key)).toEqual(keys);
    for (const key of keys) expect((await head(key)).ContentType).toBe('image/webp');
  });

  test('the picture’s bytes say what it is, not its name or its Content-Type', async () => {
    await put('photo.png', { ContentType: 'text/plain' });
    await handle(['photo.png']);
    expect((await head('resized-photo.png')).ContentType).toBe('image/jpeg');
  });

  test('of several pictures says that only the first was resized', async () => {
    await put('animated.gif', { Body: await animation('gif') });
    const [same, png] = [
      await handle(['animated.gif']),
      await handle(['animated.gif'], { FORMAT: 'png' }),
    ];
    expect(same[0]?.outputs[0]?.onlyFirst).toBeUndefined();
    expect(png[0]?.outputs[0]?.onlyFirst).toBe(true);
    expect(logged.at(-1)?.['message']).toBe('Resized animated.gif (only the first of its images)');
  });

  test('that begins with no time left is to be tried again', async () => {
    await put('late.jpg');
    const late = { ...INVOCATION, getRemainingTimeInMillis: () => 1_500 };
    const handling = handleS3Event(tools(), event('late.jpg'), late);
    await expect(handling).rejects.toMatchObject({ kind: 'transient', name: 'TooSlow' });
  });

  test('S3’s metadata and tags are copied only when asked', async () => {
    const kept = { Metadata: { photographer: 'B. B.' }, CacheControl: 'max-age=60' };
    await put('kept.jpg', { ...kept, Tagging: 'kind=portrait&of=a%20bucket' });
    const tagsOf = async (Key: string) =>
      (await sandbox.s3.send(new GetObjectTaggingCommand({ Bucket: DESTINATION, Key }))).TagSet;
    await handle(['kept.jpg']);
    const bare = await head('resized-kept.jpg');
    expect([bare.Metadata, bare.CacheControl]).toEqual([{}, undefined]);
    expect(await tagsOf('resized-kept.jpg')).toEqual([]);
    await handle(['kept.jpg'], { KEEP_METADATA: 'true', KEEP_TAGS: 'true' });
    expect(await head('resized-kept.jpg')).toMatchObject(kept);
    expect(await tagsOf('resized-kept.jpg')).toEqual([
      { Key: 'kind', Value: 'portrait' },
      { Key: 'of', Value: 'a bucket' },
    ]);
  });

  test('what is large goes through a file and leaves none behind', async () => {
    const create = { width: 4200, height: 3000, channels: 3 as const, background: '#c04020' };
    const Body = await sharp({ create }).tiff({ compression: 'none' }).toBuffer();
    expect(Body.length).toBeGreaterThan(32 * 1024 ** 2);
    await put('large.tiff', { Body });
    const sources = (): string[] => readdirSync(tmpdir()).filter(name => /^source-/.test(name));
    const before = sources();
    expect(await handle(['large.tiff'])).toMatchObject([{ outcome: 'resized' }]);
    expect(sources()).toEqual(before);
  });

  test('of something that leaves nothing to resize is skipped', async () => {
    const removed = { key: 'gone.jpg', eventName: 'ObjectRemoved:Delete' };
    expect(await handle([removed, 'my folder/'])).toMatchObject([
      { key: 'gone.jpg', outcome: 'skipped', outputs: [] },
      { key: 'my folder/', outcome: 'skipped', outputs: [] },
    ]);
    expect(logged.map(({ level }) => level)).toEqual(['info', 'info']);
  });
});

describe('what can never be resized', () => {
  test.each([
    ['text.jpg', 'hello', 'NotAnImage'],
    ['empty.jpg', '', 'EmptyObject'],
    ['drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'UnsupportedFormat'],
  ])('%s is logged and does not fail the invocation', async (key, Body, errorType) => {
    await put(key, { Body });
    expect(await handle([key])).toMatchObject([{ key, outcome: 'failed', errorType, outputs: [] }]);
    expect(logged).toMatchObject([{ level: 'error', outcome: 'failed', errorType, key }]);
    expect(await keysOf(DESTINATION, `resized-${key}`)).toEqual([]);
  });

  test('fails it with PERMANENT_ERRORS=throw, after the other records', async () => {
    await put('bad.jpg', { Body: 'hello' });
    await put('good.jpg');
    const environment = { PERMANENT_ERRORS: 'throw', KEY_TEMPLATE: 'thrown/{key}' };
    await expect(handle(['bad.jpg', 'good.jpg'], environment)).rejects.toMatchObject({
      name: 'NotAnImage',
    });
    expect(await keysOf(DESTINATION, 'thrown/')).toEqual(['thrown/good.jpg']);
  });

  test('an object that is gone', async () => {
    expect(await handle(['never-was.jpg'])).toMatchObject([{ errorType: 'NoSuchKey' }]);
  });

  test('an object beyond MAX_BYTES is not downloaded', async () => {
    await put('heavy.jpg');
    const results = await handle(['heavy.jpg'], { MAX_BYTES: String(picture.length - 1) });
    expect(results).toMatchObject([{ errorType: 'ObjectTooLarge' }]);
    expect(results[0]!.message).toContain('MAX_BYTES');
    expect(await handle(['heavy.jpg'], { MAX_BYTES: String(picture.length) })).toMatchObject([
      { outcome: 'resized' },
    ]);
  });

  test('a key that is too long once it is a resized one', async () => {
    const key = `${'x'.repeat(1020)}.jpg`;
    await put(key);
    expect(await handle([key])).toMatchObject([{ errorType: 'KeyTooLong' }]);
  });

  test('a key that is not URL-encoded is a fault of its record alone', async () => {
    await put('after.jpg');
    const broken = event('x', 'after.jpg');
    broken.Records[0]!.s3.object.key = '100%.jpg';
    const { results } = await handleS3Event(tools(), broken, INVOCATION);
    expect(results).toMatchObject([{ errorType: 'InvalidKey' }, { outcome: 'resized' }]);
  });
});

describe('it never writes where it reads', () => {
  test.each([
    ['{folder}small-{name}.{extension}', 'photo.jpg'],
    ['{key}', 'photo.jpg'],
    ['small/{key}', 'small/photo.jpg'],
    ['small/{key}', 'small/small/photo.jpg'],
    ['s{key}', 'summer.jpg'],
  ])('%s of %s in its own bucket is refused', async (KEY_TEMPLATE, key) => {
    await put(key);
    const before = await keysOf(SOURCE, '');
    const results = await handle([key], { DESTINATION_BUCKET: SOURCE, KEY_TEMPLATE });
    expect(results).toMatchObject([{ errorType: 'DestinationOverlapsSource' }]);
    expect(await keysOf(SOURCE, '')).toEqual(before);
  });

  test('another prefix of its own bucket is written once and never again', async () => {
    await put('in/photo.jpg');
    const environment = { DESTINATION_BUCKET: SOURCE, KEY_TEMPLATE: 'out/{key}' };
    expect(await handle(['in/photo.jpg'], environment)).toMatchObject([{ outcome: 'resized' }]);
    // What a notification for the whole bucket would send next.
    expect(await handle(['out/in/photo.jpg'], environment)).toMatchObject([
      { errorType: 'DestinationOverlapsSource' },
    ]);
  });

  test('the same prefix of another bucket is written', async () => {
    await put('small/other.jpg');
    const environment = { DESTINATION_BUCKET: 'elsewhere', KEY_TEMPLATE: '{key}' };
    expect(await handle(['small/other.jpg'], environment)).toMatchObject([{ outcome: 'resized' }]);
    expect((await head('small/other.jpg', 'elsewhere')).ContentType).toBe('image/jpeg');
  });
});

describe('a role', () => {
  test('as the lab’s suffices: GetObject there, PutObject here', async () => {
    await put('allowed.jpg');
    const client = await clientOf('LabLike', [
      allow('s3:GetObject', SOURCE),
      allow('s3:PutObject', DESTINATION),
    ]);
    expect(await handle(['allowed.jpg'], {}, client)).toMatchObject([{ outcome: 'resized' }]);
  });

  test.each([
    ['NoRead', [allow('s3:PutObject', DESTINATION)], {}, 's3:GetObject'],
    ['NoWrite', [allow('s3:GetObject', SOURCE)], {}, `write s3://${DESTINATION}`],
    [
      'NoReadTags',
      [allow('s3:GetObject', SOURCE), allow('s3:PutObject', DESTINATION)],
      { KEEP_TAGS: 'true' },
      'read the tags',
    ],
    [
      'NoWriteTags',
      [allow('s3:GetObject*', SOURCE), allow('s3:PutObject', DESTINATION)],
      { KEEP_TAGS: 'true' },
      `write s3://${DESTINATION}`,
    ],
  ])('%s fails the invocation and says what is missing', async (name, statements, env, text) => {
    const key = `${name}.jpg`;
    await put(key, { Tagging: 'a=b' });
    const client = await clientOf(name, statements);
    await expect(handle([key], env, client)).rejects.toMatchObject({
      kind: 'configuration',
      name: 'AccessDenied',
      message: expect.stringContaining(text) as string,
    });
    expect(logged).toMatchObject([{ errorType: 'AccessDenied', kind: 'configuration' }]);
    expect(await keysOf(DESTINATION, `resized-${key}`)).toEqual([]);
  });

  test('without ListBucket can not tell a missing object from a forbidden one', async () => {
    const client = await clientOf('NoList', [allow('s3:GetObject', SOURCE)]);
    await expect(handle(['never-was.jpg'], {}, client)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('s3:ListBucket') as string,
    });
  });

  test('a destination that is not there fails the invocation', async () => {
    await put('lost.jpg');
    const environment = { DESTINATION_BUCKET: 'no-such-bucket' };
    await expect(handle(['lost.jpg'], environment)).rejects.toMatchObject({
      kind: 'configuration',
      name: 'NoSuchBucket',
    });
  });
});

describe('what may pass', () => {
  /** An S3 that answers a download as no sound S3 does. */
  async function handleFrom(answer: (response: ServerResponse) => void): Promise<Outcome[]> {
    const server = await startScriptedServer((_, response) => answer(response));
    const client = functionS3({ endpoint: server.endpoint });
    return [...(await handle(['a.jpg'], {}, client))];
  }

  test('a download that breaks off fails the invocation', async () => {
    const broken = handleFrom(response => {
      response.writeHead(200, { 'content-length': picture.length });
      response.write(picture.subarray(0, 100), () => response.destroy());
    });
    await expect(broken).rejects.toMatchObject({ kind: 'transient' });
  });

  test.each([500, 503])('an S3 that answers %i fails the invocation', async status => {
    const failing = handleFrom(response => response.writeHead(status).end());
    await expect(failing).rejects.toMatchObject({ kind: 'transient' });
  });

  test('of an object of 5 GB nothing is downloaded', async () => {
    let sent = 0;
    const results = await handleFrom(response => {
      const block = Buffer.alloc(1024 ** 2);
      response.writeHead(200, { 'content-length': 5 * 1024 ** 3 });
      const write = (): void => {
        if (response.destroyed) return;
        sent += block.length;
        response.write(block, write);
      };
      write();
    });
    expect(results).toMatchObject([{ outcome: 'failed', errorType: 'ObjectTooLarge' }]);
    // What the sockets hold, and no more.
    expect(sent).toBeLessThan(32 * 1024 ** 2);
  });

  test('S3 out of reach fails the invocation, after every record was tried', async () => {
    const client = functionS3({ endpoint: 'http://127.0.0.1:1' });
    await expect(handle(['a.jpg', 'b.jpg'], {}, client)).rejects.toMatchObject({
      kind: 'transient',
    });
    expect(logged.map(({ key }) => key)).toEqual(['a.jpg', 'b.jpg']);
  });
});

describe('a batch task', () => {
  const task = (s3Key: string, more: object = {}) => ({
    taskId: `task of ${s3Key}`,
    s3Key,
    s3VersionId: null,
    s3BucketArn: `arn:aws:s3:::${SOURCE}`,
    ...more,
  });
  const batch = (tasks: object[], invocationSchemaVersion = '1.0') =>
    ({
      invocationSchemaVersion,
      invocationId: 'invocation',
      job: { id: 'job' },
      tasks,
    }) as unknown as Parameters<typeof handleBatchEvent>[1];

  test('of schema 1.0 names the bucket by its ARN', async () => {
    await put('batch 1.jpg');
    const answer = await handleBatchEvent(tools(), batch([task('batch%201.jpg')]), INVOCATION);
    expect(answer).toEqual({
      invocationSchemaVersion: '1.0',
      treatMissingKeysAs: 'PermanentFailure',
      invocationId: 'invocation',
      results: [
        {
          taskId: 'task of batch%201.jpg',
          resultCode: 'Succeeded',
          resultString: 'resized-batch 1.jpg (200 × 150)',
        },
      ],
    });
    expect((await head('resized-batch 1.jpg')).ContentType).toBe('image/jpeg');
  });

  test('of schema 2.0 names the bucket', async () => {
    await put('batch2.jpg');
    const two = task('batch2.jpg', { s3BucketArn: undefined, s3Bucket: SOURCE });
    const answer = await handleBatchEvent(tools(), batch([two], '2.0'), INVOCATION);
    expect(answer).toMatchObject({
      invocationSchemaVersion: '2.0',
      results: [{ resultCode: 'Succeeded' }],
    });
  });

  test('that can never succeed is a PermanentFailure, also with PERMANENT_ERRORS=throw', async () => {
    await put('text.txt', { Body: 'hello' });
    const tasks = batch([task('text.txt'), task('never-was.jpg'), task('100%')]);
    const answer = await handleBatchEvent(tools({ PERMANENT_ERRORS: 'throw' }), tasks, INVOCATION);
    expect(answer.results.map(({ resultCode }) => resultCode)).toEqual(
      Array(3).fill('PermanentFailure'),
    );
    const texts = answer.results.map(({ resultString }) => resultString.split(':')[0]);
    expect(texts).toEqual(['NotAnImage', 'NoSuchKey', 'InvalidKey']);
  });

  test('without permission is a PermanentFailure, out of reach a TemporaryFailure', async () => {
    await put('batch3.jpg');
    const codeWith = async (client: S3): Promise<string | undefined> => {
      const tasks = batch([task('batch3.jpg')]);
      const { results } = await handleBatchEvent(tools({}, client), tasks, INVOCATION);
      return results[0]?.resultCode;
    };
    expect(await codeWith(await clientOf('Nothing', [allow('s3:GetObject', 'elsewhere')]))).toBe(
      'PermanentFailure',
    );
    const away = functionS3({ endpoint: 'http://127.0.0.1:1' });
    expect(await codeWith(away)).toBe('TemporaryFailure');
  });

  test('of a version resizes that version', async () => {
    await sandbox.s3.send(
      new PutBucketVersioningCommand({
        Bucket: 'elsewhere',
        VersioningConfiguration: { Status: 'Enabled' },
      }),
    );
    const input = { Bucket: 'elsewhere', Key: 'versions.jpg' };
    const first = await sandbox.s3.send(new PutObjectCommand({ ...input, Body: picture }));
    await sandbox.s3.send(new PutObjectCommand({ ...input, Body: 'not a picture any more' }));
    const versioned = { s3BucketArn: 'arn:aws:s3:::elsewhere' };
    const { results } = await handleBatchEvent(
      tools({ DESTINATION_BUCKET: DESTINATION }),
      batch([
        task('versions.jpg', { ...versioned, s3VersionId: first.VersionId }),
        task('versions.jpg', versioned),
      ]),
      INVOCATION,
    );
    expect(results.map(({ resultCode }) => resultCode)).toEqual(['Succeeded', 'PermanentFailure']);
  });
});
