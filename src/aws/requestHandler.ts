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
  const agent = proxyEnv && { proxyEnv, maxSockets: MAX_CONNECTIONS };
  return new NodeHttpHandler({ ...TIMEOUTS, socketTimeout, httpAgent: agent, httpsAgent: agent });
}
