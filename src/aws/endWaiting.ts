import type { S3Client } from '@aws-sdk/client-s3';
import { raceAbort } from './call.ts';

/**
 * Has a client's calls end with their signal even while they wait for credentials, which the SDK
 * gets without one; others may wait for the same credentials, so they are still got.
 */
export function endWaiting<T extends { destroy(): void }>(client: T): T {
  // Every client sends like this; only the types of its commands differ.
  const sender = client as unknown as Pick<S3Client, 'send'>;
  const send = sender.send.bind(client) as (
    command: unknown,
    options?: { readonly abortSignal?: AbortSignal },
  ) => Promise<unknown>;
  const abortableSend: typeof send = (command, options) =>
    raceAbort(send(command, options), options?.abortSignal);
  sender.send = abortableSend as S3Client['send'];
  return client;
}
