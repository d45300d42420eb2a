import { l10n } from 'vscode';
import type { Connection } from '../services.ts';

export const SANDBOX = 'sandbox';
export const ENVIRONMENT = 'environment';
const PROFILE = 'profile:';

/** The one Region the sandbox plays. */
export const SANDBOX_REGION = 'us-east-1';

export function profileId(name: string): string {
  return PROFILE + name;
}

/** The profile's name, or undefined where the connection is no profile. */
export function profileOf(connectionId: string): string | undefined {
  return connectionId.startsWith(PROFILE) ? connectionId.slice(PROFILE.length) : undefined;
}

export function isConnectionId(text: unknown): text is string {
  if (typeof text !== 'string') return false;
  return text === SANDBOX || text === ENVIRONMENT || (profileOf(text) ?? '') !== '';
}

/** What a connection is called on the screen. */
export function labelOf(connectionId: string): string {
  if (connectionId === SANDBOX) return l10n.t('Local Sandbox');
  if (connectionId === ENVIRONMENT) return l10n.t('Environment');
  return profileOf(connectionId) ?? connectionId;
}

export function connectionOf(id: string, region: string, endpoint?: string): Connection {
  return { id, label: labelOf(id), region, ...(endpoint !== undefined && { endpoint }) };
}

/**
 * `Session.key`: connection, account and, at another address than AWS's, the endpoint. The sandbox's
 * port may be another at each start while its data stays, so it counts by its name.
 */
export function sessionKey({ id, endpoint }: Connection, accountId: string): string {
  const where = id === SANDBOX ? undefined : endpoint;
  return [id, accountId, ...(where === undefined ? [] : [where])].map(encodeURIComponent).join('/');
}
