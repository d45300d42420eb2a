import { l10n } from 'vscode';
import { BrigadeError, isCancelled } from '../aws/errors.ts';
import type { ClientConfig } from '../aws/clients.ts';
import { clientSettings } from '../aws/connection/clientSettings.ts';
import type { WhileProcessRuns } from '../aws/connection/credentialProviders.ts';
import type { Connection, Session } from '../services.ts';
import { askMfaCode } from './askMfaCode.ts';
import { SANDBOX, SANDBOX_REGION, connectionOf, labelOf, sessionKey } from './connectionIds.ts';
import type { ConnectionMemory } from './connectionMemory.ts';
import { configSentence } from './describeConfigProblem.ts';
import { settingsOf } from './connectionSources.ts';
import { useErrorTexts } from '../vscode/describeError.ts';
import { describeReason } from '../vscode/describeReason.ts';
import { withCancellableProgress, type ProgressUpdate } from '../vscode/progress.ts';
import { problemText } from '../vscode/problemTexts.ts';
import type { LocalSandbox } from './localSandbox.ts';
import type { SandboxAddress } from './sandboxProcess.ts';
import { sandboxError } from './sandboxError.ts';

/** Opens a session: the sandbox is started, credentials are read, and AWS is asked who we are. */
export async function openSession(
  connection: Connection,
  { sandbox, memory }: { sandbox: LocalSandbox; memory: ConnectionMemory },
  signal: AbortSignal,
): Promise<Session> {
  useErrorTexts({ problem: problemText, reason: describeReason });
  if (connection.id === SANDBOX) return await openSandbox(sandbox, signal);
  return await connecting(connection.label, signal, at => openProfile(connection, memory, at));
}

/** Longer than any connection takes that is well. */
const SHOW_AFTER_MS = 5_000;

/** What shows that a connection is being opened, where it can be cancelled. */
interface Opening {
  readonly signal: AbortSignal;
  readonly report: (update: ProgressUpdate) => void;
}

/** Cancelling it is a state of the connection that its views show: they offer to connect again. */
async function connecting(
  label: string,
  signal: AbortSignal,
  open: (opening: Opening) => Promise<Session>,
): Promise<Session> {
  const title = l10n.t('Connecting to {0}…', label);
  try {
    return await withCancellableProgress(
      { title, signal, showAfterMs: SHOW_AFTER_MS },
      (at, report) => open({ signal: at, report }),
    );
  } catch (error) {
    if (!isCancelled(error)) throw error;
    const said = { subject: label, reason: 'ConnectingCancelled' } as const;
    throw new BrigadeError('Cancelled', 'Connecting was cancelled', said);
  }
}

async function openProfile(
  connection: Connection,
  memory: ConnectionMemory,
  { signal, report }: Opening,
): Promise<Session> {
  const chosen = memory.details(connection.id);
  const settings = await settingsOf(connection.id, chosen);
  const region = settings.region?.value ?? connection.region;
  let opening: Opening | undefined = { signal, report };
  const whileProcessRuns: WhileProcessRuns = async (run, { program, profile }) => {
    const title = l10n.t('Waiting for credentials of the profile {0} from {1}…', profile, program);
    if (opening === undefined) return await withCancellableProgress({ title }, run);
    opening.report({ message: title });
    return await run(opening.signal);
  };
  const { renewingCredentials } = await import('../aws/connection/credentials.ts');
  const provider = renewingCredentials(async () => {
    const now = await settingsOf(connection.id, chosen);
    return {
      ...{ source: now.credentials, region, mfaCode: askMfaCode, whileProcessRuns },
      settings: clientSettings(now, now.credentialEndpoints),
    };
  });
  // They are got again while the session lives, far from who would make a sentence of the problem.
  const credentials = async () =>
    await provider().catch((error: unknown) => {
      throw configSentence(error, labelOf(connection.id));
    });
  const opened = connectionOf(connection.id, region, settings.endpoints.s3?.value);
  const config = { region, credentials, settings: clientSettings(settings) };
  try {
    return { ...(await open(opened, config, signal)), settings };
  } finally {
    opening = undefined;
  }
}

async function openSandbox(sandbox: LocalSandbox, signal: AbortSignal): Promise<Session> {
  const address = await sandbox.use().catch((error: unknown) => {
    throw sandboxError(error, sandbox);
  });
  const connection = connectionOf(SANDBOX, SANDBOX_REGION, address.endpoint);
  return await open(connection, sandboxConfig(address), signal);
}

/** Who a sandbox at this address says we are, within three seconds. */
export async function identifySandbox(address: SandboxAddress): Promise<string> {
  const connection = connectionOf(SANDBOX, SANDBOX_REGION, address.endpoint);
  const session = await open(connection, sandboxConfig(address), AbortSignal.timeout(3000));
  session.clients.destroy();
  return session.identity.accountId;
}

function sandboxConfig({ endpoint, accessKeyId, secretAccessKey }: SandboxAddress): ClientConfig {
  return { region: SANDBOX_REGION, endpoint, credentials: { accessKeyId, secretAccessKey } };
}

async function open(
  connection: Connection,
  config: ClientConfig,
  signal: AbortSignal,
): Promise<Session> {
  const { openClients } = await import('../aws/openClients.ts');
  const { identity, clients } = await openClients(config, { signal }).catch((error: unknown) => {
    throw namingConnection(error, connection);
  });
  return {
    key: sessionKey(connection, identity.accountId || identity.userId),
    connection,
    identity,
    clients,
  };
}

/** Whose credentials they are matters here, not the address they were sent to; for the rest, both. */
function namingConnection(thrown: unknown, connection: Connection): unknown {
  const error = configSentence(thrown);
  if (!(error instanceof BrigadeError)) return error;
  const { code, message, awsCode, awsMessage, requestId, cause, host, subject } = error;
  const said = { awsCode, awsMessage, requestId, cause };
  const { label } = connection;
  if (code === 'Network') {
    return new BrigadeError(code, message, { ...said, subject, host, connection: label });
  }
  return code.startsWith('Credentials')
    ? new BrigadeError(code, message, { ...said, subject: label })
    : error;
}
