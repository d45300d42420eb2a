/**
 * What AWS charges, in US dollars, in US East (N. Virginia). Other Regions differ: the setting
 * `bucketBrigade.cost.prices` takes one's own. Nothing here is ever charged by: estimates only.
 */

/** The month in which the prices below were looked up. */
export const PRICES_AS_OF = '2026-11';

/**
 * Sources: [S3] aws.amazon.com/s3/pricing, [LAMBDA] aws.amazon.com/lambda/pricing. Names say per how
 * many. Not here, and said so in an estimate: what a job's bytes cost (retrieval, transfer between
 * Regions, checksums, storage), KMS requests and the free tier.
 */
export const DEFAULT_PRICES = {
  /** [S3] "Management & insights", Batch Operations. */
  batchJob: 0.25,
  batchMillionObjects: 1,
  /** [S3] The same place: objects in the bucket of which S3 makes the manifest. */
  generatorMillionObjects: 0.015,
  /** [S3] "Requests & data retrievals", S3 Standard: PUT, COPY, POST, LIST. */
  putThousandRequests: 0.005,
  /** [S3] The same place: GET, HEAD and all other requests. */
  getThousandRequests: 0.0004,
  /** [S3] PUT and COPY into the other storage classes. */
  putThousandStandardIa: 0.01,
  putThousandOneZoneIa: 0.01,
  putThousandIntelligentTiering: 0.005,
  putThousandGlacierInstantRetrieval: 0.02,
  putThousandGlacier: 0.03,
  putThousandDeepArchive: 0.05,
  /** [S3] Restore requests of S3 Glacier Flexible Retrieval; jobs make no expedited ones. */
  restoreThousandStandard: 0.05,
  restoreThousandBulk: 0,
  /** [S3] Restores of one's own: expedited ones, those of S3 Glacier Deep Archive, and by the GB. */
  restoreThousandExpedited: 10,
  restoreThousandDeepStandard: 0.1,
  restoreThousandDeepBulk: 0.025,
  restoreGigabyteExpedited: 0.03,
  restoreGigabyteStandard: 0.01,
  restoreGigabyteBulk: 0,
  restoreGigabyteDeepStandard: 0.02,
  restoreGigabyteDeepBulk: 0.0025,
  /** [S3] Storage in S3 Standard, first 50 TB: of the copies that a restore makes. */
  standardGigabyteMonth: 0.023,
  /** [LAMBDA] Requests, and duration by architecture, first tier; the free tier is not counted. */
  lambdaMillionRequests: 0.2,
  lambdaGigabyteSecondX86: 0.0000166667,
  lambdaGigabyteSecondArm: 0.0000133334,
} as const;

export type PriceName = keyof typeof DEFAULT_PRICES;

export type Prices = Readonly<Record<PriceName, number>>;

/**
 * The table with a user's own prices in it.
 *
 * @param own of the setting: what is no price, or of no known name, is left out.
 */
export function pricesWith(own: unknown): Prices {
  if (typeof own !== 'object' || own === null) return DEFAULT_PRICES;
  const known = Object.entries(own).filter(
    ([name, price]) => name in DEFAULT_PRICES && isPrice(price),
  );
  return { ...DEFAULT_PRICES, ...Object.fromEntries(known) };
}

function isPrice(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
