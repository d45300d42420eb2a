import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boto3Installed, cliInstalled, environment as environmentOf } from './pythonClients.ts';
import type { TestSandbox } from './testSandbox.ts';
import { startTestSandbox } from './testSandbox.ts';

const run = promisify(execFile);
const Bucket = 'from-the-cli';
let test: TestSandbox;
let folder: string;

function environment(): NodeJS.ProcessEnv {
  return { ...environmentOf(test.sandbox), AWS_CONFIG_FILE: join(folder, 'config') };
}

async function aws(...args: readonly string[]): Promise<string> {
  return (await run('aws', args, { env: environment(), cwd: folder })).stdout;
}

beforeAll(async () => {
  test = await startTestSandbox();
  folder = await mkdtemp(join(tmpdir(), 'sandbox-cli-'));
  await writeFile(join(folder, 'config'), '[default]\ns3 =\n  signature_version = s3v4\n');
});
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true, force: true });
});

describe.skipIf(!cliInstalled)('the aws CLI (where it is installed)', { timeout: 120_000 }, () => {
  it('uploads in parts, lists, downloads, moves and removes', async () => {
    const bytes = randomBytes(10_000_000);
    await writeFile(join(folder, 'big.bin'), bytes);
    await aws('s3', 'mb', `s3://${Bucket}`);
    await aws('s3', 'cp', 'big.bin', `s3://${Bucket}/dir/big é+.bin`, '--no-progress');
    expect(await aws('s3', 'ls', `s3://${Bucket}`, '--recursive')).toContain('dir/big é+.bin');
    await aws('s3', 'cp', `s3://${Bucket}/dir/big é+.bin`, 'back.bin', '--no-progress');
    expect((await readFile(join(folder, 'back.bin'))).equals(bytes)).toBe(true);
    await aws('s3', 'mv', `s3://${Bucket}/dir/big é+.bin`, `s3://${Bucket}/moved`);
    const link = await aws('s3', 'presign', `s3://${Bucket}/moved`);
    expect((await (await fetch(link.trim())).arrayBuffer()).byteLength).toBe(bytes.length);
    await aws('s3', 'rm', `s3://${Bucket}`, '--recursive', '--quiet');
    await aws('s3', 'rb', `s3://${Bucket}`);
  });

  it('tags objects, and hears what is not there', async () => {
    await aws('s3', 'mb', `s3://${Bucket}`);
    await aws('s3api', 'put-object', '--bucket', Bucket, '--key', 'k');
    const tagging = 'TagSet=[{Key=phototype,Value=finished}]';
    const object = ['--bucket', Bucket, '--key', 'k'];
    await aws('s3api', 'put-object-tagging', ...object, '--tagging', tagging);
    expect(await aws('s3api', 'get-object-tagging', ...object)).toContain('finished');
    const configuration = ['--request-payment-configuration', 'Payer=Requester'];
    const payer = aws('s3api', 'put-bucket-request-payment', '--bucket', Bucket, ...configuration);
    await expect(payer).rejects.toThrow(/NotImplemented.*PutBucketRequestPayment/);
  });

  it('puts notifications, and hears why not', async () => {
    const bucket = ['--bucket', 'notified'];
    await aws('s3', 'mb', 's3://notified');
    const put = (configuration: object): Promise<string> => {
      const text = JSON.stringify(configuration);
      const operation = 'put-bucket-notification-configuration';
      return aws('s3api', operation, ...bucket, '--notification-configuration', text);
    };
    await put({ EventBridgeConfiguration: {} });
    const kept = await aws('s3api', 'get-bucket-notification-configuration', ...bucket);
    expect(JSON.parse(kept)).toEqual({ EventBridgeConfiguration: {} });
    const QueueArn = `arn:aws:sqs:us-east-1:${test.sandbox.accountId}:q`;
    const queue = { QueueArn, Events: ['s3:ObjectCreated:*'] };
    await expect(put({ QueueConfigurations: [queue] })).rejects.toThrow(
      /InvalidArgument.*Unable to validate the following destination configurations/,
    );
  });

  it('lists roles, jobs and who it is', async () => {
    expect(await aws('sts', 'get-caller-identity')).toContain(':user/sandbox');
    expect(await aws('iam', 'list-roles')).toContain('Roles');
    // Its endpoint is the account id before the host, which has no address: the sandbox is the proxy.
    const env = { ...environment(), http_proxy: test.sandbox.endpoint };
    const args = ['s3control', 'list-jobs', '--account-id', test.sandbox.accountId];
    const { stdout } = await run('aws', args, { env, cwd: folder });
    expect(stdout).toContain('Jobs');
  });
});

const SCRIPT = `
import boto3, io
s3 = boto3.client('s3')
s3.create_bucket(Bucket='boto')
keys = ['a b', 'a+b', 'a%20b', 'é/😀', 'a//b', '&<>"', 'x?y#z']
for key in keys: s3.put_object(Bucket='boto', Key=key, Body=key.encode())
pages = s3.get_paginator('list_objects_v2').paginate(Bucket='boto', PaginationConfig={'PageSize': 2})
found = [o['Key'] for page in pages for o in page['Contents']]
assert found == sorted(keys, key=str.encode), found
for key in keys: assert s3.get_object(Bucket='boto', Key=key)['Body'].read() == key.encode()
s3.upload_fileobj(io.BytesIO(b'x' * 9000000), 'boto', 'large')
assert s3.head_object(Bucket='boto', Key='large')['ContentLength'] == 9000000
s3.delete_objects(Bucket='boto', Delete={'Objects': [{'Key': k} for k in keys]})
assert s3.list_objects_v2(Bucket='boto')['KeyCount'] == 1
print('done')
`;

it.skipIf(!boto3Installed)('boto3 (where it is installed) round-trips hard keys', async () => {
  const { stdout } = await run('python3', ['-c', SCRIPT], { env: environment(), cwd: folder });
  expect(stdout).toBe('done\n');
});
