import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createClients, type AwsClients, type Credentials } from '../../src/aws/clients.ts';

export interface ScriptedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface ScriptedServer {
  readonly endpoint: string;
  /** What came in, in order. */
  readonly requests: ScriptedRequest[];
  readonly clients: (credentials?: Credentials) => AwsClients;
  /** Earlier than by itself. */
  readonly close: () => Promise<void>;
}

/**
 * An HTTP server on loopback that answers as the test says: for what no sane server would do. It is
 * closed when the test has finished.
 */
export async function startScriptedServer(
  answer: (request: ScriptedRequest, response: ServerResponse) => void,
): Promise<ScriptedServer> {
  const requests: ScriptedRequest[] = [];
  const opened: AwsClients[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('error', () => undefined);
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request = {
        method: incoming.method ?? '',
        url: new URL(incoming.url ?? '', 'http://127.0.0.1'),
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      requests.push(request);
      // All answers of AWS's carry these; a test takes them away.
      response.setHeader('x-amz-request-id', 'SCRIPTED');
      response.setHeader('etag', '"scripted"');
      response.setHeader('last-modified', new Date(0).toUTCString());
      answer(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    opened.forEach(each => each.destroy());
    if (!server.listening) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  onTestFinished(close);
  return {
    endpoint,
    requests,
    clients: (credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }) => {
      const config = { region: 'us-east-1', endpoint, credentials };
      const clients = createClients(config, { accountId: '123456789012', partition: 'aws' });
      opened.push(clients);
      return clients;
    },
    close,
  };
}

/** An error as S3 answers it. */
export function s3Error(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>m</Message></Error>`);
}
