import { HttpConnection } from './httpConnection.ts';
import { requestsPerSecond, sendExpectingSuccess } from './load.ts';
import type { Row } from './row.ts';
import type { Server } from './servers.ts';
import { RequestSigner, type RequestParts } from './signedRequest.ts';
import { summarize } from './statistics.ts';

const BUCKET = 'bench-rates';
const KEYS = 1000;
const BODY = Buffer.alloc(1000, 'bucket brigade ');
const TAGS =
  '<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet>' +
  '<Tag><Key>phototype</Key><Value>finished</Value></Tag></TagSet></Tagging>';

interface Operation {
  readonly name: string;
  /** Whether a request may be sent again; a PutObject goes to a new key each time. */
  readonly repeat: boolean;
  request(number: number): RequestParts;
}

const path = (number: number): string => `/${BUCKET}/small/${number.toString().padStart(7, '0')}`;
const tagging = { tagging: '' };

const OPERATIONS: readonly Operation[] = [
  {
    name: 'PutObject, 1 kB',
    repeat: false,
    request: number => ({ method: 'PUT', path: `${path(number)}-put`, body: BODY }),
  },
  {
    name: 'GetObject, 1 kB',
    repeat: true,
    request: number => ({ method: 'GET', path: path(number % KEYS) }),
  },
  {
    name: 'ListObjectsV2, 1,000 keys',
    repeat: true,
    request: () => ({
      method: 'GET',
      path: `/${BUCKET}`,
      query: { 'list-type': '2', prefix: 'listed/' },
    }),
  },
  {
    name: 'PutObjectTagging',
    repeat: true,
    request: number => ({ method: 'PUT', path: path(number % KEYS), query: tagging, body: TAGS }),
  },
  {
    name: 'GetObjectTagging',
    repeat: true,
    request: number => ({ method: 'GET', path: path(number % KEYS), query: tagging }),
  },
];

interface Peer {
  readonly server: Server;
  readonly signer: RequestSigner;
  /** Numbers of the objects put so far, so that no round puts a key twice. */
  next: number;
  /** Requests per second of the round before: how many requests the next one may need. */
  expected: number;
}

/** Requests per second of the sandbox and, where there is one, of its peer, in turns. */
export async function measureRequestRates(
  sandbox: Server,
  moto: Server | undefined,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Row[]> {
  const servers = moto ? [sandbox, moto] : [sandbox];
  const peers = servers.map(server => ({
    server,
    signer: new RequestSigner(server),
    next: 0,
    expected: 2000,
  }));
  for (const peer of peers) await fill(peer);
  const rows: Row[] = [];
  for (const operation of OPERATIONS) {
    for (const connections of [1, 16]) {
      const rates = peers.map(() => [] as number[]);
      for (let round = -1; round < rounds; round++) {
        for (const [index, peer] of peers.entries()) {
          const length = round < 0 ? seconds / 2 : seconds;
          const rate = await measure(peer, operation, connections, length);
          if (round >= 0) rates[index]?.push(rate);
        }
      }
      rows.push(toRow(operation, connections, rates));
    }
  }
  return rows;
}

function toRow(operation: Operation, connections: number, rates: number[][]): Row {
  const [ours = [], theirs] = rates;
  return {
    group: 'Requests',
    measure: `${operation.name} × ${connections}`,
    unit: 'requests/s',
    ours: summarize(ours),
    peer: theirs && { name: 'moto', sample: summarize(theirs) },
    aim: { ratio: 10 },
  };
}

async function measure(
  peer: Peer,
  operation: Operation,
  connections: number,
  seconds: number,
): Promise<number> {
  const count = operation.repeat ? KEYS : Math.ceil(peer.expected * seconds * 2) + 100;
  const requests: Buffer[] = [];
  for (let number = 0; number < count; number++) {
    const request = operation.request(operation.repeat ? number : peer.next + number);
    requests.push(await peer.signer.sign(request));
  }
  const rate = await requestsPerSecond(peer.server.endpoint, requests, {
    connections,
    seconds,
    repeat: operation.repeat,
  });
  if (!operation.repeat) {
    peer.next += count;
    peer.expected = rate;
  }
  return rate;
}

async function fill({ server, signer }: Peer): Promise<void> {
  const connection = new HttpConnection(server.endpoint);
  const send = async (parts: RequestParts): Promise<void> => {
    await sendExpectingSuccess(connection, await signer.sign(parts));
  };
  await send({ method: 'PUT', path: `/${BUCKET}` });
  for (let number = 0; number < KEYS; number++) {
    await send({ method: 'PUT', path: path(number), body: BODY });
    await send({ method: 'PUT', path: path(number), query: tagging, body: TAGS });
    await send({ method: 'PUT', path: `/${BUCKET}/listed/${number}`, body: 'x' });
  }
  connection.close();
}
