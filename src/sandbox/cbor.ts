import { serializationError } from './input.ts';
import type { OutputValue } from './output.ts';
import { Double, OutputMap, Timestamp } from './output.ts';

/**
 * CBOR (RFC 8949) as far as the Smithy RPC v2 protocol uses it. No library is taken for it: Smithy's tests
 * of the protocol want a server to read strings of indefinite length, which cborg refuses, as it bounds
 * no depth; and the SDK's own, which clients speak, would be no independent witness.
 */

const MAX_NESTED = 64;
/** The argument that announces an indefinite length, and the byte that ends it. */
const INDEFINITE = 31;
const BREAK = 0xff;
const EPOCH_TAG = 1;

/**
 * Reads one item that fills the bytes; a tagged time becomes a Date.
 * @throws AwsError SerializationException when it is malformed
 */
export function decodeCbor(bytes: Buffer): unknown {
  const reader = new Reader(bytes);
  const value = reader.item(0);
  if (!reader.ended) throw malformed();
  return value;
}

class Reader {
  private readonly bytes: Buffer;
  private position = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get ended(): boolean {
    return this.position === this.bytes.length;
  }

  item(depth: number): unknown {
    if (depth > MAX_NESTED) throw malformed();
    const first = this.take(1)[0] ?? 0;
    const [major, info] = [first >> 5, first & 31];
    switch (major) {
      case 0:
        return this.argument(info);
      case 1:
        return -1 - this.argument(info);
      case 2:
        return Buffer.concat(this.pieces(major, info));
      case 3:
        return Buffer.concat(this.pieces(major, info)).toString('utf8');
      case 4:
        return [...this.items(info, depth)];
      case 5:
        return this.map(info, depth);
      case 6:
        return this.tagged(this.argument(info), depth);
      default:
        return this.simple(info);
    }
  }

  private take(count: number): Buffer {
    const end = this.position + count;
    if (end > this.bytes.length) throw malformed();
    const piece = this.bytes.subarray(this.position, end);
    this.position = end;
    return piece;
  }

  private argument(info: number): number {
    if (info < 24) return info;
    if (info === 24) return this.take(1).readUInt8();
    if (info === 25) return this.take(2).readUInt16BE();
    if (info === 26) return this.take(4).readUInt32BE();
    if (info === 27) return Number(this.take(8).readBigUInt64BE());
    throw malformed();
  }

  private pieces(major: number, info: number): Buffer[] {
    if (info !== INDEFINITE) return [this.take(this.argument(info))];
    const pieces: Buffer[] = [];
    while (!this.broken()) {
      const first = this.take(1)[0] ?? 0;
      if (first >> 5 !== major) throw malformed();
      pieces.push(this.take(this.argument(first & 31)));
    }
    return pieces;
  }

  private *items(info: number, depth: number, each = 1): Generator {
    const count = info === INDEFINITE ? Infinity : this.argument(info) * each;
    for (let index = 0; index < count; index += 1) {
      if (info === INDEFINITE && this.broken()) return;
      yield this.item(depth + 1);
    }
  }

  private map(info: number, depth: number): Record<string, unknown> {
    const flat = [...this.items(info, depth, 2)];
    if (flat.length % 2 === 1) throw malformed();
    const entries: [string, unknown][] = [];
    for (let index = 0; index < flat.length; index += 2) {
      const key = flat[index];
      if (typeof key !== 'string') throw malformed();
      entries.push([key, flat[index + 1]]);
    }
    return Object.fromEntries(entries);
  }

  private tagged(tag: number, depth: number): unknown {
    const value = this.item(depth + 1);
    if (tag !== EPOCH_TAG || typeof value !== 'number') throw malformed();
    return new Date(value * 1000);
  }

  private simple(info: number): unknown {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22 || info === 23) return undefined;
    if (info === 25) return halfFloat(this.take(2).readUInt16BE());
    if (info === 26) return this.take(4).readFloatBE();
    if (info === 27) return this.take(8).readDoubleBE();
    throw malformed();
  }

  private broken(): boolean {
    if (this.bytes[this.position] !== BREAK) return false;
    this.position += 1;
    return true;
  }
}

/** RFC 8949, appendix D. */
function halfFloat(half: number): number {
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  const sign = half & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function malformed(): Error {
  return serializationError('The CBOR body');
}

/** Writes a value; absent members of structures are left out. */
export function encodeCbor(value: OutputValue): Buffer {
  const writer = new Writer();
  writer.value(value);
  return writer.bytes();
}

class Writer {
  private buffer = Buffer.allocUnsafe(64 * 1024);
  private length = 0;

  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  value(value: OutputValue): void {
    if (typeof value === 'number') this.number(value);
    else if (typeof value === 'string') this.text(value);
    else if (typeof value === 'boolean') this.head(7, value ? 21 : 20);
    else if (value instanceof Double) this.double(value.value);
    else if (value instanceof Timestamp) this.time(value);
    else if (isList(value)) this.list(value);
    else if (value instanceof OutputMap) this.entries(value.entries);
    else if (value === undefined) this.head(7, 22);
    else this.entries(Object.entries(value).filter(([, member]) => member !== undefined));
  }

  private number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      if (value < 0) this.head(1, -1 - value);
      else this.head(0, value);
      return;
    }
    this.double(value);
  }

  private double(value: number): void {
    this.reserve(9);
    this.buffer[this.length] = 0xfb;
    this.buffer.writeDoubleBE(value, this.length + 1);
    this.length += 9;
  }

  private text(value: string): void {
    const bytes = Buffer.from(value);
    this.head(3, bytes.length);
    this.reserve(bytes.length);
    this.length += bytes.copy(this.buffer, this.length);
  }

  private time({ seconds }: Timestamp): void {
    this.head(6, EPOCH_TAG);
    this.double(seconds);
  }

  private list(values: readonly OutputValue[]): void {
    this.head(4, values.length);
    for (const value of values) this.value(value);
  }

  private entries(entries: readonly (readonly [string, OutputValue])[]): void {
    this.head(5, entries.length);
    for (const [name, value] of entries) {
      this.text(name);
      this.value(value);
    }
  }

  private head(major: number, argument: number): void {
    this.reserve(9);
    const { buffer } = this;
    const type = major << 5;
    if (argument < 24) {
      this.length = buffer.writeUInt8(type | argument, this.length);
    } else if (argument < 0x1_0000) {
      this.length = buffer.writeUInt8(type | 25, this.length);
      this.length = buffer.writeUInt16BE(argument, this.length);
    } else if (argument < 0x1_0000_0000) {
      this.length = buffer.writeUInt8(type | 26, this.length);
      this.length = buffer.writeUInt32BE(argument, this.length);
    } else {
      this.length = buffer.writeUInt8(type | 27, this.length);
      this.length = buffer.writeBigUInt64BE(BigInt(argument), this.length);
    }
  }

  private reserve(count: number): void {
    if (this.length + count <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + count));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

function isList(value: OutputValue): value is readonly OutputValue[] {
  return Array.isArray(value);
}
