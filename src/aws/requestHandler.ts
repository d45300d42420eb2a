import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** A dead network is noticed in seconds; a slow answer (a big copy) may take its minute. */
const TIMEOUTS = { connectionTimeout: 5_000, socketTimeout: 60_000 };

/** Of a process of its own, which transfers many files at a time; the SDK has 50. */
const MAX_CONNECTIONS = 128;

/** Proxies as environment variables name them: HTTPS_PROXY, NO_PROXY … */
export type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * What sends the requests of all our clients, those that get credentials too.
 *
 * @param proxyEnv for a process of its own: in the extension host VS Code sees to proxies
 */
export function requestHandler(
  socketTimeout = TIMEOUTS.socketTimeout,
  proxyEnv?: ProxyEnvironment,
): NodeHttpHandler {
  const shared = { ...TIMEOUTS, socketTimeout };
  if (proxyEnv === undefined) return new NodeHttpHandler(shared);
  const options = { proxyEnv, maxSockets: MAX_CONNECTIONS };
  if (!hasProxy(proxyEnv)) {
    return new NodeHttpHandler({ ...shared, httpAgent: options, httpsAgent: options });
  }
  // For large bodies the SDK makes agents of its own, which know of no proxy, unless it is given ours whole.
  const kept = { ...options, keepAlive: true };
  const agents = { httpAgent: new HttpAgent(kept), httpsAgent: new HttpsAgent(kept) };
  return new NodeHttpHandler({ ...shared, ...agents });
}

function hasProxy(environment: ProxyEnvironment): boolean {
  return ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].some(name => environment[name]);
}
