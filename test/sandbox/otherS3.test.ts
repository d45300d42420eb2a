import { CompleteMultipartUploadCommand } from '@aws-sdk/client-s3';
import type { ServerResponse } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listJobs } from '../../src/aws/batchJobs/batchJobs.ts';
import { makeBucket } from '../../src/aws/buckets/newBucket.ts';
import { createClients, type AwsClients } from '../../src/aws/clients.ts';
import { clientSettings } from '../../src/aws/connection/clientSettings.ts';
import { resolveConnection } from '../../src/aws/connection/resolveConnection.ts';
import { listFunctions } from '../../src/aws/functions/functions.ts';
import { createBucket, deleteBucket } from '../../src/aws/objects/buckets.ts';
import { headObject, listBuckets, listObjects } from '../../src/aws/objects/listing.ts';
import { readObject, writeObject } from '../../src/aws/objects/objects.ts';
import { deleteObjects } from '../support/deleteKeys.ts';
import { isEmptyBucket } from '../../src/aws/objects/objectVersions.ts';
import { getObjectTags, putObjectTags } from '../../src/aws/objects/tags.ts';
import { copyObject } from '../../src/aws/objects/rewrite/copyObject.ts';
import { openRoute } from '../../src/aws/objects/rewrite/copyRoute.ts';
import { uploadFile } from '../../src/aws/objects/uploadFile.ts';
import { openClients, type OpenedClients } from '../../src/aws/openClients.ts';
import { describeError } from '../../src/vscode/describeError.ts';
import { download } from './transferWorld.ts';
import { startS3rver, type S3rver } from '../support/s3rver.ts';
import { s3Error, startScriptedServer, type ScriptedRequest } from '../support/scriptedServer.ts';

const bucket = 'pictures';
const region = 'auto';

/** As a profile with this endpoint resolves, and nothing else in it. */
async function open(endpoint: string, key: { accessKeyId: string; secretAccessKey: string }) {
  const noFiles = { config: '', profiles: new Map(), services: new Map(), problems: [] };
  const environment = { AWS_ACCESS_KEY_ID: key.accessKeyId, AWS_SECRET_ACCESS_KEY: 's' };
  const files = noFiles as unknown as Parameters<typeof resolveConnection>[1];
  const settings = clientSettings(resolveConnection({ endpoint, region }, files, environment));
  return await openClients({ region, settings, credentials: key });
}

describe('an S3-compatible server of others, without STS', () => {
  let server: S3rver;
  let opened: OpenedClients;
  let clients: AwsClients;
  let folder: string;
  const at = (key: string) => ({ bucket, key });
  const list = async (prefix = '') =>
    await listObjects(clients.s3(), { bucket, prefix, delimiter: '/' });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bb-other-s3-'));
    server = await startS3rver();
    opened = await open(server.endpoint, server);
    clients = opened.clients;
  }, 120_000);
  afterAll(async () => {
    clients.destroy();
    server.stop();
    await rm(folder, { recursive: true });
  });

  it('connects by ListBuckets; the account is unknown', () => {
    expect(opened.identity).toMatchObject({ accountId: '', userId: '123456789000' });
  });

  it('has what the explorer does: buckets, folders, objects', async () => {
    await createBucket(clients, { bucket, region });
    expect((await listBuckets(clients)).map(({ name }) => name)).toEqual([bucket]);
    const client = clients.s3();
    await writeObject(client, { ...at('a b+c.txt'), body: 'hello' });
    await writeObject(client, { ...at('photos/é.txt'), body: 'two' });
    expect(await list()).toMatchObject({
      objects: [{ key: 'a b+c.txt', size: 5 }],
      prefixes: ['photos/'],
    });
    expect((await list('photos/')).objects).toMatchObject([{ key: 'photos/é.txt' }]);
    const read = await readObject(client, { ...at('a b+c.txt'), maxBytes: 9 });
    expect(Buffer.from(read).toString()).toBe('hello');
    expect(await headObject(client, at('a b+c.txt'))).toMatchObject({ size: 5 });
    await expect(headObject(client, at('gone'))).rejects.toMatchObject({ code: 'NotFound' });
  });

  it('is believed by a process of its own, whose first answers have no body', async () => {
    const fresh = createClients(clients.config, { accountId: '', partition: 'aws' });
    await expect(
      makeBucket(fresh, { bucket: 'fresh', region, versioning: false }),
    ).resolves.toEqual({});
    const { versioningFailed } = await makeBucket(fresh, {
      ...{ bucket: 'versions', region, versioning: true },
    });
    const { host } = new URL(server.endpoint);
    expect(describeError(versioningFailed)).toBe(`${host} doesn’t support PutBucketVersioning.`);
    for (const name of ['fresh', 'versions']) await deleteBucket(fresh, name);
    fresh.destroy();
  });

  it('keeps tags', async () => {
    const tags = [{ key: 'phototype', value: 'raw' }];
    await putObjectTags(clients.s3(), { ...at('a b+c.txt'), tags });
    expect(await getObjectTags(clients.s3(), at('a b+c.txt'))).toEqual(tags);
  });

  it('gets the bytes of a stream and of parts, and nothing else', async () => {
    const bytes = Buffer.alloc(9 * 2 ** 20, 'picture');
    for (const body of [Readable.from([Buffer.from('small')]), bytes]) {
      await uploadFile(clients.s3(), { ...at('up'), body, size: bytes.length });
      const path = join(folder, 'down');
      await download(clients, { ...at('up'), folder, names: ['down'] });
      const expected = Buffer.isBuffer(body) ? bytes : Buffer.from('small');
      expect((await readFile(path)).equals(expected)).toBe(true);
    }
  });

  it('copies, deletes, and says what it does not have', async () => {
    const client = clients.s3();
    // s3rver leaves a %2B in a copy source as it is.
    const route = await openRoute(clients, bucket, bucket);
    await copyObject(route, { from: 'photos/é.txt', to: 'copy' });
    expect(await headObject(client, at('copy'))).toMatchObject({ size: 3 });
    const keys = ['a b+c.txt', 'copy', 'up', 'photos/é.txt'];
    expect(await deleteObjects(client, { bucket, keys })).toEqual({ deleted: 4, failed: [] });
    expect(await list()).toMatchObject({ objects: [], prefixes: [] });
    const versions = isEmptyBucket(client, bucket);
    await expect(versions).rejects.toMatchObject({ awsCode: 'MethodNotAllowed' });
    await deleteBucket(clients, bucket);
  });

  it('has no jobs, functions, roles or metrics, which is said by its address', async () => {
    const { host } = new URL(server.endpoint);
    const asked: [string, () => Promise<unknown>][] = [
      ['S3 Batch Operations', () => listJobs(clients, {})],
      ['AWS Lambda', () => listFunctions(clients)],
    ];
    for (const [service, ask] of asked) {
      const error: unknown = await ask().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'NoService', service });
      expect(describeError(error)).toBe(`${host} doesn’t support ${service}.`);
    }
  });
});

describe('a connection to a server whose STS', () => {
  const BUCKETS = '<ListAllMyBucketsResult><Owner><ID>me</ID></Owner></ListAllMyBucketsResult>';
  const key = { accessKeyId: 'A', secretAccessKey: 's' };
  const isSts = ({ method }: ScriptedRequest): boolean => method === 'POST';

  it.each([
    [400, 'Bad Request'],
    [403, '<Error><Code>AccessDenied</Code></Error>'],
    [403, '<ErrorResponse><Error><Code>InvalidClientTokenId</Code></Error></ErrorResponse>'],
    [404, ''],
    [405, '<Error><Code>MethodNotAllowed</Code></Error>'],
    [501, '<Error><Code>NotImplemented</Code></Error>'],
    [200, '<html>Welcome</html>'],
    [200, ''],
    [200, BUCKETS],
  ])('answers %i %s is judged by its buckets', async (status, body) => {
    const { endpoint } = await startScriptedServer((request, response) => {
      if (isSts(request)) response.writeHead(status).end(body);
      else response.end(BUCKETS);
    });
    const { identity, clients } = await open(endpoint, key);
    expect(identity).toEqual({ accountId: '', arn: '', userId: 'me', partition: 'aws' });
    clients.destroy();
  });

  it('cuts the connection is judged by its buckets', async () => {
    const { endpoint } = await startScriptedServer((request, response) => {
      if (isSts(request)) response.destroy();
      else response.end(BUCKETS);
    });
    expect((await open(endpoint, key)).identity.userId).toBe('me');
  });

  it('is missing connects with a key that may not list buckets', async () => {
    const { endpoint } = await startScriptedServer((_, response) =>
      s3Error(response, 403, 'AccessDenied'),
    );
    expect((await open(endpoint, key)).identity.accountId).toBe('');
  });

  it.each([
    ['InvalidAccessKeyId', 'CredentialsExpired'],
    ['SignatureDoesNotMatch', 'CredentialsExpired'],
    ['ExpiredToken', 'CredentialsExpired'],
  ])('is missing tells bad keys apart: %s', async (name, code) => {
    const { endpoint } = await startScriptedServer((_, response) => s3Error(response, 403, name));
    await expect(open(endpoint, key)).rejects.toMatchObject({ code });
  });

  it('is a web site is refused', async () => {
    const { endpoint } = await startScriptedServer((_, response) => response.end('<html>'));
    await expect(open(endpoint, key)).rejects.toMatchObject({ code: 'NotAws' });
  });
});

describe("what Ceph's gateway 16 does otherwise", () => {
  const key = { accessKeyId: 'A', secretAccessKey: 's' };
  const BUCKETS = '<ListAllMyBucketsResult><Owner><ID>me</ID></Owner></ListAllMyBucketsResult>';

  async function gateway(answer: (request: ScriptedRequest, response: ServerResponse) => void) {
    const server = await startScriptedServer((request, response) => {
      if (request.url.pathname === '/') response.end(BUCKETS);
      else answer(request, response);
    });
    const { clients } = await open(server.endpoint, key);
    return { s3: clients.s3(), requests: server.requests };
  }

  it('it compares If-Match with a bare ETag: a write is sent again so, and no other', async () => {
    const { s3, requests } = await gateway(({ headers }, response) => {
      if (headers['if-match'] === 'now') response.setHeader('etag', '"new"').end();
      else s3Error(response, 412, 'PreconditionFailed');
    });
    const write = (ifMatch: string) => writeObject(s3, { bucket, key: 'k', body: 'text', ifMatch });
    expect(await write('now')).toMatchObject({ eTag: 'new' });
    await expect(write('before')).rejects.toMatchObject({ awsCode: 'PreconditionFailed' });
    const sent = requests.filter(({ method }) => method === 'PUT');
    expect(sent.map(({ headers }) => headers['if-match'])).toEqual([
      ...['"now"', 'now'],
      ...['"before"', 'before'],
    ]);
  });

  it('it answers no ETag of an object in parts', async () => {
    const answer = '<CompleteMultipartUploadResult><ETag></ETag></CompleteMultipartUploadResult>';
    const { s3 } = await gateway((_, response) => response.end(answer));
    const command = new CompleteMultipartUploadCommand({
      ...{ Bucket: bucket, Key: 'k', UploadId: 'u' },
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag: '"e"' }] },
    });
    expect((await s3.send(command)).$metadata.httpStatusCode).toBe(200);
  });
});
