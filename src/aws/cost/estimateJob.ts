import type { JobOperation } from '../batchJobs/jobOperation.ts';
import { requestsOf } from '../batchJobs/operations/operations.ts';
import {
  costLine,
  sumOf,
  timeAt,
  type CostLine,
  type Estimate,
  type NotCounted,
  type TimeEstimate,
} from './estimate.ts';
import { copyPriceName } from './copyPrice.ts';
import type { PriceName, Prices } from './prices.ts';

export interface JobToEstimate {
  /** Undefined for one that is not known here: then only the job itself is counted. */
  readonly operation: JobOperation | undefined;
  readonly objects: number;
  /** Objects in the bucket of which S3 makes the manifest; absent where the job is given one. */
  readonly objectsSearched?: number;
  readonly invoked?: InvokedFunction;
  /** Functions that the job's writes set off by event notifications, and how often at most. */
  readonly events?: readonly InvokedFunction[];
  /** Tasks a second of an earlier job like it. */
  readonly measuredRate?: number;
}

/** A function and how long it runs. */
export interface InvokedFunction {
  readonly invocations: number;
  readonly megabytes: number;
  /** Seconds of an invocation. */
  readonly seconds: number;
  readonly architecture: 'x86_64' | 'arm64';
}

const MILLION = 1_000_000;

/** Requests that S3 takes a second below a prefix (user guide, "Optimizing Amazon S3 performance"). */
const PREFIX_RATES = { put: 3500, get: 5500 } as const;

/** What an account may run at once unless it asked for more (Lambda developer guide, "Quotas"). */
const CONCURRENCY = 1000;

/** Estimates a job's cost and its minimum duration, with the items that both consist of. */
export function estimateJob(job: JobToEstimate, prices: Prices): Estimate {
  const { objects, objectsSearched, operation, invoked, events = [] } = job;
  const lines: CostLine[] = [
    costLine('job', 1, { prices, name: 'batchJob', per: 1 }),
    costLine('objects', objects, { prices, name: 'batchMillionObjects', per: MILLION }),
    ...(objectsSearched === undefined
      ? []
      : [
          costLine('generator', objectsSearched, {
            ...{ prices, name: 'generatorMillionObjects', per: MILLION },
          }),
        ]),
    ...(operation === undefined ? [] : requestLines(operation, objects, prices)),
    ...(invoked === undefined ? [] : invocationLines(invoked, 'invocations', prices)),
    ...events.flatMap(each => invocationLines(each, 'events', prices)),
  ];
  return {
    lines,
    dollars: sumOf(lines),
    time: timeOf(job),
    notCounted: operation === undefined ? ['ownPrice'] : notCountedOf(operation),
  };
}

function requestLines(operation: JobOperation, objects: number, prices: Prices): CostLine[] {
  return requestsOf(operation).flatMap(({ api, tier }) => {
    const name = priceOf(operation, tier);
    return name === undefined
      ? []
      : [costLine('requests', objects, { prices, name, per: 1000, api })];
  });
}

/** The price of an operation's requests; undefined for what is free or not charged by request. */
function priceOf(operation: JobOperation, tier: 'put' | 'get' | 'none' | 'other') {
  if (operation.name === 'S3InitiateRestoreObject') {
    return RESTORES[operation.settings.GlacierJobTier ?? 'STANDARD'];
  }
  if (tier === 'get') return 'getThousandRequests';
  if (tier !== 'put') return undefined;
  const storageClass =
    operation.name === 'S3PutObjectCopy' ? operation.settings.StorageClass : undefined;
  return copyPriceName(storageClass);
}

const RESTORES: Readonly<Record<string, PriceName>> = {
  STANDARD: 'restoreThousandStandard',
  BULK: 'restoreThousandBulk',
};

function invocationLines(
  { invocations, megabytes, seconds, architecture }: InvokedFunction,
  item: 'invocations' | 'events',
  prices: Prices,
): CostLine[] {
  const used = invocations * seconds * (megabytes / 1024);
  const name = architecture === 'arm64' ? 'lambdaGigabyteSecondArm' : 'lambdaGigabyteSecondX86';
  return [
    costLine(item, invocations, { prices, name: 'lambdaMillionRequests', per: MILLION }),
    costLine('gigabyteSeconds', used, { prices, name, per: 1 }),
  ];
}

/** A lower bound: AWS guarantees no rate, and jobs of a higher priority run first. */
function timeOf({ operation, objects, invoked, measuredRate }: JobToEstimate): TimeEstimate {
  if (measuredRate !== undefined) return timeAt(objects, measuredRate, 'measured');
  if (invoked !== undefined) {
    return timeAt(objects, CONCURRENCY / Math.max(0.001, invoked.seconds), 'concurrency');
  }
  const reads = operation?.name === 'S3ComputeObjectChecksum';
  return timeAt(objects, reads ? PREFIX_RATES.get : PREFIX_RATES.put, 'prefixLimit');
}

function notCountedOf(operation: JobOperation): NotCounted[] {
  switch (operation.name) {
    case 'LambdaInvoke':
      return ['functionRequests'];
    case 'S3PutObjectCopy':
      return ['data', 'kms', 'storageMinimum'];
    case 'S3InitiateRestoreObject':
    case 'S3ComputeObjectChecksum':
    case 'S3ReplicateObject':
      return ['data', 'kms'];
    case 'S3UpdateObjectEncryption':
      return ['kms'];
    case 'S3PutObjectTagging':
      return ['data'];
    case 'S3DeleteObjectTagging':
    case 'S3PutObjectAcl':
    case 'S3PutObjectLegalHold':
    case 'S3PutObjectRetention':
      return [];
  }
}
