import { recoverFrom } from '../call.ts';
import { functionName, functionRegion } from '../functionArn.ts';
import { copyTarget } from '../batchJobs/operations/copy.ts';
import type { Check, RegionalPart } from './check.ts';
import type { Checking, Found } from './checking.ts';

/** A manifest names one bucket, or few: more are not worth a request each. */
const MAX_BUCKETS = 10;

interface Part {
  readonly part: RegionalPart;
  readonly subject: string;
  /** Undefined where nobody may know. */
  readonly region: string | undefined;
}

/**
 * Whether everything is in the Region of the job: that of its objects, or of what it copies to (Amazon
 * S3 user guide, "Creating an S3 Batch Operations job" and "Copy objects").
 */
export async function regionChecks(
  checking: Checking,
  found: Found,
): Promise<{ readonly checks: readonly Check[]; readonly region?: string }> {
  const bucket = decidingBucket(checking);
  if (bucket === undefined) return { checks: [] };
  const region = await regionOf(checking, bucket);
  if (region === undefined) return { checks: [unknown(bucket)] };
  const parts = await partsElsewhere(checking, found, bucket);
  const elsewhere = parts.flatMap(part => elsewhereCheck(part, region, found));
  const fine: Check = {
    ...{ id: 'regions', status: 'passed', subject: bucket },
    reason: { kind: 'region', region },
  };
  return { checks: elsewhere.length > 0 ? elsewhere : [fine], region };
}

/** The bucket whose Region is the job's. */
function decidingBucket({ parts: { operation, manifest, generator } }: Checking) {
  const copies = operation?.name === 'S3PutObjectCopy' ? copyTarget(operation.settings) : undefined;
  return copies ?? generator?.sourceBucket ?? manifest?.bucket;
}

async function partsElsewhere(
  checking: Checking,
  { targets }: Found,
  deciding: string,
): Promise<Part[]> {
  const { operation, manifest, generator, report } = checking.parts;
  const named: (readonly [RegionalPart, string | undefined])[] = [
    ['objects', generator?.sourceBucket],
    ['manifest', operation?.name === 'S3PutObjectCopy' ? undefined : manifest?.bucket],
    // Copies may come from another Region.
    ...(operation?.name === 'S3PutObjectCopy' ? [] : targets.slice(0, MAX_BUCKETS)).map(
      ({ bucket }) => ['objects', bucket] as const,
    ),
    ['report', report?.bucket],
  ];
  const buckets = named.flatMap(([part, bucket]) =>
    bucket === undefined || bucket === deciding ? [] : [{ part, bucket }],
  );
  const first = buckets.filter(
    ({ bucket }, at) => buckets.findIndex(one => one.bucket === bucket) === at,
  );
  const parts = first.map(async ({ part, bucket }): Promise<Part> => {
    return { part, subject: bucket, region: await regionOf(checking, bucket) };
  });
  if (operation?.name !== 'LambdaInvoke') return await Promise.all(parts);
  const { functionArn: arn } = operation;
  const invoked: Part = {
    ...{ part: 'function', subject: functionName(arn) },
    region: functionRegion(arn),
  };
  return [...(await Promise.all(parts)), invoked];
}

async function regionOf({ clients, options }: Checking, bucket: string) {
  return await recoverFrom(['NotFound', 'AccessDenied'], undefined, () =>
    clients.regionOfBucket(bucket, options.signal),
  );
}

function elsewhereCheck(
  { part, subject, region }: Part,
  jobRegion: string,
  { targets }: Found,
): Check[] {
  if (region === undefined) return [unknown(subject)];
  if (region === jobRegion) return [];
  const bucket = targets[0]?.bucket;
  return [
    {
      ...{ id: 'regions', status: 'failed', subject },
      reason: { kind: 'otherRegion', part, region, jobRegion },
      ...(part === 'report' && {
        fixes: [
          ...(bucket === undefined ? [] : [{ kind: 'useReportBucket', bucket } as const]),
          { kind: 'chooseReport' } as const,
        ],
      }),
    },
  ];
}

function unknown(subject: string): Check {
  return { id: 'regions', status: 'unchecked', subject, reason: { kind: 'missing' } };
}
