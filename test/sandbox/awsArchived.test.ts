import { PutObjectCommand, RestoreObjectCommand } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import type { BrigadeError } from '../../src/aws/errors.ts';
import { headObject } from '../../src/aws/objects/listing.ts';
import { readObject } from '../../src/aws/objects/objects.ts';
import { startSandboxClients } from '../support/sandboxClients.ts';

it.each([
  ['under way', undefined, 'beingRestored'],
  ['complete', 0, 'readable'],
] as const)(
  'tells an archived object from one whose restore is %s',
  async (_what, restoreTime, after) => {
    const sandbox = await startSandboxClients({ restoreTime });
    const client = sandbox.clients.s3();
    const bucket = await sandbox.bucket();
    const at = { bucket, key: 'cold' };
    const read = async (): Promise<string> =>
      Buffer.from(await readObject(client, { ...at, maxBytes: 100 })).toString();
    const object = { Bucket: bucket, Key: at.key };
    await client.send(new PutObjectCommand({ ...object, Body: 'frozen', StorageClass: 'GLACIER' }));
    expect(await headObject(client, at)).toMatchObject({
      archive: 'archived',
      storageClass: 'GLACIER',
    });
    const refused = (await read().catch((error: unknown) => error)) as BrigadeError;
    expect(refused).toMatchObject({ code: 'InvalidInput', reason: 'Archived' });
    await client.send(new RestoreObjectCommand({ ...object, RestoreRequest: { Days: 1 } }));
    expect((await headObject(client, at)).archive).toBe(after);
    if (after === 'readable') expect(await read()).toBe('frozen');
    await sandbox.close();
  },
);
