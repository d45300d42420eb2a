import { describe, expect, it } from 'vitest';
import { instanceCredentials } from '../../src/aws/connection/instanceMetadata.ts';
import { startScriptedServer } from '../support/scriptedServer.ts';

/** The metadata service as a container sees it whose token does not get through. */
async function withoutToken(): Promise<{ endpoint: string; asked: () => string[] }> {
  const { endpoint, requests } = await startScriptedServer(({ method, url }, response) => {
    if (method === 'PUT') return;
    const isRole = url.pathname.endsWith('/role');
    response.end(isRole ? '{"AccessKeyId":"AKIDV1","SecretAccessKey":"s"}' : 'role');
  });
  return { endpoint, asked: () => requests.map(({ method }) => method) };
}

describe('the role of a machine whose token times out', () => {
  it('is read by version 1', async () => {
    const { endpoint, asked } = await withoutToken();
    const found = await instanceCredentials({ endpoint, v1Disabled: false });
    expect(found.accessKeyId).toBe('AKIDV1');
    expect(asked()).toEqual(['PUT', 'GET', 'GET']);
  });

  it('is not, where version 1 is disabled', async () => {
    const { endpoint, asked } = await withoutToken();
    const found = instanceCredentials({ endpoint, v1Disabled: true });
    await expect(found).rejects.toMatchObject({ code: 'CredentialsMissing' });
    expect(asked()).toEqual(['PUT']);
  });
});
