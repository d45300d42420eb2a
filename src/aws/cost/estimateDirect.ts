import { costLine, sumOf, timeAt, type CostLine, type Estimate } from './estimate.ts';
import type { Prices } from './prices.ts';

/**
 * Objects a second that direct requests are taken to manage: some 30 at a time of 50 ms for each of two
 * requests. S3 itself takes 3,500 writes a second below each prefix.
 */
const DIRECT_RATE = 300;

/** Reads the tags, writes them, and reads them back (`src/aws/tagChanges/`). */
const READS = 2;

/**
 * What it costs to change the tags of objects by requests of this computer, without a job: the same
 * requests, but no fee for the job and its objects.
 */
export function estimateDirect(objects: number, prices: Prices, rate = DIRECT_RATE): Estimate {
  const reads = {
    prices,
    name: 'getThousandRequests',
    per: 1000,
    api: 'GetObjectTagging',
  } as const;
  const writes = {
    prices,
    name: 'putThousandRequests',
    per: 1000,
    api: 'PutObjectTagging',
  } as const;
  const lines: CostLine[] = [
    costLine('requests', READS * objects, reads),
    costLine('requests', objects, writes),
  ];
  return { lines, dollars: sumOf(lines), time: timeAt(objects, rate, 'direct'), notCounted: [] };
}
