import { PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { headObject, listObjects } from '../../src/aws/objects/listing.ts';
import { restoreObject } from '../../src/aws/objects/restore/restoreObject.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';
import { startScriptedServer } from '../support/scriptedServer.ts';

const AWKWARD = [
  'a b',
  'a+b',
  '%2F',
  'a//b',
  '/lead',
  '.',
  '🗺️',
  'new\nline',
  'sep\u2028',
  'e\u0301',
];

async function withArchived(
  restoreTime: number | undefined,
  run: (on: SandboxClients, bucket: string) => Promise<void>,
  keys: readonly string[] = ['cold'],
): Promise<void> {
  const on = await startSandboxClients({ restoreTime });
  const bucket = await on.bucket();
  for (const Key of keys) {
    const object = { Bucket: bucket, Key, Body: 'x', StorageClass: 'DEEP_ARCHIVE' as const };
    await on.clients.s3().send(new PutObjectCommand(object));
  }
  await run(on, bucket);
  await on.close();
}

it('tells a restore that begins from one that is under way', async () => {
  await withArchived(undefined, async (on, bucket) => {
    const s3 = on.clients.s3();
    const input = { bucket, key: 'cold', tier: 'Standard', days: 2 } as const;
    expect(await restoreObject(s3, input)).toBe('begun');
    expect(await restoreObject(s3, input)).toBe('alreadyInProgress');
    expect((await headObject(s3, input)).restore).toEqual({ isInProgress: true });
    const page = await listObjects(s3, { bucket, prefix: '', withRestores: true });
    expect(page.objects[0]?.restore).toEqual({ isInProgress: true });
    const plain = await listObjects(s3, { bucket, prefix: '' });
    expect(plain.objects[0]).not.toHaveProperty('restore');
  });
});

it('keeps a copy longer that is there, and says until when', async () => {
  await withArchived(0, async (on, bucket) => {
    const s3 = on.clients.s3();
    const input = { bucket, key: 'cold', tier: 'Bulk' } as const;
    const until = async () => {
      const page = await listObjects(s3, { bucket, prefix: '', withRestores: true });
      const listed = page.objects[0]?.restore;
      expect((await headObject(s3, input)).restore).toEqual(listed);
      return listed?.until?.getTime() ?? 0;
    };
    expect(await restoreObject(s3, { ...input, days: 1 })).toBe('begun');
    const before = await until();
    expect(before).toBeGreaterThan(Date.now());
    expect(await restoreObject(s3, { ...input, days: 5 })).toBe('extended');
    expect((await until()) - before).toBe(4 * 24 * 3600 * 1000);
  });
});

it('says what S3 refuses: a tier that the class has not, an object that is not archived', async () => {
  await withArchived(0, async (on, bucket) => {
    const s3 = on.clients.s3();
    const input = { bucket, key: 'cold', days: 1 };
    await expect(restoreObject(s3, { ...input, tier: 'Expedited' })).rejects.toMatchObject({
      code: 'InvalidInput',
    });
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'warm', Body: 'x' }));
    await expect(
      restoreObject(s3, { ...input, key: 'warm', tier: 'Standard' }),
    ).rejects.toMatchObject({ awsCode: 'InvalidObjectState' });
  });
});

it('restores objects of every legal key', async () => {
  const run = async (on: SandboxClients, bucket: string): Promise<void> => {
    for (const key of AWKWARD) {
      const input = { bucket, key, tier: 'Standard', days: 1 } as const;
      expect(await restoreObject(on.clients.s3(), input), key).toBe('begun');
    }
  };
  await withArchived(0, run, AWKWARD);
});

it('asks for no days where S3 takes none: in Intelligent-Tiering', async () => {
  const server = await startScriptedServer((_, response) => {
    response.statusCode = 202;
    response.end();
  });
  const input = { bucket: 'photos', key: 'a', tier: 'Standard' } as const;
  expect(await restoreObject(server.clients().s3(), input)).toBe('begun');
  const [request] = server.requests;
  expect(request?.body).toContain('<Tier>Standard</Tier>');
  expect(request?.body).not.toContain('Days');
});
