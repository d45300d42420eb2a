import { costLine, sumOf, timeAt, type Estimate } from './estimate.ts';
import type { Prices } from './prices.ts';

const MILLION = 1_000_000;

/** Of the tagger (`taggerDeployment/planTagger.ts`); a task of three or four requests takes some 0.1 s. */
const TAGGER_GIGABYTES = 0.25;
const TASK_SECONDS = 0.1;

/** What an account may run at once unless it asked for more (Lambda developer guide, "Quotas"). */
const CONCURRENCY = 1000;

/**
 * What it costs to change the tags of objects by a batch job that invokes the tagger for each: the job,
 * the invocations, and the tagger's own requests. It reads the tags, writes down what was there, writes
 * the tags and reads them back.
 */
export function estimateTagger(objects: number, prices: Prices): Estimate {
  const put = { prices, name: 'putThousandRequests', per: 1000 } as const;
  const get = { prices, name: 'getThousandRequests', per: 1000 } as const;
  const lines = [
    costLine('job', 1, { prices, name: 'batchJob', per: 1 }),
    costLine('objects', objects, { prices, name: 'batchMillionObjects', per: MILLION }),
    costLine('invocations', objects, { prices, name: 'lambdaMillionRequests', per: MILLION }),
    costLine('gigabyteSeconds', objects * TASK_SECONDS * TAGGER_GIGABYTES, {
      ...{ prices, name: 'lambdaGigabyteSecondX86', per: 1 },
    }),
    costLine('requests', 2 * objects, { ...get, api: 'GetObjectTagging' }),
    costLine('requests', objects, { ...put, api: 'PutObjectTagging' }),
    costLine('requests', objects, { ...put, api: 'PutObject' }),
  ];
  const time = timeAt(objects, CONCURRENCY / TASK_SECONDS, 'concurrency');
  return { lines, dollars: sumOf(lines), time, notCounted: [] };
}
