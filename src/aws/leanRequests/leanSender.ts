import type { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { HttpRequest } from '@smithy/core/protocols';
import { getSmithyContext } from '@smithy/core/transport';
import {
  expectedAnswer,
  type ExpectedAnswer,
  type OperationSchema,
} from '../answers/expectedAnswer.ts';
import { validatorOf } from '../answers/validateAnswers.ts';
import { readText, type Response } from '../answers/responseBody.ts';
import { raceAbort, type CallOptions } from '../call.ts';
import type { LeanAnswer, LeanRequest, S3Command } from './leanRequest.ts';
import { learnTemplate, type SignedRequest, type Template } from './template.ts';

const senders = new WeakMap<S3Client, LeanSender>();

/** One for each client: what it has learned is for all. */
export function senderOf(client: S3Client): LeanSender {
  const sender = senders.get(client) ?? new LeanSender(client);
  senders.set(client, sender);
  return sender;
}

/** Milliseconds after a SlowDown in which the SDK sends: it waits and asks less. */
const REST_MS = 5000;
/** Requests whose template could not be learned before no more are tried. */
const MAX_SAMPLES = 5;

interface Handler {
  handle(request: HttpRequest, options: object): Promise<{ response: Response }>;
}

interface Known {
  readonly template: Template;
  readonly expected: ExpectedAnswer;
}

/** Sends the requests of a client that don't go by the SDK. */
class LeanSender {
  readonly #client: S3Client;
  readonly #known = new Map<string, Known>();
  readonly #failures = new Map<string, number>();
  /** The first requests of their kinds, until they are sent. */
  readonly #firsts = new Map<string, Promise<undefined>>();
  #restUntil = 0;

  constructor(client: S3Client) {
    this.#client = client;
  }

  /** A proven success; undefined where the SDK has to send it. */
  async send(
    id: string,
    request: LeanRequest,
    { signal }: CallOptions,
  ): Promise<LeanAnswer | undefined> {
    const known = await this.#knownOf(id, signal);
    if (!known) return undefined;
    const signed = await this.#sign(known, request, signal);
    try {
      const sent = { ...signed, query: { ...signed.query }, headers: { ...signed.headers } };
      const handler: Handler = this.#client.config.requestHandler;
      const { response } = await handler.handle(new HttpRequest(sent), { abortSignal: signal });
      return await this.#prove(signed, response, known);
    } catch (error) {
      if (signal?.aborted) throw error;
      return undefined;
    }
  }

  /** How requests of a kind look; undefined while nobody knows, or where the SDK has to send them. */
  async #knownOf(id: string, signal: AbortSignal | undefined): Promise<Known | undefined> {
    const first = this.#firsts.get(id);
    if (first) await raceAbort(first, signal);
    return Date.now() < this.#restUntil ? undefined : this.#known.get(id);
  }

  async #sign(
    { template }: Known,
    request: LeanRequest,
    signal: AbortSignal | undefined,
  ): Promise<SignedRequest> {
    const { config } = this.#client;
    const credentials = await raceAbort(config.credentials(), signal);
    return template.sign(request, credentials, Date.now() + config.systemClockOffset);
  }

  #noteRefusal(status: number): void {
    if (status === 503 || status === 429) this.#restUntil = Date.now() + REST_MS;
  }

  async #prove(
    { hostname, port, method }: SignedRequest,
    response: Response,
    { expected }: Known,
  ): Promise<LeanAnswer | undefined> {
    const { statusCode: status, headers } = response;
    if (status < 200 || status > 299) {
      this.#noteRefusal(status);
      await readText(response);
      return undefined;
    }
    const host = port === undefined ? hostname : `${hostname}:${port}`;
    await validatorOf(this.#client)?.({ host, method, response, expected });
    // A late error was made one of these.
    if (response.statusCode !== status) return undefined;
    return { status, headers, body: response.body };
  }

  /** By the SDK; what it sends is learned from as soon as it is sent: others wait for no more than that. */
  async sendBySdk(id: string, request: LeanRequest, { signal }: CallOptions): Promise<unknown> {
    const command = request.command();
    const learns =
      validatorOf(this.#client) !== undefined &&
      ![...this.#known.keys(), ...this.#firsts.keys()].includes(id) &&
      (this.#failures.get(id) ?? 0) < MAX_SAMPLES;
    const options = { abortSignal: signal };
    if (!learns) return await this.#client.send(command as never, options);
    const sent = Promise.withResolvers<undefined>();
    this.#firsts.set(id, sent.promise);
    try {
      onSend(command, sample => {
        this.#learn(id, request, sample);
        sent.resolve(undefined);
      });
      return await this.#client.send(command as never, options);
    } catch (error) {
      // Nothing is known of how it should have been sent.
      this.#known.delete(id);
      throw error;
    } finally {
      this.#firsts.delete(id);
      sent.resolve(undefined);
    }
  }

  /** The last time where it is sent again: a second try is no sample. */
  #learn(id: string, request: LeanRequest, { sample, schema }: Sample): void {
    const template = learnTemplate(sample, request);
    if (template) {
      const expected = expectedAnswer(schema, this.#client.config.protocol.getShapeId());
      this.#known.set(id, { template, expected });
    } else {
      this.#known.delete(id);
      this.#failures.set(id, (this.#failures.get(id) ?? 0) + 1);
    }
  }
}

interface Sample {
  readonly sample: SignedRequest;
  readonly schema: OperationSchema;
}

/** Tells what is sent for a command, each time. */
function onSend(command: S3Command, tell: (sample: Sample) => void): void {
  // Every command has such a stack; only the types of what goes through it differ.
  const { middlewareStack } = command as unknown as Pick<GetObjectCommand, 'middlewareStack'>;
  middlewareStack.add(
    (next, context) => async args => {
      const { operationSchema } = getSmithyContext(context);
      tell({ sample: args.request as SignedRequest, schema: operationSchema as OperationSchema });
      return await next(args);
    },
    { step: 'deserialize', priority: 'low', name: 'learnRequest' },
  );
}
