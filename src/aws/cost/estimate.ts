import type { PriceName, Prices } from './prices.ts';

/** What something costs, with how it comes about. Nothing here loads the AWS SDK. */
export interface Estimate {
  /** Dollars are the sum of the lines. */
  readonly lines: readonly CostLine[];
  readonly dollars: number;
  readonly time: TimeEstimate;
  /** What costs too, but not by a price that is known here. */
  readonly notCounted: readonly NotCounted[];
}

/** `quantity` × `price` per `per` = `dollars`. */
export interface CostLine {
  readonly item: CostItem;
  readonly quantity: number;
  readonly price: number;
  /** For how many the price is: 1, 1,000, 1,000,000. */
  readonly per: number;
  readonly dollars: number;
  /** AWS's name of the request, where there is one: `PutObjectTagging`. */
  readonly api?: string;
}

export type CostItem =
  'job' | 'objects' | 'generator' | 'requests' | 'invocations' | 'gigabyteSeconds' | 'events';

export type NotCounted = 'data' | 'functionRequests' | 'kms' | 'storageMinimum' | 'ownPrice';

/** How long something takes at a rate. */
export interface TimeEstimate {
  readonly seconds: number;
  /** Objects a second. */
  readonly rate: number;
  /** Whence the rate: it was measured in an earlier job, or what AWS documents as the most. */
  readonly basis: 'measured' | 'prefixLimit' | 'concurrency' | 'direct';
}

/** A line of an estimate. @param per for how many `price` is */
export function costLine(
  item: CostItem,
  quantity: number,
  { prices, name, per, api }: { prices: Prices; name: PriceName; per: number; api?: string },
): CostLine {
  const price = prices[name];
  const dollars = (quantity / per) * price;
  return { item, quantity, price, per, dollars, ...(api !== undefined && { api }) };
}

export function sumOf(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}

export function timeAt(objects: number, rate: number, basis: TimeEstimate['basis']): TimeEstimate {
  return { seconds: objects / rate, rate, basis };
}
