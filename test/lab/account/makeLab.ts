import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CreateBucketCommand, type BucketLocationConstraint } from '@aws-sdk/client-s3';
import { call, type CallOptions } from '../../../src/aws/call.ts';
import type { AwsClients } from '../../../src/aws/clients.ts';
import { uploadFile } from '../../../src/aws/objects/uploadFile.ts';
import { createRole, putRolePolicy } from '../../../src/aws/roles/roleChanges.ts';
import { readLabFunction } from '../../../src/sandbox/lab/labFunction.ts';
import { LAB_IMAGES, labImageFolder } from '../../../src/sandbox/lab/labImages.ts';
import { labRoles } from '../../../src/sandbox/lab/labRoles.ts';
import { labTags, type LabNames } from './labNames.ts';

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
  for (const bucket of [names.assets, names.images, names.resized]) {
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

/** With its tag in the very request that makes it: a run that is killed leaves nothing unknown. */
async function makeBucket(
  clients: AwsClients,
  names: LabNames,
  bucket: string,
  options: CallOptions,
): Promise<void> {
  const { region } = names;
  const command = new CreateBucketCommand({
    Bucket: bucket,
    CreateBucketConfiguration: {
      Tags: Object.entries(labTags(names)).map(([Key, Value]) => ({ Key, Value })),
      // us-east-1 is the one Region that S3 does not take as a constraint.
      ...(region !== 'us-east-1' && { LocationConstraint: region as BucketLocationConstraint }),
    },
  });
  await call(`s3://${bucket}`, options, () =>
    clients.s3(region).send(command, { abortSignal: options.signal }),
  );
  clients.rememberRegion(bucket, region);
}

async function makeRoles(
  clients: AwsClients,
  names: LabNames,
  options: CallOptions,
): Promise<void> {
  const { partition } = clients;
  for (const { name, policyName, trustedService, statements } of labRoles(names.suffix)) {
    const role = `${name}-${names.suffix}`;
    const trust = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: trustedService }, Action: 'sts:AssumeRole' },
      ],
    };
    const description = 'Made by npm run lab of Bucket Brigade';
    await createRole(clients, { name: role, description, trust, tags: labTags(names) }, options);
    const document = JSON.stringify({ Version: '2012-10-17', Statement: statements }).replaceAll(
      '"arn:aws:',
      `"arn:${partition}:`,
    );
    await putRolePolicy(clients, { role, policy: policyName, document }, options);
  }
}
