import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  PutBucketEncryptionCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/aws/clients.ts';
import { createBucket } from '../../src/aws/objects/buckets.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { openClients } from '../../src/aws/openClients.ts';
import { readBucketProperties } from '../../src/aws/properties/bucketProperties.ts';
import { readObjectProperties } from '../../src/aws/properties/objectProperties.ts';
import { bucketBlocks } from '../../src/explorer/properties/bucketModel.ts';
import { objectBlocks } from '../../src/explorer/properties/objectModel.ts';
import type { Block } from '../../src/vscode/page/protocol.ts';
import { assumeNewRole } from '../support/assumeNewRole.ts';
import { startS3rver, type S3rver } from '../support/s3rver.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

let on: SandboxClients;
let bucket: string;
beforeAll(async () => {
  on = await startSandboxClients();
  bucket = await on.bucket();
});
afterAll(() => on.close());

const NAMES = { uri: 'the uri', arn: 'the arn', url: 'the url' };

/** What a page says, line by line. */
function lines(blocks: readonly Block[]): Record<string, unknown> {
  const facts = blocks.flatMap(block => (block.kind === 'facts' ? block.facts : []));
  return Object.fromEntries(facts.map(({ term, value }) => [term, value]));
}

const objectLines = async (key: string, clients = on.clients) =>
  lines(objectBlocks(await readObjectProperties(clients.s3(), { bucket, key }), NAMES));
const bucketLines = async (name: string, clients = on.clients) =>
  lines(bucketBlocks(await readBucketProperties(clients, name), NAMES));

describe('the properties of an object', () => {
  it('are all that it was written with', async () => {
    await on.clients.s3().send(
      new PutObjectCommand({
        ...{ Bucket: bucket, Key: 'full', Body: 'x'.repeat(2048) },
        ...{ ContentType: 'text/plain', CacheControl: 'no-cache', ContentLanguage: 'de' },
        ...{ ContentDisposition: 'inline', ContentEncoding: 'identity' },
        Expires: new Date('2031-01-02T03:04:05Z'),
        ...{
          StorageClass: 'STANDARD_IA',
          Metadata: { owner: 'me', empty: '', place: '=?UTF-8?B?w7w=?=' },
        },
        ...{ Tagging: 'colour=red&x=', WebsiteRedirectLocation: '/elsewhere' },
        ChecksumAlgorithm: 'SHA256',
      }),
    );
    expect(await objectLines('full')).toMatchObject({
      'S3 URI': 'the uri',
      ARN: 'the arn',
      URL: 'the url',
      Size: '2 KB (2,048 bytes)',
      'Version ID': 'None: versioning is off in its bucket',
      'Content-Type': 'text/plain',
      'Cache-Control': 'no-cache',
      'Content-Language': 'de',
      'Content-Disposition': 'inline',
      'Content-Encoding': 'identity',
      Expires: 'Thu, 02 Jan 2031 03:04:05 GMT',
      owner: 'me',
      empty: '',
      place: 'ü',
      'Storage class': 'STANDARD_IA',
      Restore: 'Not archived',
      'Expires by lifecycle': 'No rule applies',
      Replication: 'Not set',
      'Website redirect': '/elsewhere',
      Encryption: 'AES256 (SSE-S3)',
      Algorithm: 'SHA256',
      Type: 'FULL_OBJECT: computed from the whole object',
      Parts: 'Uploaded in one part',
      colour: 'red',
      'Object Lock': 'Not configured',
      'Legal hold': 'Not configured',
      'Access control list': 'Only its owner',
    });
  });

  it('say that there is nothing where there is nothing', async () => {
    await on.clients
      .s3()
      .send(new PutObjectCommand({ Bucket: bucket, Key: 'a b/../%2F+🪣', Body: '' }));
    const blocks = objectBlocks(
      await readObjectProperties(on.clients.s3(), { bucket, key: 'a b/../%2F+🪣' }),
      NAMES,
    );
    expect(lines(blocks)).toMatchObject({
      Size: '0 B',
      'Cache-Control': 'Not set',
      'Storage class': 'STANDARD',
    });
    const texts = blocks.flatMap(block => (block.kind === 'text' ? [block.text] : []));
    // Of metadata and of tags.
    expect(texts).toEqual(['None', 'None']);
  });

  it('name the parts and checksums of what was uploaded in parts', async () => {
    const s3 = on.clients.s3();
    const of = { Bucket: bucket, Key: 'parts' };
    const { UploadId } = await s3.send(
      new CreateMultipartUploadCommand({ ...of, ChecksumAlgorithm: 'SHA1' }),
    );
    const Parts = [];
    for (const [index, size] of [5 * 1024 ** 2, 7].entries()) {
      const PartNumber = index + 1;
      const part = { ...of, UploadId, PartNumber, Body: Buffer.alloc(size, 'x') };
      const sent = await s3.send(new UploadPartCommand({ ...part, ChecksumAlgorithm: 'SHA1' }));
      Parts.push({ PartNumber, ETag: sent.ETag, ChecksumSHA1: sent.ChecksumSHA1 });
    }
    await s3.send(
      new CompleteMultipartUploadCommand({ ...of, UploadId, MultipartUpload: { Parts } }),
    );
    expect(await objectLines('parts')).toMatchObject({
      Algorithm: 'SHA1',
      Type: 'COMPOSITE: computed from the checksums of the parts',
      Parts: '2',
    });
  });

  it('say that an archived object is archived, and the version of a versioned one', async () => {
    const name = await on.bucket();
    const s3 = on.clients.s3();
    const Status = 'Enabled';
    await s3.send(
      new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration: { Status } }),
    );
    const { VersionId: versionId } = await s3.send(
      new PutObjectCommand({ Bucket: name, Key: 'k', Body: 'k', StorageClass: 'GLACIER' }),
    );
    await s3.send(new PutObjectCommand({ Bucket: name, Key: 'k', Body: 'newer' }));
    const read = await readObjectProperties(s3, { bucket: name, key: 'k', versionId });
    expect(lines(objectBlocks(read, NAMES))).toMatchObject({
      'Version ID': versionId,
      'Storage class': 'GLACIER',
      Restore: 'Archived: restore it before you read it',
    });
  });

  it('name each permission that is missing, line by line', async () => {
    const may = { Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], Resource: '*' };
    const clients = await assumeNewRole(on, 'OnlyGets', [may]);
    expect(await objectLines('full', clients)).toMatchObject({
      'Storage class': 'STANDARD_IA',
      Parts: 'Not permitted: requires s3:GetObjectAttributes',
      'Object Lock': 'Not permitted: requires s3:GetObjectRetention',
      'Legal hold': 'Not permitted: requires s3:GetObjectLegalHold',
      Owner: 'Not permitted: requires s3:GetObjectAcl',
    });
    clients.destroy();
  });

  it('show what can be read where the object itself may not be', async () => {
    const may = {
      Effect: 'Allow',
      Action: ['s3:GetObjectTagging', 's3:ListBucket'],
      Resource: '*',
    };
    const clients = await assumeNewRole(on, 'OnlyTags', [may]);
    const blocks = objectBlocks(
      await readObjectProperties(clients.s3(), { bucket, key: 'full' }),
      NAMES,
    );
    expect(lines(blocks)).toMatchObject({ 'S3 URI': 'the uri', colour: 'red' });
    expect(blocks).toContainEqual({
      kind: 'text',
      tone: 'warning',
      text: 'Headers, metadata and size: Not permitted: requires s3:GetObject',
    });
    clients.destroy();
  });

  it('fail as a whole only where there is no object, or nobody to ask', async () => {
    await expect(objectLines('none')).rejects.toMatchObject({ code: 'NotFound' });
    const gone = on.clientsAt('http://127.0.0.1:9');
    await expect(objectLines('full', gone)).rejects.toMatchObject({ code: 'Network' });
    const signal = AbortSignal.abort();
    await expect(
      readObjectProperties(on.clients.s3(), { bucket, key: 'full' }, { signal }),
    ).rejects.toMatchObject({ code: 'Cancelled' });
  });
});

describe('the properties of a bucket', () => {
  it('of a new one say what is not configured', async () => {
    expect(await bucketLines(await on.bucket())).toMatchObject({
      'S3 URI': 'the uri',
      Region: on.clients.region,
      Versioning: 'Never enabled',
      'MFA delete': 'Off',
      'Object Lock': 'Not configured',
      Encryption: 'AES256 (SSE-S3)',
      'Block Public Access': 'On',
      'Object ownership': 'BucketOwnerEnforced: ACLs are disabled',
      'Bucket policy': 'Not configured',
      'Public by its policy': 'No',
      'Access control list': 'Only its owner',
      Lifecycle: 'Not configured',
      Replication: 'Not configured',
      'Intelligent-Tiering': 'Not configured',
      Inventory: 'Not configured',
      'Event notifications': 'Not configured',
      CORS: 'Not configured',
      'Server access logging': 'Not configured',
      Website: 'Not configured',
      'Transfer acceleration': 'Not configured',
      'Requester pays': 'No',
    });
  });

  it('are all that is configured', async () => {
    const name = 'dotted.name-1';
    const s3 = on.clients.s3();
    const of = { Bucket: name };
    await s3.send(new CreateBucketCommand(of));
    const Status = 'Suspended';
    await s3.send(new PutBucketVersioningCommand({ ...of, VersioningConfiguration: { Status } }));
    await s3.send(
      new PutBucketTaggingCommand({ ...of, Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } }),
    );
    await s3.send(
      new PutPublicAccessBlockCommand({
        ...of,
        PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true },
      }),
    );
    await s3.send(
      new PutBucketEncryptionCommand({
        ...of,
        ServerSideEncryptionConfiguration: {
          Rules: [
            {
              ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' },
              BucketKeyEnabled: true,
            },
          ],
        },
      }),
    );
    const statement = {
      ...{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject' },
      Resource: `arn:aws:s3:::${name}/*`,
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await s3.send(new PutBucketPolicyCommand({ ...of, Policy }));
    const QueueArn = `arn:aws:sqs:${on.clients.region}:${on.clients.accountId}:q`;
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        ...{ ...of, SkipDestinationValidation: true },
        NotificationConfiguration: {
          QueueConfigurations: [{ QueueArn, Events: ['s3:ObjectCreated:*'] }],
          EventBridgeConfiguration: {},
        },
      }),
    );
    const blocks = bucketBlocks(await readBucketProperties(on.clients, name), NAMES);
    expect(lines(blocks)).toMatchObject({
      Versioning: 'Suspended: existing versions are kept',
      'Block Public Access': 'Partly on: BlockPublicAcls and IgnorePublicAcls',
      'Bucket policy': 'Set',
      'Public by its policy': 'Yes: anyone has access',
      'Event notifications': 'SQS queues: 1, Amazon EventBridge',
      a: 'b',
    });
    expect(lines(blocks)['Created']).toMatch(/\d{4}/);
    const details = blocks.find(block => block.kind === 'details');
    expect(details).toMatchObject({ summary: 'Bucket policy' });
    expect(JSON.stringify(details)).toContain('s3:GetObject');
  });

  it('name each permission that is missing', async () => {
    const may = { Effect: 'Allow', Action: ['s3:GetBucketVersioning'], Resource: '*' };
    const clients = await assumeNewRole(on, 'OnlyVersioning', [may]);
    const found = await bucketLines(bucket, clients);
    expect(found).toMatchObject({ Versioning: 'Never enabled', Region: on.clients.region });
    const known = ['S3 URI', 'ARN', 'URL', 'Region', 'Versioning', 'MFA delete'];
    const rest = Object.entries(found).filter(([name]) => !known.includes(name));
    const actions = rest.map(
      ([, text]) => /^Not permitted: requires (s3:\w+)$/.exec(String(text))?.[1],
    );
    expect(actions).not.toContain(undefined);
    expect(new Set(actions)).toContain('s3:GetBucketCORS');
    expect(new Set(actions)).toContain('s3:ListAllMyBuckets');
    clients.destroy();
  });

  it('fail as a whole where there is no bucket', async () => {
    await expect(bucketLines('no-such-bucket')).rejects.toMatchObject({ code: 'NotFound' });
  });
});

describe('a service that has S3 alone', () => {
  let server: S3rver;
  let clients: AwsClients;
  beforeAll(async () => {
    server = await startS3rver();
    const { endpoint, ...credentials } = server;
    ({ clients } = await openClients({ region: 'auto', endpoint, credentials }));
    await createBucket(clients, { bucket: 'theirs', region: 'auto' });
    await writeObject(clients.s3(), { bucket: 'theirs', key: 'k', body: 'k' });
  });
  afterAll(() => {
    clients.destroy();
    server.stop();
  });

  it('is told by what it does not offer, and fails nothing', async () => {
    const found = await bucketLines('theirs', clients);
    expect(found['Inventory']).toBe('Not supported by this service');
    expect(Object.values(found).filter(text => /undefined|\[object/.test(String(text)))).toEqual(
      [],
    );
    const read = await readObjectProperties(clients.s3(), { bucket: 'theirs', key: 'k' });
    const object = lines(objectBlocks(read, NAMES));
    expect(object['Content-Type']).toBeDefined();
    expect(object['Parts']).toBe('Not supported by this service');
    expect(object).toMatchObject({
      Size: '1 B',
      Owner: 'S3rver',
      'Access control list': 'Only its owner',
    });
  });
});
