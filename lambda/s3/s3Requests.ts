import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { addressOf, type BucketAddress, type S3Settings } from './endpoint.ts';
import { readError, S3Error } from './s3Error.ts';
import { encode, queryString, signed, type Credentials } from './signature.ts';

export interface S3Request {
  readonly method: 'GET' | 'PUT';
  readonly bucket: string;
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly bytes?: Uint8Array;
}

/** Milliseconds; the first wait is a random part of it, each further one may be twice as long. */
const BASE_DELAY = 100;
/** The same where S3 is asked too often. */
const THROTTLED_DELAY = 500;
const MAX_DELAY = 20_000;

/** What S3 says when it is asked again later (Amazon S3 API reference, "Error responses"). */
const TRANSIENT = /^(RequestTimeout|RequestTimeTooSkewed|InternalError|ServiceUnavailable)$/;
const THROTTLED = /^(SlowDown|Throttling|ThrottlingException|RequestLimitExceeded|503 SlowDown)$/;

const NO_BYTES = new Uint8Array();

/** Sends requests to S3 as the AWS SDK does: signed, tried again, and to the Region of the bucket. */
export class S3Requests {
  readonly #settings: S3Settings;
  readonly #credentials: Credentials;
  readonly #attempts: number;
  /** Of buckets in another Region than the function, learned by S3's redirects. */
  readonly #regions = new Map<string, string>();
  readonly #agents = new Map<string, Agent>();
  /** What S3's clock is ahead of ours, in milliseconds. */
  #skew = 0;

  /** @param attempts how often a request is sent at most; as AWS_MAX_ATTEMPTS */
  constructor(settings: S3Settings, credentials: Credentials, attempts = 3) {
    this.#settings = settings;
    this.#credentials = credentials;
    this.#attempts = attempts;
  }

  /**
   * The answer to a request that succeeded, its body still to be read.
   *
   * @throws S3Error, or what the network failed with
   */
  protected async send(request: S3Request): Promise<IncomingMessage> {
    let redirected = false;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(request, attempt);
      } catch (error) {
        if (error instanceof Redirected && !redirected) {
          redirected = true;
          attempt--;
          continue;
        }
        const cause = error instanceof Redirected ? error.cause : error;
        const delay = delayAfter(cause, attempt);
        if (delay === undefined || attempt >= this.#attempts) throw cause;
        await new Promise(resolve => setTimeout(resolve, delay));
      }
    }
  }

  async #attempt(request: S3Request, attempt: number): Promise<IncomingMessage> {
    const { region: home } = this.#settings;
    const region = this.#regions.get(request.bucket) ?? home;
    const address = addressOf(this.#settings, request.bucket, region);
    const answer = await this.#exchange(request, address, region, attempt);
    const { statusCode: status = 0, headers } = answer;
    if (status >= 200 && status < 300) return answer;
    const body = Buffer.concat((await answer.toArray()) as Buffer[]).toString('utf8');
    const error = readError(status, body);
    if (error.name === 'RequestTimeTooSkewed' && headers.date !== undefined) {
      this.#skew = Date.parse(headers.date) - Date.now();
    }
    const elsewhere = headers['x-amz-bucket-region'];
    const isRedirect = status === 301 || status === 307 || status === 400;
    if (isRedirect && typeof elsewhere === 'string' && elsewhere !== region) {
      this.#regions.set(request.bucket, elsewhere);
      throw new Redirected(error);
    }
    throw error;
  }

  async #exchange(
    { method, key, query, headers, bytes = NO_BYTES }: S3Request,
    { protocol, hostname, port, path: base }: BucketAddress,
    region: string,
    attempt: number,
  ): Promise<IncomingMessage> {
    const path = `${base}/${key.split('/').map(encode).join('/')}`;
    const search = queryString(query);
    const name = hostname.includes(':') ? `[${hostname}]` : hostname;
    const host = port === '' ? name : `${name}:${port}`;
    const all = {
      ...headers,
      host,
      'amz-sdk-request': `attempt=${attempt}; max=${this.#attempts}`,
    };
    const unsigned = { method, path, query, headers: all, body: bytes };
    const { request } = await transportOf(protocol);
    const sent = request({
      agent: await this.#agent(protocol),
      protocol,
      hostname,
      port,
      method,
      path: search === '' ? path : `${path}?${search}`,
      headers: {
        ...signed(unsigned, this.#credentials, region, Date.now() + this.#skew),
        ...traceHeader(process.env),
        'user-agent': USER_AGENT,
      },
    });
    return await answerTo(sent, bytes);
  }

  /** Connections are kept for the next request. */
  async #agent(protocol: BucketAddress['protocol']): Promise<Agent> {
    const { Agent } = await transportOf(protocol);
    const agent = this.#agents.get(protocol) ?? new Agent({ keepAlive: true });
    this.#agents.set(protocol, agent);
    return agent;
  }
}

/** AWS may read it in its logs of requests. */
const USER_AGENT = `bucket-brigade-function/1.0 ${process.env['AWS_EXECUTION_ENV'] ?? 'nodejs'}`;

/** What the bucket is asked for again, in its Region. */
class Redirected extends Error {
  constructor(cause: S3Error) {
    super(cause.message, { cause });
  }
}

/** Only what is needed is loaded. */
async function transportOf(protocol: BucketAddress['protocol']) {
  return protocol === 'https:' ? await import('node:https') : await import('node:http');
}

/**
 * Tells S3 which invocation asks. By it Lambda finds functions that invoke themselves in a circle
 * (AWS Lambda developer guide, "Recursive loop detection": the AWS SDKs pass it on).
 */
function traceHeader(environment: NodeJS.ProcessEnv): Record<string, string> {
  const trace = environment['_X_AMZN_TRACE_ID'];
  return environment['AWS_LAMBDA_FUNCTION_NAME'] && trace ? { 'X-Amzn-Trace-Id': trace } : {};
}

async function answerTo(sent: ClientRequest, bytes: Uint8Array): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    sent.once('response', resolve);
    sent.once('error', reject);
    sent.end(bytes);
  });
}

/** How long to wait before the next attempt; undefined where it would end as this one did. */
function delayAfter(error: unknown, attempt: number): number | undefined {
  const wait = (base: number): number =>
    Math.random() * Math.min(MAX_DELAY, base * 2 ** (attempt - 1));
  // Whatever the network fails with may be over at the next try.
  if (!(error instanceof S3Error)) return wait(BASE_DELAY);
  const { status, name } = error;
  if (status === 503 || status === 429 || THROTTLED.test(name)) return wait(THROTTLED_DELAY);
  return status >= 500 || TRANSIENT.test(name) ? wait(BASE_DELAY) : undefined;
}
