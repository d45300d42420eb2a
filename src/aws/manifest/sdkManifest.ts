import type {
  JobDescriptor,
  JobManifest,
  JobManifestGenerator,
  JobManifestLocation as SdkManifestLocation,
  S3JobManifestGenerator,
} from '@aws-sdk/client-s3-control';
import type {
  JobGenerator,
  JobManifestLocation,
  ManifestGenerator,
  ManifestObject,
} from './jobManifest.ts';
import { unquoted } from '../objects/listing.ts';
import { bucketArn, objectArn, parseS3Arn } from '../s3Uri.ts';

/** The manifest object as CreateJob takes it. */
export function sdkManifest(partition: string, manifest: ManifestObject): JobManifest {
  const inventory = manifest.format === 'S3InventoryReport_CSV_20161130';
  return {
    Spec: { Format: manifest.format, Fields: inventory ? undefined : [...manifest.fields] },
    Location: {
      ObjectArn: objectArn(partition, manifest.bucket, manifest.key),
      ETag: unquoted(manifest.eTag),
      ObjectVersionId: manifest.versionId,
    },
  };
}

/** The generator as CreateJob takes it. */
export function sdkGenerator(
  partition: string,
  { sourceBucket, prefix = '', suffix = '', output }: ManifestGenerator,
): JobManifestGenerator {
  const constraint = {
    MatchAnyPrefix: prefix === '' ? undefined : [prefix],
    MatchAnySuffix: suffix === '' ? undefined : [suffix],
  };
  const filtered = prefix !== '' || suffix !== '';
  const generator: S3JobManifestGenerator = {
    SourceBucket: bucketArn(partition, sourceBucket),
    EnableManifestOutput: output !== undefined,
    ManifestOutputLocation: output && {
      Bucket: bucketArn(partition, output.bucket),
      ManifestPrefix: output.prefix === '' ? undefined : output.prefix,
      ManifestFormat: 'S3InventoryReport_CSV_20211130',
      // S3 could not read one under a KMS key without further permissions.
      ManifestEncryption: { SSES3: {} },
    },
    Filter: filtered ? { KeyNameConstraint: constraint } : undefined,
  };
  return { S3JobManifestGenerator: generator };
}

/** Where the manifest lies that the job was given; undefined where S3 makes it. */
export function manifestOf(manifest: JobManifest | undefined): JobManifestLocation | undefined {
  const { Format: format = '', Fields: fields = [] } = manifest?.Spec ?? {};
  return locationOf(manifest?.Location, format, fields);
}

/** Where S3 put the manifest that it made; undefined until it is there, or when none is kept. */
export function generatedManifestOf({
  GeneratedManifestDescriptor: made,
}: JobDescriptor): JobManifestLocation | undefined {
  return locationOf(made?.Location, made?.Format ?? '', []);
}

function locationOf(
  location: SdkManifestLocation | undefined,
  format: string,
  fields: readonly string[],
): JobManifestLocation | undefined {
  const address = parseS3Arn(location?.ObjectArn ?? '');
  return address?.key === undefined
    ? undefined
    : {
        bucket: address.bucket,
        key: address.key,
        eTag: unquoted(location?.ETag) ?? '',
        versionId: location?.ObjectVersionId,
        format,
        fields,
      };
}

/** The generator of a job; undefined where it was given a manifest. */
export function generatorOf(generator: JobManifestGenerator | undefined): JobGenerator | undefined {
  const s3 = generator?.S3JobManifestGenerator;
  const sourceBucket = parseS3Arn(s3?.SourceBucket ?? '')?.bucket;
  if (s3 === undefined || sourceBucket === undefined) return undefined;
  const { MatchAnyPrefix, MatchAnySuffix, ...otherNames } = s3.Filter?.KeyNameConstraint ?? {};
  const others = { ...s3.Filter, KeyNameConstraint: undefined, ...otherNames };
  const output = s3.ManifestOutputLocation;
  const bucket = parseS3Arn(output?.Bucket ?? '')?.bucket;
  return {
    sourceBucket,
    prefix: MatchAnyPrefix?.[0],
    suffix: MatchAnySuffix?.[0],
    output: bucket === undefined ? undefined : { bucket, prefix: output?.ManifestPrefix },
    otherFilters: Object.entries(others).flatMap(([name, value]) =>
      value === undefined || (Array.isArray(value) && value.length === 0) ? [] : [name],
    ),
  };
}
