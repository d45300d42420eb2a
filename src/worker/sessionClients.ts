import { createClients, type AwsClients, type ClientConfig } from '../aws/clients.ts';
import { md5InBase64 } from '../aws/md5.ts';
import type { PlainCredentials, WorkerSession } from './protocol.ts';

/** Asks the host for the credentials of a session; it may ask the user. */
export type AskCredentials = (session: number) => Promise<PlainCredentials>;

/** Milliseconds until they are asked for again: the host knows when they change. */
const FRESH_MS = 20_000;

/** The clients of a session in this process. */
export function sessionClients(session: WorkerSession, ask: AskCredentials): AwsClients {
  const { region, endpoint, settings, md5, identity } = session;
  const config: ClientConfig = {
    ...{ region, endpoint, settings },
    credentials: hostCredentials(() => ask(session.id)),
    ...(md5 && { md5: md5InBase64 }),
    // The host has put in what VS Code's settings say.
    proxyEnv: process.env,
  };
  return createClients(config, identity);
}

/** One question at a time, and not one for each of a thousand requests a second. */
function hostCredentials(ask: () => Promise<PlainCredentials>) {
  let known: { credentials: PlainCredentials; until: number } | undefined;
  let pending: Promise<PlainCredentials> | undefined;
  const renew = async (): Promise<PlainCredentials> => {
    const credentials = await ask();
    known = { credentials, until: Date.now() + FRESH_MS };
    return credentials;
  };
  return async () => {
    if (known && Date.now() < known.until) return withExpiry(known.credentials, known.until);
    pending ??= renew().finally(() => (pending = undefined));
    return withExpiry(await pending, Date.now() + FRESH_MS);
  };
}

/** The SDK asks again before each request for what is about to expire. */
function withExpiry(credentials: PlainCredentials, until: number) {
  return { ...credentials, expiration: new Date(until) };
}
