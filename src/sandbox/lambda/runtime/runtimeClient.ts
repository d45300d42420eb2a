import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorReport } from './runtimeErrors.ts';

export interface NextInvocation {
  readonly requestId: string;
  readonly headers: IncomingHttpHeaders;
  readonly event: string;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const PREFIX = '/2018-06-01/runtime';
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** The Runtime API, version 2018-06-01, from the runtime's side (Lambda developer guide, "Runtime API"). */
export class RuntimeClient {
  private readonly host: string;
  private readonly port: number;

  /** @param address what AWS_LAMBDA_RUNTIME_API holds: `host:port` */
  constructor(address: string) {
    const [host = '', port = ''] = address.split(':');
    this.host = host;
    this.port = Number(port);
  }

  /** Waits for the next invocation, without a limit. */
  async next(): Promise<NextInvocation> {
    const { headers, body } = await this.call('GET', '/invocation/next');
    const requestId = headers['lambda-runtime-aws-request-id'];
    return { requestId: String(requestId), headers, event: body };
  }

  async respond(requestId: string, body: string): Promise<void> {
    await this.call('POST', `/invocation/${requestId}/response`, body);
  }

  async fail(requestId: string, error: ErrorReport): Promise<void> {
    await this.postError(`/invocation/${requestId}/error`, error);
  }

  async failInit(error: ErrorReport): Promise<void> {
    await this.postError('/init/error', error);
  }

  private async postError(path: string, error: ErrorReport): Promise<void> {
    const headers = {
      'content-type': 'application/json',
      'lambda-runtime-function-error-type': headerText(error.errorType),
    };
    await this.call('POST', path, JSON.stringify(error), headers);
  }

  /** When the API is gone or broken, so is the sandbox: there is nobody to work for. */
  private async call(
    method: string,
    path: string,
    body = '',
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    try {
      const answer = await this.send(method, path, body, headers);
      if (answer.status < 500) return answer;
    } catch {
      // The same end as for an answer of 500.
    }
    process.exit(1);
  }

  private send(
    method: string,
    path: string,
    body: string,
    headers: Record<string, string>,
  ): Promise<Answer> {
    const { host, port } = this;
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    return new Promise((resolve, reject) => {
      const call = request(
        {
          host,
          port,
          method,
          path: PREFIX + path,
          agent,
          headers: method === 'GET' ? headers : { ...length, ...headers },
        },
        response => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            resolve({ status: response.statusCode ?? 500, headers: response.headers, body: text });
          });
        },
      );
      call.on('error', reject);
      call.end(body);
    });
  }
}

function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}
