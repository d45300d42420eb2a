import type { ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { createClients, type AwsClients } from '../../src/aws/clients.ts';
import { startScriptedServer } from './scriptedServer.ts';

export const OWN = 'us-east-1';
export const OTHER = 'eu-west-1';

export interface RegionalRequest {
  readonly method: string;
  /** The address it was signed for and would have gone to. */
  readonly host: string;
  /** The Region it was signed for. */
  readonly signedFor: string | undefined;
  readonly path: string;
  readonly body: string;
}

export interface TwoRegions {
  readonly clients: AwsClients;
  readonly requests: RegionalRequest[];
  /** `method host/path`, without queries. */
  readonly seen: () => string[];
}

interface Outgoing {
  protocol: string;
  hostname: string;
  port?: number;
  headers: Record<string, string>;
}

/**
 * An account with two Regions, for the sandbox plays only one: the clients are those of AWS itself,
 * and after it was signed each request is led to a server of the test.
 */
export async function startTwoRegions(
  answer: (request: RegionalRequest, response: ServerResponse) => void,
): Promise<TwoRegions> {
  const requests: RegionalRequest[] = [];
  const server = await startScriptedServer((incoming, response) => {
    const scope = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(incoming.headers.authorization ?? '');
    const request = {
      method: incoming.method,
      host: String(incoming.headers['x-test-host']),
      signedFor: scope?.[1],
      path: incoming.url.pathname,
      body: incoming.body,
    };
    requests.push(request);
    answer(request, response);
  });
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const clients = createClients(
    { region: OWN, credentials },
    { accountId: '123456789012', partition: 'aws' },
  );
  onTestFinished(() => clients.destroy());
  for (const region of [OWN, OTHER]) {
    for (const client of [clients.s3(region), clients.s3Control(region), clients.lambda(region)]) {
      lead(client, new URL(server.endpoint));
    }
  }
  const seen = () => requests.map(({ method, host, path }) => `${method} ${host}${path}`);
  return { clients, requests, seen };
}

function lead(client: { middlewareStack: unknown }, to: URL): void {
  const stack = client.middlewareStack as {
    add: (
      middleware: (next: (args: { request: Outgoing }) => unknown) => typeof next,
      options: object,
    ) => void;
  };
  stack.add(
    next => args => {
      const { request } = args;
      request.headers['x-test-host'] = request.hostname;
      request.protocol = to.protocol;
      request.hostname = to.hostname;
      request.port = Number(to.port);
      return next(args);
    },
    { step: 'deserialize', priority: 'low', name: 'leadToTest' },
  );
}
