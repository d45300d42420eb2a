import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import type { Sandbox } from '../../src/sandbox/server.ts';

const run = promisify(execFile);

export const cliInstalled = spawnSync('aws', ['--version']).status === 0;
export const boto3Installed = spawnSync('python3', ['-c', 'import boto3']).status === 0;

/** Where clients go, and as whom. */
type Place = Pick<Sandbox, 'accessKeyId' | 'secretAccessKey' | 'endpoint' | 'region'>;

/** Nothing of the machine's own configuration may reach the clients. */
export function environment({ accessKeyId, secretAccessKey, endpoint, region }: Place) {
  const own = Object.entries(process.env).filter(([name]) => !/^(AWS_|https?_proxy)/i.test(name));
  return {
    ...Object.fromEntries(own),
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL: endpoint,
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
  };
}

/** Runs the AWS CLI; answers what it printed as JSON, or undefined when it printed nothing. */
export async function aws(sandbox: Sandbox, ...args: readonly string[]): Promise<unknown> {
  const all = [...args, '--output', 'json'];
  // For S3 Control the CLI puts the account before the host's name, which then does not resolve; as
  // its own proxy the sandbox is asked all the same.
  const env = { ...environment(sandbox), HTTP_PROXY: sandbox.endpoint };
  const { stdout } = await run('aws', all, { env });
  return stdout.trim() === '' ? undefined : JSON.parse(stdout);
}

/**
 * Runs a script of the AWS CLI by the shell that is `sh` here; answers what it printed. It says itself
 * where the sandbox is.
 */
export async function shell(sandbox: Place, script: string): Promise<string> {
  const own = { ...environment(sandbox), AWS_ENDPOINT_URL: undefined };
  const env = { ...own, AWS_DEFAULT_OUTPUT: 'json' };
  const { stdout } = await run('sh', ['-c', script], { env });
  return stdout;
}

/** Runs a Python script; answers what it printed. */
export async function python(sandbox: Sandbox, script: string): Promise<string> {
  const { stdout } = await run('python3', ['-c', script], { env: environment(sandbox) });
  return stdout;
}
