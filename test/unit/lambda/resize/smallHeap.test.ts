import { expect, it } from 'vitest';
import { freeing } from '../../../../lambda/resize/smallHeap.ts';

const MEGABYTE = 1024 ** 2;

async function* download(megabytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < megabytes * 16; at++) {
    yield Buffer.alloc(MEGABYTE / 16, at % 256);
    await Promise.resolve();
  }
}

/** How much more than before its buffers take at most while a download passes, and what passed. */
async function peakOf(chunks: AsyncIterable<Buffer>): Promise<{ peak: number; sum: number }> {
  const before = process.memoryUsage().arrayBuffers;
  let peak = 0;
  let sum = 0;
  for await (const chunk of chunks) {
    sum += chunk.reduce((all, byte) => all + byte, 0);
    peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
  }
  return { peak: peak / MEGABYTE, sum };
}

it('passes a download on unchanged and keeps little of it', async () => {
  const plain = await peakOf(download(64));
  const freed = await peakOf(freeing(download(64)));
  expect(freed.sum).toBe(plain.sum);
  expect(freed.peak).toBeLessThan(6);
});
