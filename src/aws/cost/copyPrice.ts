import type { PriceName, Prices } from './prices.ts';

const WRITES: Readonly<Record<string, PriceName>> = {
  STANDARD_IA: 'putThousandStandardIa',
  ONEZONE_IA: 'putThousandOneZoneIa',
  INTELLIGENT_TIERING: 'putThousandIntelligentTiering',
  GLACIER_IR: 'putThousandGlacierInstantRetrieval',
  GLACIER: 'putThousandGlacier',
  DEEP_ARCHIVE: 'putThousandDeepArchive',
};

/** The price of a copy into a storage class; STANDARD where none is named. */
export function copyPriceName(storageClass = 'STANDARD'): PriceName {
  return WRITES[storageClass] ?? 'putThousandRequests';
}

/** What it takes in requests to copy a thousand objects onto themselves: each is read, copied and read. */
export function rewritePrice(prices: Prices, storageClass: string): number {
  return prices[copyPriceName(storageClass)] + 2 * prices.getThousandRequests;
}
