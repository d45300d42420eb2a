import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import { isInventoryManifest } from '../manifest/manifestFile.ts';
import type { ManifestSummary } from '../manifest/manifestSummary.ts';
import { readManifest } from '../manifest/manifest.ts';
import { manifestOf, sdkManifest } from '../manifest/sdkManifest.ts';
import { checkManifest } from '../manifestCheck/checkManifest.ts';
import { correctionPlan } from '../manifestCheck/correctionPlan.ts';
import { correctManifest } from '../manifestCheck/correctManifest.ts';
import type { Correction } from '../manifestCheck/corrections.ts';
import { bucketArn } from '../s3Uri.ts';
import { addPermissions } from './addPermissions.ts';
import { addTrust } from './addTrust.ts';
import type { Fix } from './fix.ts';
import type { JobRequest } from './jobParts.ts';

/** Fixes that need nobody's answer. */
export type AppliedFix = Extract<
  Fix,
  {
    readonly kind:
      | 'renewManifest'
      | 'correctManifest'
      | 'addPermissions'
      | 'addTrust'
      | 'useReportBucket'
      | 'requireConfirmation';
  }
>;

/**
 * Puts right what a check has found.
 *
 * @returns the request as it is to be now; the same where AWS was changed and not the request
 * @throws BrigadeError `Conflict` where the manifest changes meanwhile, `AccessDenied` …
 */
export async function applyFix(
  clients: AwsClients,
  request: JobRequest,
  fix: AppliedFix,
  options: CallOptions = {},
): Promise<JobRequest> {
  switch (fix.kind) {
    case 'renewManifest':
      return withManifest(clients, request, await readAgain(clients, request, options));
    case 'correctManifest':
      return await withCorrected(clients, request, fix.corrections, options);
    case 'addPermissions':
      await addPermissions(clients, fix, options);
      return request;
    case 'addTrust':
      await addTrust(clients, fix.roleArn, options);
      return request;
    case 'useReportBucket':
      return {
        ...request,
        Report: {
          ...{ Enabled: true, Format: 'Report_CSV_20180820', ReportScope: 'AllTasks' },
          Bucket: bucketArn(clients.partition, fix.bucket),
        },
      };
    case 'requireConfirmation':
      return { ...request, ConfirmationRequired: true };
  }
}

function locationOf(request: JobRequest) {
  const location = manifestOf(request.Manifest);
  if (location !== undefined) return location;
  throw new BrigadeError('InvalidInput', 'The job has no manifest', {
    problem: { kind: 'noManifest' },
  });
}

/** The newest version: what was there before may be gone. */
async function readAgain(
  clients: AwsClients,
  request: JobRequest,
  options: CallOptions,
): Promise<ManifestSummary> {
  const { bucket, key } = locationOf(request);
  const client = await clients.s3ForBucket(bucket, options.signal);
  return await readManifest(client, { bucket, key }, options);
}

/** Columns that the user has set, whatever they look like, stay as they were set. */
function withManifest(
  { partition }: AwsClients,
  request: JobRequest,
  found: ManifestSummary,
): JobRequest {
  const { fields: told } = locationOf(request);
  const keeps =
    told.length === found.fields.length &&
    !isInventoryManifest(found.key) &&
    found.fields.every((field, at) => at > 1 || told[at] === field);
  const made = sdkManifest(partition, found);
  return {
    ...request,
    Manifest: keeps && request.Manifest?.Spec ? { ...made, Spec: request.Manifest.Spec } : made,
  };
}

async function withCorrected(
  clients: AwsClients,
  request: JobRequest,
  corrections: readonly Correction[],
  options: CallOptions,
): Promise<JobRequest> {
  const { bucket, key } = locationOf(request);
  const input = { bucket, key, asksObjects: false, maxProblems: 100 };
  const checked = await checkManifest(clients, input, options);
  const plan = correctionPlan(checked, corrections);
  const to = { bucket, key: correctedKey(key, new Date()) };
  await correctManifest(clients, { manifest: checked, plan, to }, options);
  const client = await clients.s3ForBucket(bucket, options.signal);
  const written = await readManifest(client, to, options);
  return { ...request, Manifest: sdkManifest(clients.partition, written) };
}

/** Beside the manifest, and never over another: `photos.csv` → `photos-corrected-20261129T221500123.csv`. */
function correctedKey(key: string, now: Date): string {
  const stamp = now.toISOString().replace(/[-:.Z]/g, '');
  const [, stem = key] = /^(.*?)(?:-corrected-\d{8}T\d{9})?\.csv$/.exec(key) ?? [];
  return `${stem}-corrected-${stamp}.csv`;
}
