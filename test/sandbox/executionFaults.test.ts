import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFunctionWithRole } from '../../src/aws/functions/functionRole.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { checkExecution } from '../../src/aws/resizeFunction/executionFaults.ts';
import { putRolePolicy } from '../../src/aws/roles/roleChanges.ts';
import { functionZip } from '../support/functionZip.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

let world: SandboxClients;
let bucket: string;
let other: string;
let functionArn: string;

beforeAll(async () => {
  world = await startSandboxClients();
  bucket = await world.bucket();
  other = await world.bucket();
  const body = await functionZip('exports.handler = async () => 1;');
  await writeObject(world.clients.s3(), { bucket, key: 'function.zip', body });
  const made = await createFunctionWithRole(world.clients, {
    functionName: 'resize',
    newRole: 'resize-role',
    code: { kind: 's3', bucket, key: 'function.zip' },
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    architecture: 'x86_64',
    memoryMegabytes: 128,
    timeoutSeconds: 3,
  });
  functionArn = made.arn;
});
afterAll(() => world.close());

const check = () => checkExecution(world.clients, { functionArn, bucket });

test('a function that may neither read nor write, and has nowhere to write, is found out', async () => {
  expect(await check()).toEqual({
    faults: [
      { kind: 'denied', action: 's3:GetObject', resource: `arn:aws:s3:::${bucket}/*` },
      { kind: 'denied', action: 's3:PutObject', resource: `arn:aws:s3:::${bucket}-resized/*` },
      { kind: 'noDestination', bucket: `${bucket}-resized` },
    ],
    checked: true,
  });
});

test('one whose role and destination fit is fine, whatever bucket it was made for', async () => {
  const Variables = { DESTINATION_BUCKET: other };
  await world.clients.lambda().send(
    new UpdateFunctionConfigurationCommand({
      FunctionName: 'resize',
      Environment: { Variables },
    }),
  );
  const document = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket}/*` },
      { Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:aws:s3:::${other}/*` },
    ],
  });
  await putRolePolicy(world.clients, { role: 'resize-role', policy: 'may', document });
  expect(await check()).toEqual({ faults: [], checked: true });
});
