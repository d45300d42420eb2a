import { BrigadeError } from '../errors.ts';
import type { InstanceMetadata, ResolvedCredentials } from './credentialSource.ts';

const TIMEOUT_MS = 1_000;
const ROLES = '/latest/meta-data/iam/security-credentials/';

/**
 * The credentials of the role of this EC2 instance, by version 2 of the metadata service and, where
 * that does not answer and it is allowed, version 1 (Amazon EC2 user guide, "Retrieve security credentials
 * from instance metadata"). Where there is no such service this takes two seconds.
 *
 * @throws BrigadeError `CredentialsMissing`
 */
export async function instanceCredentials({
  endpoint,
  v1Disabled,
}: InstanceMetadata): Promise<ResolvedCredentials> {
  try {
    const token = await sessionToken(endpoint, v1Disabled);
    const headers = token === undefined ? undefined : { 'x-aws-ec2-metadata-token': token };
    const read = async (path: string): Promise<string> => {
      const answer = await get(new URL(path, endpoint), { headers });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
      return await answer.text();
    };
    const [role = ''] = (await read(ROLES)).trim().split('\n');
    return credentialsIn(JSON.parse(await read(ROLES + encodeURIComponent(role))));
  } catch (cause) {
    throw new BrigadeError('CredentialsMissing', 'This machine has no role', { cause });
  }
}

async function sessionToken(endpoint: string, v1Disabled: boolean): Promise<string | undefined> {
  try {
    const answer = await get(new URL('/latest/api/token', endpoint), {
      method: 'PUT',
      headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '21600' },
    });
    if (answer.ok) return await answer.text();
    if (v1Disabled || ![403, 404, 405].includes(answer.status)) {
      throw new Error(`The token was refused with ${answer.status}`);
    }
  } catch (error) {
    // In a container the token may be lost on its way: it travels one hop by default.
    if (v1Disabled || !(error instanceof Error) || error.name !== 'TimeoutError') throw error;
  }
  return undefined;
}

async function get(url: URL, init: RequestInit): Promise<Response> {
  return await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
}

function credentialsIn(answer: unknown): ResolvedCredentials {
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = answer as Record<string, unknown>;
  if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string') {
    throw new Error('The answer has no credentials');
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: typeof Token === 'string' ? Token : undefined,
    expiration: typeof Expiration === 'string' ? new Date(Expiration) : undefined,
  };
}
