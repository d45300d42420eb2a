/** Pieces of ASN.1 in DER (ITU-T X.690), as far as certificates need them. */

/** One value: its tag, its length and its contents. */
export function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

function lengthOf(length: number): Buffer {
  if (length < 128) return Buffer.from([length]);
  const bytes = Buffer.from(length.toString(16).padStart(length < 256 ? 2 : 4, '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

export const sequence = (...items: readonly Buffer[]): Buffer => der(0x30, ...items);
export const octets = (content: Buffer): Buffer => der(0x04, content);
/** @param unused how many of the last byte's bits don't count */
export const bits = (content: Buffer, unused = 0): Buffer =>
  der(0x03, Buffer.from([unused]), content);
export const yes = der(0x01, Buffer.from([0xff]));

/** A positive whole number of so many bytes. */
export function integer(bytes: Buffer): Buffer {
  const first = bytes[0] ?? 0;
  return der(0x02, first > 127 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** @param dotted such as `2.5.29.17` */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const bytes = [value & 127];
  for (let left = value >> 7; left > 0; left >>= 7) bytes.unshift((left & 127) | 128);
  return bytes;
}

/** UTCTime, which is for years up to 2049 (RFC 5280, 4.1.2.5). */
export function utcTime(time: Date): Buffer {
  const text = time.toISOString().replace(/[-:T]|\.\d+/g, '');
  return der(0x17, Buffer.from(text.slice(2), 'latin1'));
}
