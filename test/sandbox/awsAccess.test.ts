import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AwsClients } from '../../src/aws/clients.ts';
import { identify } from '../../src/aws/identify.ts';
import { headObject, listBuckets, listObjects } from '../../src/aws/objects/listing.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { putObjectTags } from '../../src/aws/objects/tags.ts';
import { assumeNewRole } from '../support/assumeNewRole.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

let sandbox: SandboxClients;
let bucket: string;
let restricted: AwsClients;

beforeAll(async () => {
  sandbox = await startSandboxClients();
  bucket = await sandbox.bucket();
  await writeObject(sandbox.clients.s3(), { bucket, key: 'mine/a', body: 'a' });
  await writeObject(sandbox.clients.s3(), { bucket, key: 'other/b', body: 'b' });
  restricted = await assumeNewRole(sandbox, 'restricted', [
    {
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: `arn:aws:s3:::${bucket}`,
      Condition: { StringLike: { 's3:prefix': ['mine/*'] } },
    },
    { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/mine/*` },
  ]);
});
afterAll(async () => {
  restricted.destroy();
  await sandbox.close();
});

describe('someone who may do little', () => {
  it('is told which permission is missing', async () => {
    await expect(listBuckets(restricted)).rejects.toMatchObject({
      code: 'AccessDenied',
      action: 's3:ListAllMyBuckets',
    });
    const tag = putObjectTags(restricted.s3(), { bucket, key: 'mine/a', tags: [] });
    await expect(tag).rejects.toMatchObject({
      code: 'AccessDenied',
      action: 's3:PutObjectTagging',
      subject: `s3://${bucket}/mine/a`,
    });
  });

  it('is told so by HEAD too', async () => {
    const head = headObject(restricted.s3(), { bucket, key: 'other/b' });
    await expect(head).rejects.toMatchObject({ code: 'AccessDenied', action: 's3:GetObject' });
  });

  it('lists the prefix that a condition allows, and no other', async () => {
    const page = await listObjects(restricted.s3(), { bucket, prefix: 'mine/' });
    expect(page.objects.map(({ key }) => key)).toEqual(['mine/a']);
    const all = listObjects(restricted.s3(), { bucket, prefix: '' });
    await expect(all).rejects.toMatchObject({ code: 'AccessDenied', action: 's3:ListBucket' });
  });
});

describe('wrong credentials', () => {
  it.each([
    ['an unknown key', { accessKeyId: 'AKIAUNKNOWNUNKNOWN00' }],
    ['a wrong secret', { secretAccessKey: 'wrong' }],
    ['a wrong token', { sessionToken: 'wrong' }],
  ])('with %s are no longer accepted', async (_, wrong) => {
    const { region, endpoint, accessKeyId, secretAccessKey } = sandbox.sandbox;
    const credentials = { accessKeyId, secretAccessKey, ...wrong };
    await expect(identify({ region, endpoint, credentials })).rejects.toMatchObject({
      code: 'CredentialsExpired',
    });
  });
});
