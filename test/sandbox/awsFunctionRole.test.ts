import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFunctionWithRole } from '../../src/aws/functions/functionRole.ts';
import { getFunctionConfiguration } from '../../src/aws/functions/functions.ts';
import { writeObject } from '../../src/aws/objects/objects.ts';
import { getRole, getRolePolicy, listRolePolicies } from '../../src/aws/roles/roleDetails.ts';
import { functionZip } from '../support/functionZip.ts';
import { startSandboxClients, type SandboxClients } from '../support/sandboxClients.ts';

let world: SandboxClients;
let bucket: string;

beforeAll(async () => {
  world = await startSandboxClients();
  bucket = await world.bucket();
  const body = await functionZip('exports.handler = async () => 1;');
  await writeObject(world.clients.s3(), { bucket, key: 'function.zip', body });
});
afterAll(() => world.close());

const make = (functionName: string, newRole: string, key = 'function.zip') =>
  createFunctionWithRole(world.clients, {
    functionName,
    newRole,
    code: { kind: 's3', bucket, key },
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    architecture: 'x86_64',
    memoryMegabytes: 128,
    timeoutSeconds: 3,
  });

test('a function is made with a role that may write its log and nothing else', async () => {
  const made = await make('one', 'one-role');
  expect(made.state).toBe('Active');
  expect(made.role).toMatch(/:role\/one-role$/);
  const [policy = ''] = await listRolePolicies(world.clients, 'one-role');
  const document = await getRolePolicy(world.clients, { role: 'one-role', policy });
  const { Statement } = JSON.parse(document) as { Statement: { Action: string[] }[] };
  expect(Statement.map(({ Action }) => Action)).toEqual([
    ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
  ]);
});

test('a role is taken back when its function cannot be made', async () => {
  await expect(make('two', 'two-role', 'missing.zip')).rejects.toMatchObject({
    name: 'BrigadeError',
  });
  await expect(getRole(world.clients, 'two-role')).rejects.toMatchObject({ code: 'NotFound' });
});

test('a role of another function stays as it is', async () => {
  await expect(make('three', 'one-role')).rejects.toMatchObject({ code: 'Conflict' });
  expect((await getRole(world.clients, 'one-role')).tags).toEqual({
    'bucket-brigade:function': 'one',
  });
  await expect(
    getFunctionConfiguration(world.clients, { functionName: 'three' }),
  ).rejects.toMatchObject({ code: 'NotFound' });
});

test('a name that no role can have is refused before anything is made', async () => {
  await expect(make('four', 'no role!')).rejects.toMatchObject({ code: 'InvalidInput' });
});
