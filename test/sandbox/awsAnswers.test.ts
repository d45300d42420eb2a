import * as cloudTrail from '@aws-sdk/client-cloudtrail';
import * as cloudWatch from '@aws-sdk/client-cloudwatch';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as iam from '@aws-sdk/client-iam';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as s3Control from '@aws-sdk/client-s3-control';
import * as sts from '@aws-sdk/client-sts';
import { HttpResponse } from '@smithy/core/transport';
import { readFileSync, readdirSync } from 'node:fs';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { validateAnswers } from '../../src/aws/answers/validateAnswers.ts';
import type { AwsClients } from '../../src/aws/clients.ts';
import { identify } from '../../src/aws/identify.ts';
import { changeNotifications } from '../../src/aws/notifications/notifications.ts';
import { listBuckets, listObjects } from '../../src/aws/objects/listing.ts';
import { readObject, writeObject } from '../../src/aws/objects/objects.ts';
import { deleteObjects } from '../support/deleteKeys.ts';
import { BucketRules } from '../../src/aws/objects/rewrite/bucketRules.ts';
import { copyObject } from '../../src/aws/objects/rewrite/copyObject.ts';
import { getObjectTags, putObjectTags } from '../../src/aws/objects/tags.ts';
import { describeError } from '../../src/vscode/describeError.ts';
import { ROOT } from '../support/paths.ts';
import { startScriptedServer, type ScriptedRequest } from '../support/scriptedServer.ts';

interface Canned {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

const HTML = '<!DOCTYPE html><html><body>Sign in to the network</body></html>';
const html = { 'content-type': 'text/html' };

/** What stands between people and AWS, or is at a wrong address. */
const STRANGERS: Readonly<Record<string, Canned>> = {
  'an empty 200': { status: 200 },
  'an empty 204': { status: 204 },
  'an HTML 200': { status: 200, headers: { ...html, etag: '"5f-1"' }, body: HTML },
  'HTML by CloudFront': { status: 200, headers: { ...html, 'x-amz-cf-id': 'a' }, body: HTML },
  'JSON {}': { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' },
  'an XML answer to something else': {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: '<?xml version="1.0"?><Other><TagSet/></Other>',
  },
  'a redirect to a sign-in page': { status: 302, headers: { location: 'http://x.invalid/' } },
  'an HTML 400': { status: 400, headers: html, body: HTML },
  'an HTML 403': { status: 403, headers: html, body: HTML },
  'an HTML 404': { status: 404, headers: html, body: HTML },
  'an empty 404': { status: 404 },
  'an HTML 511': { status: 511, headers: html, body: HTML },
};

function reply(response: ServerResponse, { status, headers = {}, body = '' }: Canned): void {
  response.removeHeader('x-amz-request-id');
  response.removeHeader('etag');
  response.removeHeader('last-modified');
  response.writeHead(status, headers).end(body);
}

const SERVICES = { cloudTrail, cloudWatch, logs, iam, lambda, s3, s3Control, sts };

type Service = keyof typeof SERVICES;

const MODULES: Readonly<Record<string, Service>> = {
  ...{ cloudtrail: 'cloudTrail', cloudwatch: 'cloudWatch', 'cloudwatch-logs': 'logs', iam: 'iam' },
  ...{ lambda: 'lambda', s3: 's3', 's3-control': 's3Control', sts: 'sts' },
};

/** Every command that src/aws sends, and what the SDK's uploads send for it: `s3 GetObjectCommand`. */
function sentCommands(): string[] {
  const files = readdirSync(join(ROOT, 'src/aws'), { recursive: true, encoding: 'utf8' });
  const imports = files
    .filter(file => file.endsWith('.ts'))
    .map(file => readFileSync(join(ROOT, 'src/aws', file), 'utf8'))
    .flatMap(text => [...text.matchAll(/import \{([^}]*)\} from '@aws-sdk\/client-([\w-]+)'/g)]);
  const imported = imports.flatMap(([, names = '', module = '']) =>
    [...names.matchAll(/(?<!type )\b\w+Command\b/g)].map(([name]) => `${MODULES[module]} ${name}`),
  );
  const uploads = ['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload'];
  return [...new Set([...imported, ...uploads.map(name => `s3 ${name}Command`)])].sort();
}

/** Members that some command needs before it can be sent; each command takes its own. */
const INPUT = {
  ...{ Bucket: 'b-b', Key: 'k', CopySource: 'b-b/k', UploadId: 'u', PartNumber: 1, Body: 'x' },
  ...{ Delete: { Objects: [{ Key: 'k' }] }, AccountId: '123456789012', JobId: 'j' },
  ...{ FunctionName: 'f', StatementId: 's', Resource: 'r', TagKeys: ['k'], RoleName: 'r' },
  ...{ PolicyName: 'p', logGroupName: 'g', MetricName: 'm', Namespace: 'n' },
  ...{ StartTime: new Date(), EndTime: new Date() },
};

function clientOf(clients: AwsClients, service: Service): s3.S3Client {
  return clients[service]() as unknown as s3.S3Client;
}

type CommandClass = new (input: object) => s3.GetObjectCommand;

function command(service: Service, name: string): s3.GetObjectCommand {
  const module = SERVICES[service] as unknown as Record<string, CommandClass>;
  // Of one name are an object's tags and the header that a write has for them.
  const tagging = name.endsWith('TaggingCommand') ? { Tagging: { TagSet: [] } } : {};
  return new module[name]!({ ...INPUT, ...tagging });
}

describe.each(Object.entries(STRANGERS))('%s', (_, canned) => {
  it('is no answer to any operation that we send', async () => {
    const server = await startScriptedServer((_request, response) => reply(response, canned));
    const clients = server.clients();
    for (const each of sentCommands()) {
      const [service, name] = each.split(' ') as [Service, string];
      const sent = clientOf(clients, service).send(command(service, name));
      const error: unknown = await sent.then(
        () => 'was believed',
        (thrown: unknown) => thrown,
      );
      const isMissing = service !== 's3' && canned.status === 404;
      expect(error, each).toMatchObject({
        code: isMissing ? 'NoService' : 'NotAws',
        subject: new URL(server.endpoint).host,
      });
    }
    expect(sentCommands().length).toBeGreaterThan(50);
    // Each is sent once; what lacks nothing but a header is looked into by a ListBuckets of its own.
    const names = server.requests.map(({ url }) => url.searchParams.get('x-id'));
    const looks = names.filter(name => name === 'ListBuckets').length - 1;
    expect(server.requests.length - looks).toBe(sentCommands().length);
  });
});

/** Answers as a good server until the path says otherwise. */
function bad(canned: Canned, when: (request: ScriptedRequest) => boolean, good: string) {
  return startScriptedServer((request, response) => {
    if (when(request)) reply(response, canned);
    else response.end(good);
  });
}

describe('what was lost when a stranger was believed', () => {
  const empty = { status: 200 };
  const at = { bucket: 'b-b', key: 'k' };

  it('tags are not read as none', async () => {
    const { clients, requests } = await bad(empty, ({ method }) => method === 'GET', '');
    await expect(getObjectTags(clients().s3(), at)).rejects.toMatchObject({ code: 'NotAws' });
    expect(requests.map(({ method }) => method)).toEqual(['GET']);
  });

  it("others' notifications are not overwritten", async () => {
    const { clients, requests } = await bad(empty, ({ method }) => method === 'GET', '');
    const change = () => ({ EventBridgeConfiguration: {} });
    const changed = changeNotifications(clients(), { bucket: 'b-b', change });
    await expect(changed).rejects.toMatchObject({ code: 'NotAws' });
    expect(requests.map(({ method }) => method)).toEqual(['GET']);
  });

  it('nothing is called deleted, moved or written', async () => {
    const { clients } = await bad(empty, () => true, '');
    const client = clients().s3();
    const tags = [{ key: 'a', value: 'b' }];
    const route = {
      source: new BucketRules(client, 'b-b'),
      target: new BucketRules(client, 'b-b'),
    };
    const writes = [
      () => deleteObjects(client, { bucket: 'b-b', keys: ['a', 'b'] }),
      () => copyObject(route, { from: at.key, to: 'l' }),
      () => writeObject(client, { ...at, body: 'x' }),
      () => putObjectTags(client, { ...at, tags }),
    ];
    for (const write of writes) await expect(write()).rejects.toMatchObject({ code: 'NotAws' });
  });

  it('keys that the answer does not name are not called deleted', async () => {
    const answer = '<DeleteResult><Deleted><Key>a</Key></Deleted></DeleteResult>';
    const { clients } = await startScriptedServer((_, response) => response.end(answer));
    const result = await deleteObjects(clients().s3(), { bucket: 'b-b', keys: ['a', 'b'] });
    expect(result).toMatchObject({ deleted: 1, failed: [{ key: 'b', error: { code: 'NotAws' } }] });
  });

  it('no list is empty', async () => {
    const { clients } = await bad({ status: 200, headers: html, body: HTML }, () => true, '');
    const list = listObjects(clients().s3(), { bucket: 'b-b', prefix: '' });
    await expect(list).rejects.toMatchObject({ code: 'NotAws' });
    await expect(listBuckets(clients())).rejects.toMatchObject({ code: 'NotAws' });
  });

  it('half a list is not the whole', async () => {
    const half =
      '<?xml version="1.0"?><ListBucketResult><Contents><Key>a</Key><Size>1</Size></Contents>';
    const { clients } = await startScriptedServer((_, response) => response.end(half));
    const list = listObjects(clients().s3(), { bucket: 'b-b', prefix: '' });
    await expect(list).rejects.toMatchObject({
      code: 'NotAws',
      answer: { wanted: '</ListBucketResult>' },
    });
  });

  it('and the message names the address and what was expected', async () => {
    const { clients, endpoint } = await bad(
      { status: 200, headers: html, body: HTML },
      () => true,
      '',
    );
    const error: unknown = await getObjectTags(clients().s3(), at).catch(
      (thrown: unknown) => thrown,
    );
    expect(describeError(error)).toBe(
      `Unexpected response from ${new URL(endpoint).host}: GetObjectTagging got “HTTP 200 <html>” ` +
        'instead of “<Tagging>”. Check the endpoint and the proxy, and whether the network ' +
        'requires you to sign in.',
    );
  });
});

describe('an S3-compatible server that sends none of AWS’s headers', () => {
  const good = (request: ScriptedRequest, response: ServerResponse): void => {
    const { pathname, search } = request.url;
    if (pathname === '/') {
      reply(response, {
        status: 200,
        body: '<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>',
      });
    } else if (request.method === 'GET') {
      const headers = { etag: '"e"', 'last-modified': new Date(0).toUTCString() };
      reply(response, { status: 200, headers, body: 'hello' });
    } else reply(response, { status: search.includes('tagging') ? 200 : 204 });
  };

  const at = { bucket: 'b-b', key: 'k' };
  const tags = [{ key: 'a', value: 'b' }];

  it('is looked at once before an answer without a body is believed', async () => {
    const { clients, requests } = await startScriptedServer(good);
    const client = clients();
    await putObjectTags(client.s3(), { ...at, tags });
    expect(Buffer.from(await readObject(client.s3(), { ...at, maxBytes: 9 })).toString()).toBe(
      'hello',
    );
    expect(requests.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
      'PUT /b-b/k',
      'GET /',
      'GET /b-b/k',
    ]);
  });

  it('is believed if it refuses to list buckets like S3', async () => {
    const { clients, requests } = await startScriptedServer((request, response) => {
      if (request.method === 'HEAD') reply(response, { status: 404 });
      else reply(response, { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' });
    });
    const head = new s3.HeadObjectCommand({ Bucket: 'b-b', Key: 'k' });
    await expect(clients().s3().send(head)).rejects.toMatchObject({ name: 'NotFound' });
    expect(requests.map(({ method }) => method)).toEqual(['HEAD', 'GET']);
  });

  it('may send them with lists only: each operation without is looked into once', async () => {
    const { clients, requests } = await startScriptedServer((request, response) => {
      if (request.url.pathname !== '/') good(request, response);
      else response.end('<ListAllMyBucketsResult/>');
    });
    const client = clients();
    await putObjectTags(client.s3(), { ...at, tags });
    await putObjectTags(client.s3(), { ...at, tags });
    await client.s3().send(new s3.DeleteObjectCommand({ Bucket: 'b-b', Key: 'k' }));
    expect(requests.map(({ method }) => method)).toEqual(['PUT', 'GET', 'PUT', 'DELETE', 'GET']);
  });

  it.each<[string, Canned]>([
    ['swallows writes and shows a sign-in page', { status: 200, headers: html, body: HTML }],
    ['swallows writes and refuses lists without a word', { status: 403 }],
    ['swallows writes and is down', { status: 503, body: '<Error><Code>SlowDown</Code></Error>' }],
  ])('is not believed where something %s', async (_, list) => {
    const { clients } = await startScriptedServer(({ method }, response) =>
      reply(response, method === 'GET' ? list : { status: 200 }),
    );
    const tagged = putObjectTags(clients().s3(), { ...at, tags });
    await expect(tagged).rejects.toMatchObject({ code: 'NotAws' });
  });

  it('says what it has not, where it takes a request for a new bucket of that name', async () => {
    const { clients, endpoint } = await startScriptedServer((_, response) =>
      reply(response, { status: 409, body: '<Error><Code>BucketAlreadyExists</Code></Error>' }),
    );
    const versioning = new s3.PutBucketVersioningCommand({
      Bucket: 'b-b',
      VersioningConfiguration: { Status: 'Enabled' },
    });
    const error: unknown = await clients()
      .s3()
      .send(versioning)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ awsCode: 'NotImplemented' });
    expect(describeError(error)).toBe(
      `${new URL(endpoint).host} doesn’t support PutBucketVersioning.`,
    );
  });
});

describe("at AWS's own address", () => {
  /** An S3 client that is answered without a network. */
  function answered({ status, headers = {}, body = '' }: Canned): s3.S3Client {
    const handle = () =>
      Promise.resolve({
        response: new HttpResponse({
          statusCode: status,
          headers: headers as Record<string, string>,
          body: Readable.from([Buffer.from(body)]),
        }),
      });
    const client = new s3.S3Client({
      region: 'eu-west-1',
      credentials: { accessKeyId: 'A', secretAccessKey: 's' },
      requestHandler: { handle },
    });
    return validateAnswers(client, new Set());
  }
  const tagging = new s3.GetObjectTaggingCommand({ Bucket: 'b-b', Key: 'k' });
  const id = { 'x-amz-request-id': 'ID' };
  const body = '<Tagging><TagSet/></Tagging>';

  it('every answer carries a request id', async () => {
    await expect(answered({ status: 200, body }).send(tagging)).rejects.toMatchObject({
      code: 'NotAws',
      subject: 'b-b.s3.eu-west-1.amazonaws.com',
      answer: { wanted: 'x-amz-request-id' },
    });
    await answered({ status: 200, headers: id, body }).send(tagging);
  });

  it('a late error of S3 is an error', async () => {
    const error = '<?xml version="1.0"?>\n<Error><Code>InternalError</Code></Error>\n';
    const client = answered({ status: 200, headers: id, body: error });
    await expect(client.send(tagging)).rejects.toMatchObject({ name: 'InternalError' });
  });
});

describe('STS', () => {
  it('is believed only if it answers as STS', async () => {
    const { endpoint } = await startScriptedServer((_, response) => response.end(HTML));
    const config = {
      region: 'r',
      endpoint,
      credentials: { accessKeyId: 'A', secretAccessKey: 's' },
    };
    await expect(identify(config)).rejects.toMatchObject({ code: 'NotAws' });
  });
});
