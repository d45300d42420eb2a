import { call, recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { functionRegion } from '../functionArn.ts';
import {
  isGenerator,
  type ManifestGenerator,
  type ManifestObject,
} from '../manifest/jobManifest.ts';
import type { JobOperation } from './jobOperation.ts';
import { copyTarget } from './operations/copy.ts';

type Manifest = Pick<ManifestObject, 'bucket'> | Pick<ManifestGenerator, 'sourceBucket'>;

/**
 * The Region a job has to be created in: that of its manifest, or of the bucket in which S3 finds the
 * objects (Amazon S3 user guide, "Creating an S3 Batch Operations job": a job is created in the Region
 * of its objects, and S3 makes no manifest of a bucket of another Region).
 *
 * @throws BrigadeError `NotFound` when there is no such bucket …
 */
export async function jobRegion(
  clients: AwsClients,
  manifest: Manifest,
  options: CallOptions = {},
): Promise<string> {
  const bucket = isGenerator<Pick<ManifestGenerator, 'sourceBucket'>>(manifest)
    ? manifest.sourceBucket
    : manifest.bucket;
  return await call(bucket, options, () => clients.regionOfBucket(bucket, options.signal));
}

/**
 * The Region a job has to be created in: of what it goes over (`jobRegion`), but of what it writes to
 * where it copies (Amazon S3 user guide, "Copy objects": in the Region that objects are copied to).
 *
 * @throws BrigadeError `NotFound` when there is no such bucket …
 */
export async function regionOfJob(
  clients: AwsClients,
  { manifest, operation }: { readonly manifest: Manifest; readonly operation: JobOperation },
  options: CallOptions = {},
): Promise<string> {
  const target = operation.name === 'S3PutObjectCopy' ? copyTarget(operation.settings) : undefined;
  if (target === undefined) return await jobRegion(clients, manifest, options);
  return await call(target, options, () => clients.regionOfBucket(target, options.signal));
}

export interface RegionalParts {
  readonly manifest: Manifest;
  readonly operation: JobOperation;
  /** Buckets of the objects that a manifest names. */
  readonly buckets?: readonly { readonly bucket: string }[];
  readonly report?: { readonly bucket: string };
}

const COPIES = 'where it copies to';

/** A manifest names one bucket, or few: more are not worth a request each. */
const MAX_BUCKETS = 10;

/**
 * Refuses a job that reaches into another Region: its tasks would fail one by one, its function would
 * not be found and its report not written. Of a bucket that can't be looked at nothing is said.
 *
 * @throws BrigadeError `InvalidInput` that names what is elsewhere, and both Regions
 */
export async function assertSameRegion(
  clients: AwsClients,
  region: string,
  { manifest, operation, buckets = [], report }: RegionalParts,
  options: CallOptions = {},
): Promise<void> {
  if (operation.name === 'LambdaInvoke') {
    assertIn(region, functionRegion(operation.functionArn), operation.functionArn, 'function');
  }
  const copies = operation.name === 'S3PutObjectCopy';
  if (copies && isGenerator<Pick<ManifestGenerator, 'sourceBucket'>>(manifest)) {
    // Objects may come from another Region, but S3 makes no manifest of a bucket there.
    const found = await regionOf(clients, manifest.sourceBucket, options);
    assertIn(region, found, manifest.sourceBucket, 'source', COPIES);
  }
  const objects = copies
    ? new Set<string>()
    : new Set(buckets.slice(0, MAX_BUCKETS).map(({ bucket }) => bucket));
  for (const bucket of objects) {
    assertIn(region, await regionOf(clients, bucket, options), bucket, 'objects');
  }
  if (report === undefined) return;
  const { bucket } = report;
  const why = copies ? COPIES : undefined;
  assertIn(region, await regionOf(clients, bucket, options), bucket, 'report', why);
}

async function regionOf(clients: AwsClients, bucket: string, options: CallOptions) {
  return await recoverFrom(['NotFound', 'AccessDenied'], undefined, () =>
    call(bucket, options, () => clients.regionOfBucket(bucket, options.signal)),
  );
}

function assertIn(
  region: string,
  found: string | undefined,
  subject: string,
  what: 'function' | 'source' | 'objects' | 'report',
  why = 'where its objects are listed',
): void {
  if (found === undefined || found === region) return;
  const sentence = `The ${what} is in ${found}, but the job must be in ${region}, ${why}`;
  throw new BrigadeError('InvalidInput', sentence, {
    subject,
    problem: { kind: 'otherRegion', what, region: found, wanted: region },
  });
}
