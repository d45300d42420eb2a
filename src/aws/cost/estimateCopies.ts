import { costLine, sumOf, timeAt, type CostLine, type Estimate } from './estimate.ts';
import type { Prices } from './prices.ts';

/** Looks at the original, its place, and the copy; in a move at the original again. */
const LOOKS = 3;
/** Objects a second that requests of this computer are taken to manage. */
const DIRECT_RATE = 200;

/**
 * What it costs to copy or move objects by requests of this computer: CopyObject at the price of S3
 * Standard, and the looks; DELETE is free. What a storage class asks for retrieval, an early deletion
 * or for bytes to another Region comes on top.
 */
export function estimateCopies(objects: number, moves: boolean, prices: Prices): Estimate {
  const looks = moves ? LOOKS + 1 : LOOKS;
  const lines: CostLine[] = [
    costLine('requests', objects, {
      ...{ prices, name: 'putThousandRequests', per: 1000, api: 'CopyObject' },
    }),
    costLine('requests', looks * objects, {
      ...{ prices, name: 'getThousandRequests', per: 1000, api: 'HeadObject' },
    }),
  ];
  const time = timeAt(objects, DIRECT_RATE, 'direct');
  return { lines, dollars: sumOf(lines), time, notCounted: ['data', 'storageMinimum'] };
}
