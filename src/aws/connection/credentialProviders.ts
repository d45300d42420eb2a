import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import type { Credentials } from '@aws-sdk/client-sts';
import { fromHttp, fromLoginCredentials, fromSSO } from '@aws-sdk/credential-providers';
import { fromSso as freshSsoToken } from '@aws-sdk/token-providers';
import { externalDataInterceptor } from '@smithy/shared-ini-file-loader';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { BrigadeError } from '../errors.ts';
import { requestHandler, type ProxyEnvironment } from '../requestHandler.ts';
import { toBrigadeError } from '../toBrigadeError.ts';
import { sdkSettings, type ClientSettings } from './clientSettings.ts';
import { configError, ConfigFault } from './configProblem.ts';
import { programOf, runCredentialProcess } from './credentialProcess.ts';
import type {
  CredentialSource,
  ResolvedCredentials,
  StaticCredentials,
} from './credentialSource.ts';
import { instanceCredentials } from './instanceMetadata.ts';

/** What getting credentials takes: where they come from, and how STS and the sign-in are reached. */
export interface CredentialRequest {
  readonly source: CredentialSource;
  readonly region: string;
  readonly settings: ClientSettings;
  /** Asked for a code where a role demands an MFA device. */
  readonly mfaCode?: (serial: string) => Promise<string>;
  /** Shows that a `credential_process` is waited for; the signal that it gives ends the process. */
  readonly whileProcessRuns?: WhileProcessRuns;
  /** The proxies to use, where nobody else sees to it: those of the connection's other clients. */
  readonly proxyEnv?: ProxyEnvironment;
}

export type WhileProcessRuns = (
  run: (signal: AbortSignal | undefined) => Promise<ResolvedCredentials>,
  shown: { readonly profile: string; readonly program: string },
) => Promise<ResolvedCredentials>;

type Kind<K extends CredentialSource['kind']> = Extract<CredentialSource, { readonly kind: K }>;

/**
 * Gets credentials from a source. Every call on the way goes where the connection's settings say,
 * as the SDK's own chain would ask the default profile for endpoints.
 *
 * @throws BrigadeError `CredentialsMissing`; else what the SDK's providers and STS throw.
 */
export async function resolveSource(request: CredentialRequest): Promise<ResolvedCredentials> {
  const handler = requestHandler(undefined, request.proxyEnv);
  try {
    return await resolve({ ...request, handler });
  } catch (error) {
    throw notOfObjects(error);
  } finally {
    handler.destroy();
  }
}

/**
 * Credentials are got in the middle of other calls: a token's file or an STS that is not there must not
 * look like an object that isn't.
 */
function notOfObjects(error: unknown): unknown {
  if (error instanceof BrigadeError) return error;
  const { code, path: file } = error as NodeJS.ErrnoException;
  if (code !== undefined && file !== undefined) {
    return configError({ kind: 'unreadable', file, why: code });
  }
  const { code: meaning, message } = toBrigadeError(error);
  if (meaning !== 'NotFound') return error;
  return new BrigadeError('CredentialsMissing', message, { cause: error });
}

/** With what sends the requests: by the SDK's own, a server that says nothing holds up everything. */
interface Sending extends CredentialRequest {
  readonly handler: NodeHttpHandler;
}

async function resolve(request: Sending): Promise<ResolvedCredentials> {
  const { source } = request;
  switch (source.kind) {
    case 'keys':
      return source.keys();
    case 'role':
      return await assumeRole(source, request);
    case 'webIdentity':
      return await assumeRoleByToken(source, request);
    case 'sso':
      return await ssoCredentials(source, request);
    case 'login':
      return await loginCredentials(source, request);
    case 'process':
      return await processCredentials(source, request);
    case 'container':
      return await fromHttp({ timeout: 1_000, maxRetries: 0 })();
    case 'instance':
      return await instanceCredentials(source.metadata);
    case 'none':
      throw new BrigadeError('CredentialsMissing', `Profile ${source.profile} has no credentials`, {
        cause: new ConfigFault({ kind: 'noCredentials', profile: source.profile }),
      });
  }
}

async function assumeRole(role: Kind<'role'>, request: Sending): Promise<ResolvedCredentials> {
  const { mfaCode } = request;
  const credentials = await resolve({ ...request, source: role.source });
  const TokenCode = role.mfaSerial === undefined ? undefined : await mfaCode?.(role.mfaSerial);
  const sts = stsClient(request, credentials);
  const { Credentials: answer } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: role.roleArn,
      RoleSessionName: role.sessionName ?? sessionName(),
      ExternalId: role.externalId,
      DurationSeconds: role.durationSeconds,
      SerialNumber: role.mfaSerial,
      TokenCode,
    }),
  );
  return temporary(answer);
}

async function assumeRoleByToken(
  { roleArn, tokenFile, sessionName: name = sessionName() }: Kind<'webIdentity'>,
  request: Sending,
): Promise<ResolvedCredentials> {
  const WebIdentityToken = (await readFile(tokenFile, 'utf8')).trim();
  // The operation is not signed; without these the client would look for credentials.
  const sts = stsClient(request, { accessKeyId: '', secretAccessKey: '' });
  const { Credentials: answer } = await sts.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: roleArn,
      RoleSessionName: name,
      WebIdentityToken,
    }),
  );
  return temporary(answer);
}

function stsClient({ region, settings, handler }: Sending, credentials: StaticCredentials) {
  const requestHandler = handler;
  return new STSClient({ ...sdkSettings('sts', settings), region, credentials, requestHandler });
}

function sessionName(): string {
  return `bucket-brigade-${Date.now()}`;
}

function temporary(answer: Credentials | undefined): ResolvedCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined) {
    throw new BrigadeError('Unknown', 'STS answered without credentials', {
      problem: { kind: 'noCredentials' },
    });
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}

/** The token is renewed first where it can be, and then found by its name: the session's or the URL. */
async function ssoCredentials(
  { session, startUrl, region, accountId, roleName }: Kind<'sso'>,
  { settings, handler: requestHandler }: Sending,
): Promise<ResolvedCredentials> {
  if (session !== undefined) {
    const files = profileOf(
      { sso_session: session },
      `[sso-session.${session}]\nsso_start_url = ${startUrl}\nsso_region = ${region}\n`,
    );
    const clientConfig = { ...sdkSettings('sso_oidc', settings), region, requestHandler };
    await freshSsoToken({ ...files, clientConfig })();
  }
  return await fromSSO({
    ssoStartUrl: session ?? startUrl,
    ssoRegion: region,
    ssoAccountId: accountId,
    ssoRoleName: roleName,
    clientConfig: { ...sdkSettings('sso', settings), region, requestHandler },
  })();
}

async function loginCredentials(
  { session, region: own }: Kind<'login'>,
  { settings, region, handler: requestHandler }: Sending,
): Promise<ResolvedCredentials> {
  return await fromLoginCredentials({
    ...profileOf({ login_session: session, region: own ?? region }),
    clientConfig: { ...sdkSettings('signin', settings), requestHandler },
  })();
}

async function processCredentials(
  source: Kind<'process'>,
  { whileProcessRuns = run => run(undefined) }: CredentialRequest,
): Promise<ResolvedCredentials> {
  const shown = { profile: source.profile, program: programOf(source.command) };
  return await whileProcessRuns(signal => runCredentialProcess(source, { signal }), shown);
}

/**
 * Some of the SDK's providers only read profiles: they get one that is made for them, in place of
 * the files, so that what they use is what was resolved and the name is one they can read.
 */
function profileOf(values: Readonly<Record<string, string>>, more = '') {
  const lines = Object.entries(values).map(([key, value]) => `${key} = ${value}\n`);
  const text = `[profile p]\n${lines.join('')}${more}`;
  return {
    profile: 'p',
    configFilepath: inMemory(text),
    filepath: inMemory('\n'),
    ignoreCache: true,
  };
}

/** The SDK keeps such texts permanently, so each is kept once. */
function inMemory(text: string): string {
  const path = `bucket-brigade:${createHash('sha256').update(text).digest('hex')}`;
  externalDataInterceptor.interceptFile(path, text);
  return path;
}
