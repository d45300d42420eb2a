import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { bits, der, integer, octets, oid, sequence, utcTime, yes } from './der.ts';

interface Keys {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const DAY = 86_400_000;
const ECDSA_WITH_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));
const AUTHORITY_NAME = nameOf('Bucket Brigade sandbox');
/** A bucket's name is a host's: who asks for many may not fill the memory. */
const MAX_HOSTS = 500;

/**
 * Certificates for AWS's host names (X.509, RFC 5280), by an authority that is created for each
 * sandbox, whose key leaves this process never, and which is good for amazonaws.com only: whoever
 * trusts it by mistake trusts it with nothing else.
 */
export class Certificates {
  /** The authority's certificate in PEM, for those who are to trust it. */
  readonly authority: string;
  private readonly authorityKeys = newKeys();
  private readonly hostKeys = newKeys();
  private readonly contexts = new Map<string, SecureContext>();

  constructor() {
    this.authority = this.certificate(AUTHORITY_NAME, this.authorityKeys.publicKey, [
      extension('2.5.29.19', sequence(yes), true),
      // keyCertSign
      extension('2.5.29.15', bits(Buffer.from([0x04]), 2), true),
      extension('2.5.29.30', sequence(der(0xa0, sequence(dnsName('amazonaws.com')))), true),
      extension('2.5.29.14', octets(keyId(this.authorityKeys.publicKey))),
    ]);
  }

  /** What a server of this name shows. */
  contextFor(host: string): SecureContext {
    const known = this.contexts.get(host);
    if (known !== undefined) return known;
    if (this.contexts.size >= MAX_HOSTS) this.contexts.clear();
    const context = createSecureContext({
      cert: this.hostCertificate(host),
      key: this.hostKeys.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    });
    this.contexts.set(host, context);
    return context;
  }

  private hostCertificate(host: string): string {
    // A common name has at most 64 characters, and nobody reads it where there are alternative names.
    return this.certificate(nameOf('amazonaws.com'), this.hostKeys.publicKey, [
      extension('2.5.29.17', sequence(dnsName(host))),
      // digitalSignature, serverAuth
      extension('2.5.29.15', bits(Buffer.from([0x80]), 7), true),
      extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))),
    ]);
  }

  private certificate(
    subject: Buffer,
    publicKey: KeyObject,
    extensions: readonly Buffer[],
  ): string {
    const now = Date.now();
    const authority = extension(
      '2.5.29.35',
      sequence(der(0x80, keyId(this.authorityKeys.publicKey))),
    );
    const content = sequence(
      der(0xa0, integer(Buffer.from([2]))),
      integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
      ECDSA_WITH_SHA256,
      AUTHORITY_NAME,
      sequence(utcTime(new Date(now - DAY)), utcTime(new Date(now + 365 * DAY))),
      subject,
      publicKey.export({ type: 'spki', format: 'der' }),
      der(0xa3, sequence(...extensions, authority)),
    );
    const signature = sign('sha256', content, this.authorityKeys.privateKey);
    return pem(sequence(content, ECDSA_WITH_SHA256, bits(signature)));
  }
}

function newKeys(): Keys {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function nameOf(commonName: string): Buffer {
  return sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(commonName)))));
}

const dnsName = (name: string): Buffer => der(0x82, Buffer.from(name, 'latin1'));

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [yes] : []), octets(value));
}

function keyId(publicKey: KeyObject): Buffer {
  return createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
