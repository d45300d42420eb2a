import { HttpConnection } from './httpConnection.ts';
import { requestsPerSecond, sendExpectingSuccess } from './load.ts';
import type { Row } from './row.ts';
import type { Server } from './servers.ts';
import { RequestSigner } from './signedRequest.ts';
import { summarize } from './statistics.ts';

/** The bucket that both peers list, and that the job tags. */
export const MANY_BUCKET = 'bench-many';
/** As many objects at a time are signed, then put: 15 minutes is how long a signature is valid. */
const BATCH = 20_000;

/** The key of one of the many objects. */
export function manyKey(number: number): string {
  return `many/${number.toString().padStart(7, '0')}`;
}

/** Puts the many objects into the sandbox; how long that took is a row of its own. */
export async function putManyObjects(sandbox: Server, count: number): Promise<Row> {
  const signer = new RequestSigner(sandbox);
  const connection = new HttpConnection(sandbox.endpoint);
  const bucket = await signer.sign({ method: 'PUT', path: `/${MANY_BUCKET}` });
  await sendExpectingSuccess(connection, bucket);
  connection.close();
  const rates: number[] = [];
  for (let from = 0; from < count; from += BATCH) {
    const requests: Buffer[] = [];
    for (let number = from; number < Math.min(from + BATCH, count); number++) {
      const path = `/${MANY_BUCKET}/${manyKey(number)}`;
      requests.push(await signer.sign({ method: 'PUT', path, body: 'x' }));
    }
    const limits = { connections: 16, seconds: Infinity, repeat: false };
    rates.push(await requestsPerSecond(sandbox.endpoint, requests, limits));
  }
  const measure = `PutObject, 1 byte × 16, ${count.toLocaleString('en')} in all`;
  return { group: 'Requests', measure, unit: 'requests/s', ours: summarize(rates) };
}

/** Lists all of the many objects, 1,000 to a page, on the sandbox and on its peer. */
export async function measureListing(
  sandbox: Server,
  moto: Server | undefined,
  count: number,
): Promise<Row> {
  const ours: number[] = [];
  for (let round = 0; round < 3; round++) ours.push(await listAll(sandbox, count));
  // One round: moto reads its whole index for every page, which takes it most of a minute.
  const theirs = moto && [await listAll(moto, count)];
  return {
    group: 'Listing',
    measure: `all of ${count.toLocaleString('en')} keys`,
    unit: 's',
    ours: summarize(ours),
    peer: theirs && { name: 'moto', sample: summarize(theirs) },
    aim: { ratio: 10 },
  };
}

async function listAll(server: Server, count: number): Promise<number> {
  const signer = new RequestSigner(server);
  const connection = new HttpConnection(server.endpoint);
  const start = performance.now();
  let token: string | undefined;
  let keys = 0;
  do {
    const query = { 'list-type': '2', ...(token && { 'continuation-token': token }) };
    const request = await signer.sign({ method: 'GET', path: `/${MANY_BUCKET}`, query });
    const page = (await sendExpectingSuccess(connection, request)).toString();
    keys += page.split('<Key>').length - 1;
    token = /<NextContinuationToken>([^<]+)</.exec(page)?.[1];
  } while (token);
  connection.close();
  if (keys !== count) throw new Error(`${keys} keys were listed instead of ${count}`);
  return (performance.now() - start) / 1000;
}
