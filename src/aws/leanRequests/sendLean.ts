import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import type { CallOptions } from '../call.ts';
import { BrigadeError } from '../errors.ts';
import type { LeanAnswer, LeanRequest } from './leanRequest.ts';
import type { SinkedBody } from './bodySink.ts';
import { senderOf } from './leanSender.ts';

/** What an answer means, whichever way it came. */
export interface Readers<Output, Result> {
  /** Undefined for an answer that only the SDK can read: it is then asked again by it. */
  readonly lean: (answer: LeanAnswer) => Promise<Result | undefined> | Result | undefined;
  readonly sdk: (output: Output) => Promise<Result> | Result;
}

/**
 * Sends a request at a fraction of the SDK's work for it. The first of its kind to a bucket goes by the
 * SDK, and how it looks is learned (`learnTemplate`); the others are made and signed from that, and sent
 * by the client's own handler. What is answered with anything but success is sent again by the SDK,
 * which knows what to do about it, as are requests in the seconds after S3 has asked for less: errors
 * and retries are the SDK's own. Answers are proven as the SDK's are.
 *
 * @param kind of the request: its operation, and what makes its requests differ in shape
 * @throws what the SDK throws
 */
export async function sendLean<Output, Result>(
  client: S3Client,
  kind: string,
  request: LeanRequest,
  readers: Readers<Output, Result>,
  options: CallOptions = {},
): Promise<Result> {
  const sender = senderOf(client);
  const id = JSON.stringify([kind, request.bucket]);
  const answer = await sender.send(id, request, options);
  const result = answer && (await readers.lean(answer));
  if (result !== undefined) return result;
  return await readers.sdk((await sender.sendBySdk(id, request, options)) as Output);
}

/**
 * Reads a part of an object into a sink.
 *
 * @param request with a `range` of so many bytes
 * @throws what the SDK and the sink throw; BrigadeError `Network` where more or less has come
 */
export async function receiveLean(
  client: S3Client,
  kind: string,
  request: LeanRequest,
  body: SinkedBody,
  options: CallOptions = {},
): Promise<void> {
  const readers: Readers<GetObjectCommandOutput, AsyncIterable<Uint8Array>> = {
    lean: answer => answer.body as AsyncIterable<Uint8Array>,
    sdk: output => output.Body as AsyncIterable<Uint8Array>,
  };
  await pour(await sendLean(client, kind, request, readers, options), body);
}

/** Copies what comes into a sink. */
async function pour(from: AsyncIterable<Uint8Array>, { bytes, sink }: SinkedBody): Promise<void> {
  let left = bytes;
  for await (const chunk of from) {
    left -= chunk.length;
    if (left < 0) break;
    for (let at = 0; at < chunk.length;) {
      const room = sink.room();
      const some = chunk.subarray(at, at + room.length);
      room.set(some);
      at += some.length;
      await sink.take(some.length);
    }
  }
  if (left !== 0) {
    throw new BrigadeError('Network', 'The answer is not as long as it should be');
  }
}

/** An answer that S3 has given in full, as a buffer. @throws where the connection broke */
export async function wholeBody({ body }: LeanAnswer): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0);
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.length);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return chunks.length === 1 ? Buffer.from(chunks[0] as Uint8Array) : Buffer.concat(chunks);
}
