import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** `20260131/us-east-1/s3/aws4_request` without its date: where a signature counts. */
export interface SigningScope {
  readonly region: string;
  readonly service: string;
}

/** What is signed, as it is sent. */
export interface Signable {
  readonly method: string;
  /** Encoded as it is sent: S3's paths are signed without being encoded again. */
  readonly path: string;
  /** Encoded and in order. */
  readonly query: string;
  /** In lower case; all are signed whose names are in `signed`. */
  readonly headers: Readonly<Record<string, string>>;
  /** In order. */
  readonly signed: readonly string[];
  /** SHA-256 of the body, in hex, or what stands for it. */
  readonly bodyHash: string;
}

/**
 * Signs requests of one scope by Signature Version 4 (AWS IAM user guide, "Create a signed AWS API
 * request"). The key of a day is derived once.
 */
export class SigningKey {
  readonly #scope: SigningScope;
  #derived: { readonly secret: string; readonly day: string; readonly key: KeyObject } | undefined;

  constructor(scope: SigningScope) {
    this.#scope = scope;
  }

  /** The `authorization` header. @param date `20260131T235959Z`, as in `x-amz-date` */
  authorization(signable: Signable, credentials: SigningCredentials, date: string): string {
    const { method, path, query, headers, signed, bodyHash } = signable;
    const day = date.slice(0, 8);
    const scope = `${day}/${this.#scope.region}/${this.#scope.service}/aws4_request`;
    const names = signed.join(';');
    const lines = signed.map(name => `${name}:${normalizedValue(headers[name] ?? '')}\n`).join('');
    const canonical = `${method}\n${path}\n${query}\n${lines}\n${names}\n${bodyHash}`;
    const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash('sha256', canonical)}`;
    const key = this.#keyOf(credentials.secretAccessKey, day);
    const signature = createHmac('sha256', key).update(text).digest('hex');
    return (
      `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, ` +
      `SignedHeaders=${names}, Signature=${signature}`
    );
  }

  #keyOf(secret: string, day: string): KeyObject {
    if (this.#derived?.secret !== secret || this.#derived.day !== day) {
      const { region, service } = this.#scope;
      const key = [day, region, service, 'aws4_request'].reduce<Buffer>(
        (above, part) => createHmac('sha256', above).update(part).digest(),
        Buffer.from(`AWS4${secret}`),
      );
      // Node takes six times as long with a key in a buffer.
      this.#derived = { secret, day, key: createSecretKey(key) };
    }
    return this.#derived.key;
  }
}

/** As the SDK's signer writes a value that it signs. */
function normalizedValue(value: string): string {
  return value
    .replace(/[\r\n]/g, ' ')
    .replace(/[ \t]+/g, ' ')
    .replace(/^ | $/g, '');
}
