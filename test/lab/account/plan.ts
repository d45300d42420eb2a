import { DEFAULT_PRICES, PRICES_AS_OF } from '../../../src/aws/cost/prices.ts';
import { LAB_IMAGES } from '../../../src/sandbox/lab/labImages.ts';
import type { LabNames } from './labNames.ts';

/** Requests of S3 of all kinds, generously: uploads, listings, looks, removal. */
const REQUESTS = 500;

/** What a run makes and costs, in lines. */
export function planLines(names: LabNames): string[] {
  const { batchJob, batchMillionObjects, putThousandRequests } = DEFAULT_PRICES;
  const job = batchJob + (LAB_IMAGES.length * batchMillionObjects) / 1e6;
  const requests = (REQUESTS * putThousandRequests) / 1000;
  const dollars = (amount: number): string => `$${amount.toFixed(2)}`;
  return [
    'The lab creates, and removes when it ends:',
    `  buckets      ${names.images}, ${names.assets}, ${names.resized}`,
    `  IAM roles    ${names.batchRole}, ${names.functionRole}`,
    `  function     ${names.functionName}, with its log group`,
    '  a batch job  (AWS lists it for 90 days after its end)',
    `It costs about ${dollars(job + requests)}: ${dollars(job)} for the job, the rest for requests; the function`,
    `runs for seconds. (Prices for US East, N. Virginia, as of ${PRICES_AS_OF}.) If S3 can't assume the new role in time,`,
    `the job is created again, for ${dollars(batchJob)} more each time. It takes 3 to 10 minutes.`,
  ];
}
