import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { ListUsersCommand } from '@aws-sdk/client-iam';
import { InvokeCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { HeadBucketCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { ListJobsCommand } from '@aws-sdk/client-s3-control';
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClients } from '../../src/aws/clients.ts';
import { identify } from '../../src/aws/identify.ts';
import { clientSettings } from '../../src/aws/connection/clientSettings.ts';
import { readConfigFiles } from '../../src/aws/connection/configFiles.ts';
import { resolveConnection } from '../../src/aws/connection/resolveConnection.ts';
import { renewingCredentials } from '../../src/aws/connection/credentials.ts';
import { SERVICES } from '../../src/aws/connection/services.ts';
import { makeWorld } from '../support/awsConfigWorld.ts';

const KEYS = { AccessKeyId: 'AKIDROLE', SecretAccessKey: 'secret', SessionToken: 'token' };
const LATER = '2099-01-01T00:00:00Z';

/** A server that notes what comes, and answers as the services that give credentials. */
async function listen() {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    request.resume().on('end', () => answer(request, response));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { requests, server, url: `http://127.0.0.1:${port}`, port };
}

function answer({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
  const json = (body: object): void => void response.end(JSON.stringify(body));
  const isSts = headers.authorization?.includes('/sts/') === true;
  if (url.startsWith('/federation/')) {
    json({
      roleCredentials: {
        ...{ accessKeyId: 'AKIDSSO', secretAccessKey: 's', sessionToken: 't' },
        expiration: Date.parse(LATER),
      },
    });
  } else if (url === '/token') json({ accessToken: 'fresh', expiresIn: 3600, tokenType: 'Bearer' });
  else if (url === '/v1/token') {
    const accessToken = { accessKeyId: 'AKIDLOGIN', secretAccessKey: 's', sessionToken: 't' };
    json({ accessToken, refreshToken: 'r', expiresIn: 900, tokenType: 'urn' });
  } else if (url === '/latest/api/token') response.end('session');
  else if (url === '/latest/meta-data/iam/security-credentials/') response.end('role');
  else if (url.startsWith('/latest/')) json({ ...KEYS, Token: 't', Expiration: LATER });
  else if (isSts && url === '/') response.setHeader('content-type', 'text/xml').end(STS);
  else response.writeHead(400).end();
}

/** Both AssumeRole's and GetCallerIdentity's answer. */
const STS = `<GetCallerIdentityResponse><AssumeRoleResult><Credentials><AccessKeyId>AKIDROLE</AccessKeyId>
  <SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
  <Expiration>${LATER}</Expiration></Credentials></AssumeRoleResult>
  <GetCallerIdentityResult><Account>123456789012</Account>
  <Arn>arn:aws:sts::123456789012:assumed-role/Dev/me</Arn><UserId>me</UserId>
  </GetCallerIdentityResult></GetCallerIdentityResponse>`;

let right: Awaited<ReturnType<typeof listen>>;
let trap: Awaited<ReturnType<typeof listen>>;

beforeEach(async () => {
  [right, trap] = await Promise.all([listen(), listen()]);
});
afterEach(() => {
  vi.unstubAllEnvs();
  right.server.close();
  trap.server.close();
});

/** Every way there is to name an address, in profiles that are not the one in use. */
function traps(): string {
  const general = `endpoint_url = ${trap.url}\nec2_metadata_service_endpoint = ${trap.url}\n`;
  const services = SERVICES.map(id => `${id} =\n  endpoint_url = ${trap.url}\n`).join('');
  return (
    `[default]\nregion = us-east-1\nservices = traps\n${general}` +
    `[profile other]\nregion = us-east-1\nservices = traps\n${general}[services traps]\n${services}`
  );
}

const SSO = `sso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n`;
const CORP = '[sso-session corp]\nsso_start_url = https://corp.example\nsso_region = eu-west-1\n';

interface Setting {
  readonly profile: string;
  readonly tokens?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly chosen?: string;
}

/** Opens a connection as a user would, and calls every service. */
async function useAll({ profile, tokens, env, chosen }: Setting, named = 'p'): Promise<void> {
  using world = makeWorld({
    ...{ name: '', config: traps() + profile, tokens },
    env: { AWS_PROFILE: 'other', ...env },
  });
  for (const [name, value] of Object.entries(world.env)) vi.stubEnv(name, value);
  const settings = resolveConnection(
    { profile: named, endpoint: chosen },
    await readConfigFiles(),
    process.env,
  );
  const region = settings.region?.value ?? '';
  const credentials = renewingCredentials(() =>
    Promise.resolve({
      ...{ source: settings.credentials, region },
      settings: clientSettings(settings, settings.credentialEndpoints),
    }),
  );
  const config = { region, credentials, settings: clientSettings(settings) };
  const clients = createClients(config, await identify(config));
  const calls = [
    clients.s3().send(new ListBucketsCommand({})),
    clients.s3().send(new HeadBucketCommand({ Bucket: 'bucket' })),
    clients.s3('ap-south-1').send(new ListBucketsCommand({})),
    clients.s3Control().send(new ListJobsCommand({ AccountId: clients.accountId })),
    clients.iam().send(new ListUsersCommand({})),
    clients.lambda().send(new ListFunctionsCommand({})),
    clients.lambdaInvoke().send(new InvokeCommand({ FunctionName: 'f' })),
    clients.cloudWatch().send(new ListMetricsCommand({})),
    clients.logs().send(new DescribeLogGroupsCommand({})),
    clients.cloudTrail().send(new LookupEventsCommand({})),
  ];
  await Promise.allSettled(calls);
  clients.destroy();
}

function expectAll(...credentials: string[]): void {
  expect(trap.requests).toEqual([]);
  for (const request of credentials) expect(right.requests.join('\n')).toContain(request);
  // Of S3 Control, Lambda and path-style S3; the rest is POST /.
  for (const url of ['/v20180820/jobs', '/2015-03-31/functions', 'HEAD /bucket']) {
    expect(right.requests.join('\n')).toContain(url);
  }
  expect(right.requests.length).toBeGreaterThanOrEqual(11 + credentials.length);
}

describe('no request goes to an address that another profile names', () => {
  const own = (): string => `region = eu-west-1\nendpoint_url = ${right.url}\n`;

  it('with keys', async () => {
    const keys = 'aws_access_key_id = A\naws_secret_access_key = s\n';
    await useAll({ profile: `[profile p]\n${own()}${keys}` });
    expectAll();
  });

  it('with an address for each service', async () => {
    const each = SERVICES.map(id => `${id} =\n  endpoint_url = ${right.url}\n`).join('');
    const keys = 'aws_access_key_id = A\naws_secret_access_key = s\n';
    await useAll({
      profile: `[profile p]\nregion = eu-west-1\nservices = mine\n${keys}[services mine]\n${each}`,
    });
    expectAll();
  });

  it('with a role over a sign-in whose token is renewed', async () => {
    const corp = JSON.stringify({
      ...{ accessToken: 'old', expiresAt: '2020-01-01T00:00:00Z', refreshToken: 'r' },
      ...{ clientId: 'c', clientSecret: 's', registrationExpiresAt: LATER },
    });
    const role = 'role_arn = arn:aws:iam::123456789012:role/Dev\nsource_profile = base\n';
    const base = `[profile base]\nendpoint_url = ${trap.url}\nregion = us-west-2\n${SSO}${CORP}`;
    await useAll({ profile: `[profile p]\n${own()}${role}${base}`, tokens: { corp } });
    expectAll('POST /token', 'GET /federation/credentials');
  });

  it('with the role of this machine', async () => {
    const role = 'role_arn = arn:aws:iam::123456789012:role/Dev\n';
    const source = `credential_source = Ec2InstanceMetadata\nec2_metadata_service_endpoint = ${right.url}\n`;
    await useAll({ profile: `[profile p]\n${own()}${role}${source}` });
    expectAll('PUT /latest/api/token', 'GET /latest/meta-data/iam/security-credentials/role');
  });

  it('with `aws login`', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const session = 'arn:aws:iam::123456789012:user/me';
    vi.stubEnv('AWS_REGION', undefined);
    using cache = makeWorld({ name: '' });
    const { mkdirSync, writeFileSync } = await import('node:fs');
    const { createHash } = await import('node:crypto');
    const folder = `${cache.env['HOME'] ?? ''}/login`;
    mkdirSync(folder, { recursive: true });
    const id = createHash('sha256').update(session).digest('hex');
    const old = { accessKeyId: 'O', secretAccessKey: 's', sessionToken: 't', accountId: '1' };
    writeFileSync(
      `${folder}/${id}.json`,
      JSON.stringify({
        accessToken: { ...old, expiresAt: '2020-01-01T00:00:00Z' },
        ...{ clientId: 'c', refreshToken: 'r' },
        dpopKey: privateKey.export({ format: 'pem', type: 'sec1' }),
      }),
    );
    await useAll({
      profile: `[profile p]\n${own()}login_session = ${session}\n`,
      env: { AWS_LOGIN_CACHE_DIRECTORY: folder },
    });
    expectAll('POST /v1/token');
  });

  it('with an endpoint that the user chose: the sign-in still goes where the profile says', async () => {
    const corp = JSON.stringify({ accessToken: 'a', expiresAt: LATER });
    const profile = `[profile p]\nregion = eu-west-1\nservices = mine\nendpoint_url = ${trap.url}\n${SSO}${CORP}[services mine]\nsso =\n  endpoint_url = ${right.url}\n`;
    await useAll({ profile, tokens: { corp }, chosen: right.url });
    expectAll('GET /federation/credentials');
  });
});
