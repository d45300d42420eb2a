import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { crc32InBase64 } from '../../../src/aws/leanRequests/template.ts';
import { combineCrc32, isComposite } from '../../../src/aws/transfers/checksums.ts';
import { rangeSizeFor } from '../../../src/aws/transfers/downloadInRanges.ts';
import { PartBuffers } from '../../../src/aws/transfers/partBuffers.ts';
import {
  AdaptiveLimiter,
  ByteBudget,
  forEachLimited,
  FixedLimiter,
} from '../../../src/aws/transfers/limiter.ts';
import { checksumOfBytes } from '../../../src/aws/transfers/readBack.ts';
import { storedChecksum } from '../../../src/aws/transfers/wholeObject.ts';
import { partSizeFor } from '../../../src/aws/transfers/uploadInParts.ts';

const MIB = 1024 * 1024;

describe('checksums of parts', () => {
  it('make that of the whole', () => {
    for (const [one, other] of [
      [0, 0],
      [0, 5],
      [7, 0],
      [1, 1],
      [1000, 65_537],
    ] as const) {
      const whole = randomBytes(one + other);
      const [first, second] = [whole.subarray(0, one), whole.subarray(one)];
      expect(combineCrc32(crc32(first), crc32(second), other)).toBe(crc32(whole));
    }
  });

  it('make the composite one', () => {
    const parts = ['a', 'b'].map(part => crc32InBase64(crc32(part)));
    const all = Buffer.concat(parts.map(part => Buffer.from(part, 'base64')));
    expect(isComposite(`${crc32InBase64(crc32(all))}-2`, parts)).toBe(true);
    expect(isComposite(`${crc32InBase64(crc32(all))}-3`, parts)).toBe(false);
    expect(isComposite(`${crc32InBase64(crc32('x'))}-2`, parts)).toBe(false);
  });
});

describe('the checksum that S3 keeps', () => {
  const head = (more: object): HeadObjectCommandOutput => ({ $metadata: {}, ...more });
  const md5 = createHash('md5').update('abc').digest();
  const ETag = `"${md5.toString('hex')}"`;

  it('is an ETag only where that is an MD5, and there is no other', () => {
    const value = md5.toString('base64');
    expect(storedChecksum(head({ ETag }))).toEqual({ algorithm: 'MD5', value });
    for (const more of [
      { ETag: `"${md5.toString('hex')}-2"` },
      { ETag, ServerSideEncryption: 'aws:kms' },
      { ETag, ServerSideEncryption: 'aws:kms:dsse' },
      { ETag, SSECustomerAlgorithm: 'AES256' },
      { ETag: undefined },
    ]) {
      expect(storedChecksum(head(more))).toBeUndefined();
    }
    const other = head({ ETag, ServerSideEncryption: 'AES256', ChecksumSHA1: 'x' });
    expect(storedChecksum(other)).toEqual({ algorithm: 'SHA1', value: 'x' });
  });

  it.each([
    ['CRC32', 'y/Q5Jg=='],
    ['CRC32C', '4waSgw=='],
    ['CRC64NVME', 'rosUhgp5mIg='],
    ['SHA1', '98O8HYCOBHMq32eZZczDTKeuNEE='],
    ['MD5', 'JfnnlDI7RTiF9RgfG2JNCw=='],
  ] as const)('%s is computed as it is defined', async (algorithm, value) => {
    // The check values of the catalogues, of “123456789”.
    expect(await checksumOfBytes(algorithm, Buffer.from('123456789'))).toBe(value);
  });
});

describe('sizes', () => {
  it('of parts keep to what S3 takes', () => {
    for (const size of [8 * MIB, 1024 * MIB, 100_000 * MIB, 5 * 1024 * 1024 * MIB]) {
      expect(Math.ceil(size / partSizeFor(size))).toBeLessThanOrEqual(10_000);
      expect(partSizeFor(size)).toBeGreaterThanOrEqual(8 * MIB);
    }
    expect(partSizeFor(1024 * MIB)).toBe(8 * MIB);
  });

  it('of ranges fit into parts', () => {
    for (const part of [5 * MIB, 8 * MIB, 17 * MIB, 64 * MIB, 5 * 1024 * MIB]) {
      expect(part % rangeSizeFor(part)).toBe(0);
      expect(rangeSizeFor(part)).toBeLessThanOrEqual(16 * MIB);
    }
    expect(rangeSizeFor(undefined)).toBe(16 * MIB);
  });
});

describe('limiter', () => {
  it('become more while more gets done by it, and no more than is allowed', async () => {
    let now = 0;
    const limiter = new AdaptiveLimiter(48, () => now);
    const items = Array.from({ length: 3000 }, (_, at) => at);
    await forEachLimited(items, limiter, async () => {
      await Promise.resolve();
      // On a line of latency alone, twice as many at a time get twice as much done.
      now += 80 / limiter.atATime;
    });
    expect(limiter.atATime).toBe(48);
  });

  it('stay few where more brings nothing', async () => {
    let now = 0;
    const limiter = new AdaptiveLimiter(48, () => now);
    await forEachLimited(Array.from({ length: 3000 }), limiter, async () => {
      await Promise.resolve();
      now += 10;
    });
    expect(limiter.atATime).toBe(16);
  });

  it('let no more than so many begin', async () => {
    let [running, most] = [0, 0];
    await forEachLimited(Array.from({ length: 50 }), new FixedLimiter(3), async () => {
      most = Math.max(most, ++running);
      await new Promise(resolve => setTimeout(resolve, 1));
      running -= 1;
    });
    expect(most).toBe(3);
  });

  it('keep memory within its budget, also for what is larger than it', async () => {
    const budget = new ByteBudget(10);
    let [held, most] = [0, 0];
    await Promise.all(
      [4, 4, 4, 25, 1].map(bytes =>
        budget.hold(bytes, async () => {
          held += Math.min(bytes, 10);
          most = Math.max(most, held);
          await new Promise(resolve => setTimeout(resolve, 1));
          held -= Math.min(bytes, 10);
        }),
      ),
    );
    expect(most).toBe(10);
  });
});

describe('memory of parts', () => {
  it('is used again by parts of the same length and shorter ones', async () => {
    const buffers = new PartBuffers();
    const first = await buffers.with(100, async buffer => Promise.resolve(buffer));
    expect(first).toHaveLength(100);
    const second = await buffers.with(60, async buffer => Promise.resolve(buffer));
    expect(second).toHaveLength(60);
    expect(second.buffer).toBe(first.buffer);
    const third = await buffers.with(200, async buffer => Promise.resolve(buffer));
    expect(third).toHaveLength(200);
    expect(third.buffer).not.toBe(first.buffer);
  });

  it('is no other part’s at the same time, nor that of a part that failed', async () => {
    const buffers = new PartBuffers();
    const used = new Set<ArrayBufferLike>();
    await buffers.with(100, async one => {
      used.add(one.buffer);
      await buffers.with(100, async other => Promise.resolve(used.add(other.buffer)));
    });
    expect(used.size).toBe(2);
    const seen: ArrayBufferLike[] = [];
    const fails = buffers.with(300, async buffer => {
      seen.push(buffer.buffer);
      return await Promise.reject(new Error('cut'));
    });
    await expect(fails).rejects.toThrow('cut');
    await buffers.with(300, async buffer => Promise.resolve(seen.push(buffer.buffer)));
    expect(new Set(seen).size).toBe(2);
  });
});
