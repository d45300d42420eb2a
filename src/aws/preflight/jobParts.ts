import type { CreateJobRequest } from '@aws-sdk/client-s3-control';
import type { JobOperation } from '../batchJobs/jobOperation.ts';
import { operationName, operationOf } from '../batchJobs/operations/operations.ts';
import { isInventoryManifest } from '../manifest/manifestFile.ts';
import type { JobGenerator, JobManifestLocation } from '../manifest/jobManifest.ts';
import { generatorOf, manifestOf } from '../manifest/sdkManifest.ts';
import { parseS3Arn } from '../s3Uri.ts';

/** What CreateJob is asked, under AWS's own names; the SDK fills in the rest. */
export type JobRequest = Omit<CreateJobRequest, 'AccountId' | 'ClientRequestToken'> &
  Partial<Pick<CreateJobRequest, 'AccountId' | 'ClientRequestToken'>>;

/** A request in our words, as far as it can be read. */
export interface JobParts {
  /** Empty where the request has none. */
  readonly operationName: string;
  /** Undefined where the request has none, or one that is not known here. */
  readonly operation?: JobOperation;
  readonly manifest?: JobManifestLocation;
  readonly generator?: JobGenerator;
  readonly report?: { readonly bucket: string; readonly prefix: string };
}

/** Reads a request; what makes no sense in it is left out. */
export function partsOf(request: JobRequest): JobParts {
  const { Operation, Manifest, ManifestGenerator, Report } = request;
  const manifest = manifestOf(Manifest);
  const generator = generatorOf(ManifestGenerator);
  const operation = operationOf(Operation);
  const reportBucket = parseS3Arn(Report?.Bucket ?? '')?.bucket ?? Report?.Bucket;
  return {
    operationName: operationName(Operation),
    ...(operation && { operation }),
    ...(manifest && { manifest }),
    ...(generator && { generator }),
    ...(Report?.Enabled === true &&
      reportBucket !== undefined && {
        report: { bucket: reportBucket, prefix: Report.Prefix ?? '' },
      }),
  };
}

/** Whether the objects are named by S3 Inventory, whose data files are not the manifest itself. */
export function isInventory({ key, format }: JobManifestLocation): boolean {
  return isInventoryManifest(key) || format.startsWith('S3InventoryReport');
}
