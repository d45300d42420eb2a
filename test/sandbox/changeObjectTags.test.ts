import {
  GetObjectTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeObjectTags } from '../../src/aws/objects/rewrite/changeObjectTags.ts';
import type { Tag } from '../../src/aws/objects/tagRules.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { startS3Proxy, type Fate } from '../support/s3Proxy.ts';

let on: SandboxClients;
let bucket: string;
beforeAll(async () => {
  on = await startSandboxClients();
  bucket = await on.bucket();
});
afterAll(() => on.close());

const tag = (text: string): Tag => {
  const [key = '', value = ''] = text.split('=');
  return { key, value };
};
const tagsOf = async (key: string): Promise<string[]> => {
  const command = new GetObjectTaggingCommand({ Bucket: bucket, Key: key });
  const { TagSet = [] } = await on.clients.s3().send(command);
  return TagSet.map(({ Key, Value }) => `${Key}=${Value}`).sort();
};
const put = async (key: string): Promise<void> => {
  const command = new PutObjectCommand({ Bucket: bucket, Key: key, Body: key, Tagging: 'a=1&b=2' });
  await on.clients.s3().send(command);
};
const retag = async (key: string, tags: readonly string[]): Promise<void> => {
  const Tagging = { TagSet: tags.map(tag).map(each => ({ Key: each.key, Value: each.value })) };
  const command = new PutObjectTaggingCommand({ Bucket: bucket, Key: key, Tagging });
  await on.clients.s3().send(command);
};
/** Adds a tag, and takes `a` away. */
const change = (current: readonly Tag[]): Tag[] => [
  ...current.filter(({ key }) => key !== 'a' && key !== 'mine'),
  tag('mine=1'),
];

describe('a change of tags', () => {
  it('leaves the others as they are', async () => {
    await put('plain');
    await changeObjectTags(on.clients.s3(), { bucket, key: 'plain' }, change);
    expect(await tagsOf('plain')).toEqual(['b=2', 'mine=1']);
  });

  it.each([1, 3])('is made, and keeps what another writes before request %i', async at => {
    const key = `theirs-${at}`;
    await put(key);
    const endpoint = await startS3Proxy(on.sandbox.endpoint, async ({ number }): Promise<Fate> => {
      if (number === at) await retag(key, ['a=1', 'theirs=1']);
      return 'pass';
    });
    await changeObjectTags(on.clientsAt(endpoint).s3(), { bucket, key }, change);
    expect(await tagsOf(key)).toEqual(['mine=1', 'theirs=1']);
  });

  it('is a conflict when another replaces them all the time', async () => {
    await put('busy');
    const endpoint = await startS3Proxy(on.sandbox.endpoint, async ({ method }): Promise<Fate> => {
      if (method === 'GET') await retag('busy', ['a=1']);
      return 'pass';
    });
    const changed = changeObjectTags(on.clientsAt(endpoint).s3(), { bucket, key: 'busy' }, change);
    await expect(changed).rejects.toMatchObject({ code: 'Conflict', reason: 'TagsChanged' });
  });

  it('takes what others add for no conflict', async () => {
    await put('more');
    const endpoint = await startS3Proxy(on.sandbox.endpoint, async ({ number }): Promise<Fate> => {
      if (number === 3) await retag('more', ['b=2', 'mine=1', 'theirs=1']);
      return 'pass';
    });
    const after = await changeObjectTags(
      on.clientsAt(endpoint).s3(),
      { bucket, key: 'more' },
      change,
    );
    expect(after).toHaveLength(3);
  });
});
