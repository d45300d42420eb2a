import type { PriceName, Prices } from './prices.ts';

/** Archived objects of one class. */
export interface ObjectsToRestore {
  /** Of S3 Glacier Deep Archive; of Glacier Flexible Retrieval else. */
  readonly isDeep: boolean;
  /** A copy of each is stored in S3 Standard while it is restored; in Intelligent-Tiering there is none. */
  readonly makesCopy: boolean;
  readonly count: number;
  readonly bytes: number;
}

export interface RestoreCost {
  readonly requests: number;
  /** By the bytes that are retrieved. */
  readonly retrieval: number;
  /** Of the copies, for as long as they stay. */
  readonly storage: number;
  readonly dollars: number;
}

const GIB = 1024 ** 3;
const DAYS_OF_MONTH = 30;
type Tier = 'Expedited' | 'Standard' | 'Bulk';

const REQUESTS: Readonly<Record<Tier, readonly [flexible: PriceName, deep: PriceName]>> = {
  Expedited: ['restoreThousandExpedited', 'restoreThousandExpedited'],
  Standard: ['restoreThousandStandard', 'restoreThousandDeepStandard'],
  Bulk: ['restoreThousandBulk', 'restoreThousandDeepBulk'],
};
const RETRIEVAL: Readonly<Record<Tier, readonly [flexible: PriceName, deep: PriceName]>> = {
  Expedited: ['restoreGigabyteExpedited', 'restoreGigabyteExpedited'],
  Standard: ['restoreGigabyteStandard', 'restoreGigabyteDeepStandard'],
  Bulk: ['restoreGigabyteBulk', 'restoreGigabyteDeepBulk'],
};

/**
 * What it costs to restore archived objects. Standard and bulk retrievals of Intelligent-Tiering cost
 * nothing, expedited ones what they do of Glacier Flexible Retrieval (aws.amazon.com/s3/pricing).
 */
export function estimateRestore(
  groups: readonly ObjectsToRestore[],
  { tier, days }: { readonly tier: Tier; readonly days: number },
  prices: Prices,
): RestoreCost {
  let [requests, retrieval, storage] = [0, 0, 0];
  for (const { isDeep, makesCopy, count, bytes } of groups) {
    const which = isDeep ? 1 : 0;
    if (makesCopy || tier === 'Expedited') {
      requests += (count / 1000) * prices[REQUESTS[tier][which]];
      retrieval += (bytes / GIB) * prices[RETRIEVAL[tier][which]];
    }
    if (makesCopy) storage += (bytes / GIB) * prices.standardGigabyteMonth * (days / DAYS_OF_MONTH);
  }
  return { requests, retrieval, storage, dollars: requests + retrieval + storage };
}
