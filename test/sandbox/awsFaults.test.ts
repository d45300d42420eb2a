import { NodeHttpHandler } from '@smithy/node-http-handler';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bucketRegion, createBucketRegions, regionOfRedirect } from '../../src/aws/bucketRegion.ts';
import { raceAbort } from '../../src/aws/call.ts';
import { createClients } from '../../src/aws/clients.ts';
import { identify } from '../../src/aws/identify.ts';
import { plainSettings } from '../../src/aws/connection/clientSettings.ts';
import { readConfigFiles } from '../../src/aws/connection/configFiles.ts';
import { resolveConnection } from '../../src/aws/connection/resolveConnection.ts';
import { resolveSource } from '../../src/aws/connection/credentialProviders.ts';
import { renewingCredentials } from '../../src/aws/connection/credentials.ts';
import { headObject, listObjects } from '../../src/aws/objects/listing.ts';
import { readManifest } from '../../src/aws/manifest/manifest.ts';
import { readObject } from '../../src/aws/objects/objects.ts';
import { deleteObjects } from '../support/deleteKeys.ts';
import {
  s3Error,
  startScriptedServer as serve,
  type ScriptedRequest,
} from '../support/scriptedServer.ts';
import { download } from './transferWorld.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bucket-brigade-faults-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const LIST =
  '<?xml version="1.0"?><ListBucketResult><Name>b-b</Name><EncodingType>url</EncodingType>' +
  '<Contents><Key>a%2Bb+c</Key><Size>1</Size></Contents></ListBucketResult>';

describe('the network gone', () => {
  it('before a call is Network', async () => {
    const { endpoint, clients, close } = await serve(() => undefined);
    const client = clients().s3();
    await close();
    const list = listObjects(client, { bucket: 'b-b', prefix: '' });
    await expect(list).rejects.toMatchObject({ code: 'Network', subject: 's3://b-b/' });
    const config = {
      region: 'us-east-1',
      endpoint,
      credentials: { accessKeyId: 'A', secretAccessKey: 's' },
    };
    await expect(identify(config)).rejects.toMatchObject({ code: 'Network' });
  });

  it('in the middle of a listing is Network', async () => {
    const { clients } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': LIST.length });
      response.write(LIST.slice(0, 60), () => response.destroy());
    });
    const list = listObjects(clients().s3(), { bucket: 'b-b', prefix: '' });
    await expect(list).rejects.toMatchObject({ code: 'Network' });
  });

  it.each([false, true])('in the middle of a body is Network (checksum: %s)', async checksum => {
    const body = Buffer.from('images,a.png\n'.repeat(1000));
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    const { clients } = await serve((_, response) => {
      response.writeHead(200, {
        'content-length': body.length,
        etag: '"e"',
        ...(checksum ? { 'x-amz-checksum-crc32': sum.toString('base64') } : {}),
      });
      response.write(body.subarray(0, 5000), () => response.destroy());
    });
    const client = clients().s3();
    const at = { bucket: 'b-b', key: 'k.csv' };
    const path = join(folder, 'k.csv');
    await writeFile(path, 'before');
    const into = { folder, names: ['k.csv'] };
    await expect(download(clients(), { ...at, ...into })).rejects.toMatchObject({
      code: 'Network',
    });
    expect(await readdir(folder)).toEqual(['k.csv']);
    await expect(readManifest(client, at)).rejects.toMatchObject({ code: 'Network' });
    const read = readObject(client, { ...at, maxBytes: 1e6 });
    await expect(read).rejects.toMatchObject({ code: 'Network', subject: 's3://b-b/k.csv' });
  });

  it('for a body that is not what was sent is Network', async () => {
    const { clients } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 5, 'x-amz-checksum-crc32': 'AAAAAA==' });
      response.end('hello');
    });
    const read = readObject(clients().s3(), { bucket: 'b-b', key: 'k', maxBytes: 10 });
    await expect(read).rejects.toMatchObject({ code: 'Network' });
  });

  it('does not keep a cancelled call waiting', async () => {
    const { clients } = await serve(() => undefined);
    const controller = new AbortController();
    const { signal } = controller;
    setTimeout(() => controller.abort(), 50);
    const list = listObjects(clients().s3(), { bucket: 'b-b', prefix: '' }, { signal });
    await expect(list).rejects.toMatchObject({ code: 'Cancelled' });
  });

  it('does not keep a cancelled body waiting', async () => {
    const { clients } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 10_000 });
      response.write('images,a.png\n');
    });
    const controller = new AbortController();
    const { signal } = controller;
    const onProgress = () => controller.abort();
    const at = { bucket: 'b-b', key: 'k.csv' };
    const read = readManifest(clients().s3(), at, { signal, onProgress });
    await expect(read).rejects.toMatchObject({ code: 'Cancelled' });
  });
});

describe('AWS under load', () => {
  it('is asked again, then Throttled', async () => {
    let answers = 0;
    const { clients, requests } = await serve((_, response) => {
      answers += 1;
      if (answers === 2) response.end(LIST);
      else s3Error(response, 503, 'SlowDown');
    });
    const client = clients().s3();
    const page = await listObjects(client, { bucket: 'b-b', prefix: '' });
    expect(page.objects[0]?.key).toBe('a+b c');
    expect(requests).toHaveLength(2);
    const list = listObjects(client, { bucket: 'b-b', prefix: '' });
    await expect(list).rejects.toMatchObject({ code: 'Throttled', awsCode: 'SlowDown' });
    expect(requests).toHaveLength(5);
  });
});

describe('a listing', () => {
  it('always sends its prefix', async () => {
    const { clients, requests } = await serve((_, response) => response.end(LIST));
    await listObjects(clients().s3(), { bucket: 'b-b', prefix: '' });
    expect(requests[0]?.url.searchParams.get('prefix')).toBe('');
    expect(requests[0]?.url.searchParams.get('encoding-type')).toBe('url');
  });
});

describe('credentials', () => {
  it('that expire are replaced by those that are written meanwhile', async () => {
    const file = join(folder, 'credentials');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file);
    vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
    const write = (id: string) =>
      writeFile(
        file,
        `[p]\naws_access_key_id=${id}\naws_secret_access_key=s\naws_session_token=t\n`,
      );
    const { clients } = await serve(({ headers }, response) => {
      if (headers.authorization?.includes('Credential=RENEWED/')) response.end(LIST);
      else s3Error(response, 400, 'ExpiredToken');
    });
    await write('STALE');
    const credentials = renewingCredentials(async () => {
      const files = await readConfigFiles();
      const { credentials: source } = resolveConnection({ profile: 'p' }, files, process.env);
      return { source, region: 'eu-west-1', settings: plainSettings() };
    });
    const client = clients(credentials).s3();
    const list = () => listObjects(client, { bucket: 'b-b', prefix: '' });
    await expect(list()).rejects.toMatchObject({ code: 'CredentialsExpired' });
    await write('RENEWED');
    await utimes(file, new Date(), new Date(Date.now() + 5_000));
    expect((await list()).objects).toHaveLength(1);
  });
});

describe('a service that gives credentials and does not answer', () => {
  const role = { kind: 'role', roleArn: 'arn:aws:iam::123456789012:role/r' } as const;
  const origin = { kind: 'default' } as const;
  const keys = () => ({ accessKeyId: 'A', secretAccessKey: 's' });
  const sso = { profile: 'p', startUrl: 'https://corp.example', region: 'eu-west-1' };
  const request = (endpoint: string) => ({
    ...{ region: 'eu-west-1', settings: plainSettings(endpoint) },
    source: { ...role, origin, source: { kind: 'keys', origin, keys } } as const,
  });

  it('holds nobody who gives up, and is asked once for all', async () => {
    const { endpoint, requests, clients } = await serve(() => undefined);
    const credentials = renewingCredentials(() => Promise.resolve(request(endpoint)));
    const stop = new AbortController();
    const options = { signal: stop.signal };
    const calls = [
      identify({ region: 'eu-west-1', endpoint, credentials }, options),
      listObjects(clients(credentials).s3(), { bucket: 'b-b', prefix: '' }, options),
    ];
    const ends = Promise.allSettled(calls);
    await expect.poll(() => requests).toHaveLength(1);
    stop.abort();
    expect(await ends).toMatchObject(
      calls.map(() => ({ status: 'rejected', reason: { code: 'Cancelled' } })),
    );
    expect(requests).toHaveLength(1);
  });

  it('is given up in the time that other services have', async () => {
    const handlers = new Set<NodeHttpHandler>();
    const handle = vi.spyOn(NodeHttpHandler.prototype, 'handle');
    const destroy = vi.spyOn(NodeHttpHandler.prototype, 'destroy');
    handle.mockImplementation(function (this: NodeHttpHandler, { hostname, port }) {
      // What another test has given up may be asked for again meanwhile, elsewhere.
      if (hostname !== '127.0.0.1' || port === 1) handlers.add(this);
      return Promise.reject(new Error('Not sent'));
    });
    vi.stubEnv('HOME', folder);
    vi.stubEnv('USERPROFILE', folder);
    const cache = join(folder, '.aws', 'sso', 'cache');
    await mkdir(cache, { recursive: true });
    const id = createHash('sha1').update(sso.startUrl).digest('hex');
    const token = { accessToken: 'a', expiresAt: '2099-01-01T00:00:00Z' };
    await writeFile(join(cache, `${id}.json`), JSON.stringify(token));
    const signIn = { kind: 'sso', ...sso, accountId: '1', roleName: 'r', origin } as const;
    for (const source of [request('').source, signIn]) {
      await expect(resolveSource({ ...request('http://127.0.0.1:1'), source })).rejects.toThrow(
        'Not sent',
      );
    }
    for (const handler of handlers) {
      // The handler reads its options with its first request, which isn't sent.
      expect(await Reflect.get(handler, 'configProvider')).toMatchObject({
        ...{ connectionTimeout: 5_000, socketTimeout: 60_000 },
      });
    }
    expect(handlers.size).toBe(2);
    const destroyed = new Set(destroy.mock.contexts);
    for (const handler of handlers) expect(destroyed.has(handler)).toBe(true);
  });
});

describe('a refusal without a body', () => {
  it.each([
    [400, 'ExpiredToken', 'CredentialsExpired'],
    [403, 'AccessDenied', 'AccessDenied'],
  ])('of HEAD (%i) is explained by GET: %s', async (status, awsCode, code) => {
    const { clients, requests } = await serve(({ method }, response) => {
      if (method === 'HEAD') response.writeHead(status).end();
      else s3Error(response, status, awsCode);
    });
    const head = headObject(clients().s3(), { bucket: 'b-b', key: 'k' });
    await expect(head).rejects.toMatchObject({ code, awsCode, subject: 's3://b-b/k' });
    expect(requests.at(-1)?.headers.range).toBe('bytes=0-0');
  });

  it('of HEAD stays where GET is allowed', async () => {
    const { clients } = await serve(({ method }, response) => {
      response.writeHead(method === 'HEAD' ? 403 : 206).end(method === 'HEAD' ? '' : 'x');
    });
    const head = headObject(clients().s3(), { bucket: 'b-b', key: 'k' });
    await expect(head).rejects.toMatchObject({ code: 'AccessDenied' });
  });
});

describe('a manifest', () => {
  it('under a KMS key cannot be read by a job', async () => {
    const { clients } = await serve((_, response) => {
      response.writeHead(200, { etag: '"e"', 'x-amz-server-side-encryption': 'aws:kms' });
      response.end('images,a\n');
    });
    const { problems } = await readManifest(clients().s3(), { bucket: 'b-b', key: 'm.csv' });
    expect(problems).toEqual([{ kind: 'encryption', severity: 'error', text: 'aws:kms' }]);
  });
});

describe("a bucket's Region", () => {
  const s3 = (answer: (request: ScriptedRequest, response: ServerResponse) => void) =>
    serve(answer).then(({ clients }) => clients().s3());
  const head = (status: number, region?: string) => async () => {
    const client = await s3((_, response) => {
      response.writeHead(status, region === undefined ? {} : { 'x-amz-bucket-region': region });
      response.end();
    });
    return bucketRegion(client, 'b-b', 'us-east-1');
  };

  it('is in what HeadBucket answers, refusals and redirects too', async () => {
    expect(await head(200, 'eu-west-1')()).toBe('eu-west-1');
    expect(await head(301, 'eu-west-2')()).toBe('eu-west-2');
    expect(await head(403, 'eu-west-3')()).toBe('eu-west-3');
    await expect(head(404)()).rejects.toMatchObject({ code: 'NotFound', subject: 's3://b-b/' });
  });

  it.each([
    [
      '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">EU</LocationConstraint>',
      'eu-west-1',
    ],
    ['<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>', 'us-east-1'],
    [
      '<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">ap-northeast-2</LocationConstraint>',
      'ap-northeast-2',
    ],
  ])('is else in %s', async (xml, region) => {
    const client = await s3(({ method }, response) => {
      if (method === 'GET') response.end(`<?xml version="1.0"?>${xml}`);
      else response.writeHead(403).end();
    });
    expect(await bucketRegion(client, 'b-b', 'eu-central-1')).toBe(region);
  });

  it('is else the one the user chose', async () => {
    const client = await s3((_, response) => s3Error(response, 403, 'AccessDenied'));
    expect(await bucketRegion(client, 'b-b', 'eu-central-1')).toBe('eu-central-1');
  });

  it('is in a redirect', async () => {
    const client = await s3((_, response) => {
      response.writeHead(301, { 'x-amz-bucket-region': 'eu-west-2' });
      response.end('<?xml version="1.0"?><Error><Code>PermanentRedirect</Code></Error>');
    });
    const error: unknown = await listObjects(client, { bucket: 'b-b', prefix: '' }).catch(
      (thrown: unknown) => (thrown as Error).cause,
    );
    expect(regionOfRedirect(error)).toEqual({ redirected: true, region: 'eu-west-2' });
    expect(regionOfRedirect(new Error('other'))).toEqual({ redirected: false });
  });

  it('is looked up once, and again after a failure or when forgotten', async () => {
    const regions = createBucketRegions();
    const lookUp = vi.fn(() => Promise.resolve('eu-west-1'));
    await Promise.all([regions.of('b', lookUp), regions.of('b', lookUp)]);
    expect(lookUp).toHaveBeenCalledTimes(1);
    regions.remember('b', undefined);
    await regions.of('b', lookUp);
    expect(lookUp).toHaveBeenCalledTimes(2);
    regions.remember('b', 'eu-west-2');
    expect(await regions.of('b', lookUp)).toBe('eu-west-2');
    await expect(regions.of('c', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await regions.of('c', lookUp)).toBe('eu-west-1');
  });

  it('still arrives where another who waited for it gave up', async () => {
    const regions = createBucketRegions();
    const lookUp = (): Promise<string> => delay(10, 'eu-west-1');
    const one = new AbortController();
    const waiting = [
      raceAbort(regions.of('b', lookUp), one.signal),
      raceAbort(regions.of('b', lookUp), new AbortController().signal),
    ];
    one.abort();
    await expect(waiting[0]).rejects.toMatchObject({ code: 'Cancelled' });
    expect(await waiting[1]).toBe('eu-west-1');
  });
});

describe('objects that were not deleted', () => {
  it('are named, with the permission that is missing', async () => {
    const sentence =
      'User: arn:aws:iam::123456789012:user/u is not authorized to perform: s3:DeleteObject on resource: "r"';
    const { clients } = await serve((_, response) =>
      response.end(
        `<DeleteResult><Error><Key>a/b</Key><Code>AccessDenied</Code><Message>${sentence}</Message></Error>` +
          '<Error><Key>c</Key><Code>InternalError</Code><Message>Try again</Message></Error>' +
          '<Deleted><Key>d</Key></Deleted></DeleteResult>',
      ),
    );
    const keys = ['a/b', 'c', 'd'];
    const { deleted, failed } = await deleteObjects(clients().s3(), { bucket: 'b-b', keys });
    expect(deleted).toBe(1);
    expect(failed).toMatchObject([
      {
        key: 'a/b',
        error: { code: 'AccessDenied', action: 's3:DeleteObject', subject: 's3://b-b/a/b' },
      },
      { key: 'c', error: { code: 'Unknown', awsCode: 'InternalError', awsMessage: 'Try again' } },
    ]);
  });
});

describe('clients', () => {
  it('are made without a request, and S3 Control takes a custom endpoint', async () => {
    const { requests, endpoint } = await serve((_, response) => response.end());
    const clients = createClients(
      { region: 'eu-west-1', credentials: { accessKeyId: 'A', secretAccessKey: 's' }, endpoint },
      { accountId: '123456789012', partition: 'aws' },
    );
    expect(clients.s3()).toBe(clients.s3('eu-west-1'));
    expect(clients.s3('eu-west-2')).not.toBe(clients.s3());
    expect(await clients.s3ForBucket('b-b')).toBe(clients.s3());
    expect(clients.s3Control()).toBe(clients.s3Control());
    clients.destroy();
    expect(requests).toEqual([]);
  });
});
