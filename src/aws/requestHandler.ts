import { NodeHttpHandler } from '@smithy/node-http-handler';

/** A dead network is noticed in seconds; a slow answer (a big copy) may take its minute. */
const TIMEOUTS = { connectionTimeout: 5_000, socketTimeout: 60_000 };

/** What sends the requests of all our clients, those that get credentials too. */
export function requestHandler(socketTimeout = TIMEOUTS.socketTimeout): NodeHttpHandler {
  return new NodeHttpHandler({ ...TIMEOUTS, socketTimeout });
}
