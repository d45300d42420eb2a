import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { CallOptions } from '../../../src/aws/call.ts';
import type { AwsClients } from '../../../src/aws/clients.ts';
import { uploadFile } from '../../../src/aws/objects/uploadFile.ts';
import { readLabFunction } from '../../../src/sandbox/lab/labFunction.ts';
import { LAB_IMAGES, labImageFolder } from '../../../src/sandbox/lab/labImages.ts';
import { labRoles } from '../../../src/sandbox/lab/labRoles.ts';
import { makeBucket, makeRole } from '../../account/makeThings.ts';
import type { LabNames } from './labNames.ts';

/** What the lab's user finds: buckets, images, the manifest, the zip and both roles. @throws BrigadeError */
export async function makeLab(
  clients: AwsClients,
  names: LabNames,
  options: CallOptions,
): Promise<void> {
  // Before anything is made: a checkout that was never built builds the zip now, and may not be able to.
  const files = await readFiles(names);
  // The roles first: until they are needed, AWS may have told all its services of them.
  await makeRoles(clients, names, options);
  for (const bucket of names.buckets) {
    await makeBucket(clients, names, bucket, options);
  }
  for (const file of files) {
    await uploadFile(clients.s3(names.region), { ...file, onlyIfNew: true }, options);
  }
}

interface LabFile {
  readonly bucket: string;
  readonly key: string;
  readonly body: Uint8Array;
}

async function readFiles({ assets, images }: LabNames): Promise<LabFile[]> {
  const folder = await labImageFolder();
  const keys = LAB_IMAGES.map(([key]) => key);
  const pictures = keys.map(async key => ({
    ...{ bucket: images, key },
    body: await readFile(path.join(folder, key)),
  }));
  const rows = keys.map(key => `${images},${key}\n`).join('');
  return [
    ...(await Promise.all(pictures)),
    { bucket: assets, key: 'manifest.csv', body: Buffer.from(rows) },
    { bucket: assets, key: 'function.zip', body: await readLabFunction() },
  ];
}

/** The image that is left for task 5. */
export async function lastImage(): Promise<Buffer> {
  return await readFile(path.join(await labImageFolder(), 'image5.png'));
}

async function makeRoles(
  clients: AwsClients,
  names: LabNames,
  options: CallOptions,
): Promise<void> {
  const description = 'Created by npm run lab of Bucket Brigade';
  for (const role of labRoles(names.suffix)) {
    const name = `${role.name}-${names.suffix}`;
    await makeRole(clients, names, { ...role, name, description }, options);
  }
}
