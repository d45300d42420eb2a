import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { RequestBody } from '../../../src/sandbox/requestBody.ts';

it('keeps nothing more of a body once it is too long', async () => {
  const incoming = Object.assign(new PassThrough(), { headers: {}, complete: false });
  const body = new RequestBody(incoming as unknown as IncomingMessage, () => undefined);
  const bytes = body.bytes(1000);
  incoming.write(Buffer.alloc(80_000));
  await expect(bytes).rejects.toMatchObject({ code: 'MaxMessageLengthExceeded' });
  expect(incoming.listenerCount('data')).toBe(0);
});
