import { HttpConnection } from './httpConnection.ts';

/**
 * Sends prepared requests over some connections at a time, each waiting for its answer before it
 * sends the next, and says how many were answered per second. Stops after `seconds` or, when the
 * requests are not to be repeated, when all are sent. Throws at the first answer that is not 2xx.
 */
export async function requestsPerSecond(
  endpoint: string,
  requests: readonly Buffer[],
  { connections, seconds, repeat }: { connections: number; seconds: number; repeat: boolean },
): Promise<number> {
  const pool = Array.from({ length: connections }, () => new HttpConnection(endpoint));
  const start = performance.now();
  const end = start + seconds * 1000;
  let sent = 0;
  const work = async (connection: HttpConnection): Promise<void> => {
    while (performance.now() < end && (repeat || sent < requests.length)) {
      const request = requests[sent++ % requests.length];
      if (request) await sendExpectingSuccess(connection, request);
    }
  };
  try {
    await Promise.all(pool.map(work));
  } finally {
    for (const connection of pool) connection.close();
  }
  return sent / ((performance.now() - start) / 1000);
}

/** Sends one request; throws an Error with the server's answer unless it is a success. */
export async function sendExpectingSuccess(
  connection: HttpConnection,
  request: Buffer,
): Promise<Buffer> {
  const { status, body } = await connection.send(request);
  if (status < 200 || status > 299) {
    throw new Error(`${request.toString().split('\r\n', 1)[0]} → ${status} ${body.toString()}`);
  }
  return body;
}
