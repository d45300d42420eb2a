import { BrigadeError } from '../aws/errors.ts';
import type { Credentials } from '../aws/clients.ts';
import type { Connection, Session } from '../services.ts';
import { askMfaCode } from './askMfaCode.ts';
import { SANDBOX, SANDBOX_REGION, connectionOf, profileOf, sessionKey } from './connectionIds.ts';
import type { ConnectionMemory } from './connectionMemory.ts';
import { listSources } from './connectionSources.ts';
import type { LocalSandbox } from './localSandbox.ts';
import type { SandboxAddress } from './sandboxProcess.ts';
import { sandboxError } from './sandboxError.ts';

/** Opens a session: the sandbox is started, credentials are read, and AWS is asked who we are. */
export async function openSession(
  connection: Connection,
  { sandbox, memory }: { sandbox: LocalSandbox; memory: ConnectionMemory },
  signal: AbortSignal,
): Promise<Session> {
  if (connection.id === SANDBOX) return await openSandbox(sandbox, signal);
  const source = (await listSources()).find(({ id }) => id === connection.id);
  const chosen = memory.details(connection.id);
  const region = chosen.region ?? source?.region ?? connection.region;
  const endpoint = chosen.endpoint ?? source?.endpoint;
  const profile = profileOf(connection.id);
  const { credentialsFor } = await import('../aws/credentials.ts');
  const credentials = credentialsFor({ profile, mfaCode: askMfaCode });
  return await open(connectionOf(connection.id, region, endpoint), credentials, signal);
}

async function openSandbox(sandbox: LocalSandbox, signal: AbortSignal): Promise<Session> {
  const address = await sandbox.use().catch((error: unknown) => {
    throw sandboxError(error, sandbox);
  });
  const connection = connectionOf(SANDBOX, SANDBOX_REGION, address.endpoint);
  return await open(connection, keysOf(address), signal);
}

/** Who a sandbox at this address says we are, within three seconds. */
export async function identifySandbox(address: SandboxAddress): Promise<string> {
  const connection = connectionOf(SANDBOX, SANDBOX_REGION, address.endpoint);
  const session = await open(connection, keysOf(address), AbortSignal.timeout(3000));
  session.clients.destroy();
  return session.identity.accountId;
}

function keysOf({ accessKeyId, secretAccessKey }: SandboxAddress) {
  return { accessKeyId, secretAccessKey };
}

async function open(
  connection: Connection,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<Session> {
  const { createClients, identify } = await import('../aws/clients.ts');
  const { region, endpoint } = connection;
  const identity = await identify({ region, endpoint, credentials }, { signal }).catch(
    (error: unknown) => {
      throw namingConnection(error, connection);
    },
  );
  const clients = createClients({ region, endpoint, credentials }, identity);
  return { key: sessionKey(connection, identity.accountId), connection, identity, clients };
}

/** Whose credentials they are matters here, not the address they were sent to. */
function namingConnection(error: unknown, connection: Connection): unknown {
  if (!(error instanceof BrigadeError) || !error.code.startsWith('Credentials')) return error;
  const { code, message, awsCode, awsMessage, requestId, cause } = error;
  const subject = connection.label;
  return new BrigadeError(code, message, { subject, awsCode, awsMessage, requestId, cause });
}
