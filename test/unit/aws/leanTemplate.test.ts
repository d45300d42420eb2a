import { createHash, createHmac } from 'node:crypto';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { expect, it } from 'vitest';
import { learnTemplate, type SignedRequest } from '../../../src/aws/leanRequests/template.ts';

/** Node's digests as the SDK's signer takes them. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Buffer);
  }
  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
  reset(): void {
    throw new Error('Never used twice');
  }
}

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const NOW = new Date('2026-11-30T12:00:00Z');

it('signs parameters in the order of their names, also where one begins another', async () => {
  const query = { 'part-number': '2', part: '1', 'x-id': 'UploadPart', é: 'ü' };
  const signer = new SignatureV4({
    ...{ credentials: CREDENTIALS, region: 'us-east-1', service: 's3', sha256: Sha256 },
    ...{ uriEscapePath: false, applyChecksum: true },
  });
  const request = new HttpRequest({
    ...{ method: 'GET', protocol: 'http:', hostname: 'h', path: '/b/a%20b', query },
    headers: { host: 'h', 'amz-sdk-request': 'attempt=1; max=3' },
  });
  const sample = (await signer.sign(request, { signingDate: NOW })) as SignedRequest;
  const lean = { bucket: 'b', key: 'a b', query, command: () => ({ input: {} }) };
  const template = learnTemplate(sample, lean);
  const { headers = {} } = template?.sign(lean, CREDENTIALS, NOW.getTime()) ?? {};
  expect(headers['authorization']).toBe(sample.headers['authorization']);
});
