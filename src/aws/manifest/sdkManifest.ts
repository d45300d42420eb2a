import type {
  JobDescriptor,
  JobManifest,
  JobManifestGenerator,
  JobManifestGeneratorFilter,
  JobManifestLocation as SdkManifestLocation,
  S3JobManifestGenerator,
  S3StorageClass,
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
  { sourceBucket, output, ...wanted }: ManifestGenerator,
): JobManifestGenerator {
  const filter = sdkFilter(wanted);
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
    Filter: Object.values(filter).some(part => part !== undefined) ? filter : undefined,
  };
  return { S3JobManifestGenerator: generator };
}

/** S3's bounds are exclusive; its times are of a second, ours of a millisecond. */
function sdkFilter({
  prefix = '',
  suffix = '',
  contains = '',
  minBytes = 0,
  maxBytes,
  modifiedAfter,
  modifiedBefore,
  storageClasses = [],
}: Omit<ManifestGenerator, 'sourceBucket' | 'output'>): JobManifestGeneratorFilter {
  const names = {
    MatchAnyPrefix: prefix === '' ? undefined : [prefix],
    MatchAnySuffix: suffix === '' ? undefined : [suffix],
    MatchAnySubstring: contains === '' ? undefined : [contains],
  };
  return {
    KeyNameConstraint: [prefix, suffix, contains].every(part => part === '') ? undefined : names,
    ObjectSizeGreaterThanBytes: minBytes === 0 ? undefined : minBytes - 1,
    ObjectSizeLessThanBytes: maxBytes === undefined ? undefined : maxBytes + 1,
    CreatedAfter: modifiedAfter === undefined ? undefined : new Date(Date.parse(modifiedAfter) - 1),
    CreatedBefore: modifiedBefore === undefined ? undefined : new Date(modifiedBefore),
    MatchAnyStorageClass:
      storageClasses.length === 0 ? undefined : (storageClasses as S3StorageClass[]),
  };
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
  const { KeyNameConstraint: names = {}, ...filter } = s3.Filter ?? {};
  const { MatchAnyPrefix, MatchAnySuffix, MatchAnySubstring, ...otherNames } = names;
  const output = s3.ManifestOutputLocation;
  const bucket = parseS3Arn(output?.Bucket ?? '')?.bucket;
  const { known, others } = knownFilter(filter);
  return {
    sourceBucket,
    prefix: MatchAnyPrefix?.[0],
    suffix: MatchAnySuffix?.[0],
    ...(MatchAnySubstring?.[0] && { contains: MatchAnySubstring[0] }),
    ...known,
    output: bucket === undefined ? undefined : { bucket, prefix: output?.ManifestPrefix },
    otherFilters: Object.entries({ ...others, ...otherNames }).flatMap(([name, value]) =>
      isNothing(value) ? [] : [name],
    ),
  };
}

function knownFilter({
  ObjectSizeGreaterThanBytes: moreThan,
  ObjectSizeLessThanBytes: lessThan,
  CreatedAfter: after,
  CreatedBefore: before,
  MatchAnyStorageClass: storageClasses,
  ...others
}: Omit<JobManifestGeneratorFilter, 'KeyNameConstraint'>) {
  const known = {
    ...(moreThan !== undefined && { minBytes: moreThan + 1 }),
    ...(lessThan !== undefined && { maxBytes: lessThan - 1 }),
    ...(after && { modifiedAfter: new Date(after.getTime() + 1).toISOString() }),
    ...(before && { modifiedBefore: before.toISOString() }),
    ...(storageClasses?.length && { storageClasses }),
  };
  return { known, others };
}

function isNothing(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
