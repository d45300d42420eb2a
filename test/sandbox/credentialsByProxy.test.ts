// Outside VS Code nobody else sees to proxies: what gets credentials must use them as all clients do.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { plainSettings } from '../../src/aws/connection/clientSettings.ts';
import { resolveSource } from '../../src/aws/connection/credentialProviders.ts';
import type { CredentialSource } from '../../src/aws/connection/credentialSource.ts';

const origin = { kind: 'default' } as const;
const keys = () => ({ accessKeyId: 'A', secretAccessKey: 's' });
const roleArn = 'arn:aws:iam::123456789012:role/r';
const startUrl = 'https://corp.example';

let home: string;
let proxy: Server;
let asked: string[];

/** A proxy that notes whom it is asked for and lets nobody through. */
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'by-proxy-'));
  asked = [];
  proxy = createServer().on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  vi.stubEnv('HOME', home);
  vi.stubEnv('USERPROFILE', home);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  proxy.close();
  await rm(home, { recursive: true });
});

async function keep(folder: string, name: string, content: object): Promise<void> {
  await mkdir(join(home, '.aws', folder, 'cache'), { recursive: true });
  await writeFile(join(home, '.aws', folder, 'cache', `${name}.json`), JSON.stringify(content));
}

const sso = { origin, profile: 'p', startUrl, region: 'eu-west-1', accountId: '1', roleName: 'r' };
const SOURCES: readonly [string, CredentialSource, host: string][] = [
  [
    'an assumed role',
    { kind: 'role', origin, roleArn, source: { kind: 'keys', origin, keys } },
    'sts.eu-central-1.amazonaws.com:443',
  ],
  [
    'a web identity',
    { kind: 'webIdentity', origin, roleArn, tokenFile: import.meta.filename },
    'sts.eu-central-1.amazonaws.com:443',
  ],
  ['IAM Identity Center', { kind: 'sso', ...sso }, 'portal.sso.eu-west-1.amazonaws.com:443'],
  [
    'a session of IAM Identity Center that is renewed',
    { kind: 'sso', ...sso, session: 'old' },
    'oidc.eu-west-1.amazonaws.com:443',
  ],
];

it.each(SOURCES)('asks the proxy for the credentials of %s', async (_of, source, host) => {
  const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');
  await keep('sso', sha1(startUrl), { accessToken: 'a', expiresAt: '2099-01-01T00:00:00Z' });
  await keep('sso', sha1('old'), {
    ...{ accessToken: 'a', expiresAt: '2020-01-01T00:00:00Z', refreshToken: 'r' },
    ...{ clientId: 'c', clientSecret: 's', registrationExpiresAt: '2099-01-01T00:00:00Z' },
  });
  const { port } = proxy.address() as AddressInfo;
  const proxyEnv = { HTTPS_PROXY: `http://127.0.0.1:${port}` };
  const settings = plainSettings();
  const request = { source, region: 'eu-central-1', settings, proxyEnv };
  await expect(resolveSource(request)).rejects.toThrow();
  expect(new Set(asked)).toEqual(new Set([host]));
});
