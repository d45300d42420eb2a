import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AwsConfigCase } from './awsConfigCases.ts';

/** A home folder with the files of a case, and the environment that leads there. */
export interface AwsConfigWorld extends Disposable {
  readonly env: Readonly<Record<string, string>>;
}

export function makeWorld({ config, credentials, env, tokens }: AwsConfigCase): AwsConfigWorld {
  const home = mkdtempSync(path.join(tmpdir(), 'bb-aws-home-'));
  const write = (name: string, text: string): string => {
    const file = path.join(home, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const files = {
    AWS_CONFIG_FILE: write('config', config ?? ''),
    AWS_SHARED_CREDENTIALS_FILE: write('credentials', credentials ?? ''),
  };
  for (const [name, token] of Object.entries(tokens ?? {})) {
    const id = createHash('sha1').update(name).digest('hex');
    write(`.aws/sso/cache/${id}.json`, token);
  }
  return {
    env: { HOME: home, USERPROFILE: home, ...files, ...env, AWS_EC2_METADATA_DISABLED: 'true' },
    [Symbol.dispose]: () => rmSync(home, { recursive: true, force: true }),
  };
}

const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  s3: ['s3api', 'list-buckets'],
  s3_control: ['s3control', 'list-jobs', '--account-id', '123456789012'],
  sts: ['sts', 'get-caller-identity'],
  lambda: ['lambda', 'list-functions'],
  cloudwatch_logs: ['logs', 'describe-log-groups'],
};

/** The first request of the AWS CLI, as a case writes it, or what the CLI says instead. */
export async function askCli(of: AwsConfigCase): Promise<{ sends?: string; says: string }> {
  using world = makeWorld(of);
  const args = [
    ...(OPERATIONS[of.service ?? 's3'] ?? []),
    ...(of.profile === undefined ? [] : ['--profile', of.profile]),
    '--debug',
  ];
  // Nothing leaves this machine: what is not on loopback goes to a proxy that is not there.
  const proxy = 'http://127.0.0.1:9';
  const env = {
    PATH: process.env['PATH'] ?? '',
    ...{ HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY: '127.0.0.1', AWS_MAX_ATTEMPTS: '1' },
    ...world.env,
  };
  const says = await new Promise<string>(resolve => {
    execFile('aws', args, { env, maxBuffer: 64e6 }, (_error, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
  const sent = /Sending http request: <AWSPreparedRequest .*?url=(\S+?), headers=(.*)/.exec(says);
  if (!sent) return { says };
  const [, url = '', headers = ''] = sent;
  return { sends: describeRequest(url, headers), says };
}

/** `KEY region service @ address` of a request. */
export function describeRequest(url: string, headers: string): string {
  const signed = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(headers);
  // S3 Control's account is part of the CLI's host name.
  const { origin } = new URL(url.replace('//123456789012.', '//'));
  return `${signed ? signed.slice(1).join(' ') : '-'} @ ${origin}`;
}

export async function hasCli(): Promise<boolean> {
  return await new Promise(resolve => {
    execFile('aws', ['--version'], error => resolve(error === null));
  });
}
