import * as s3control from '@aws-sdk/client-s3-control';
import { NormalizedSchema } from '@smithy/core/schema';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** A part of the schema that VS Code holds `*.s3job.json` against. */
interface Part {
  readonly $ref?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly items?: Part;
  readonly properties?: Readonly<Record<string, Part>>;
  readonly definitions?: Readonly<Record<string, Part>>;
}

const file = new URL('../../../../media/schemas/s3job.schema.json', import.meta.url);
const schema = JSON.parse(readFileSync(file, 'utf8')) as Part;

function resolved(part: Part): Part {
  return part.$ref === undefined ? part : schema.definitions![part.$ref.split('/').pop()!]!;
}

/** Every member that the SDK knows, by its path, with what the schema says of it. */
function* members(
  model: NormalizedSchema,
  part: Part,
  path: readonly string[] = [],
): Generator<{ path: string; part: Part | undefined }> {
  if (model.isListSchema()) {
    yield* members(model.getValueSchema(), resolved(part.items ?? {}), path);
  }
  if (!model.isStructSchema()) return;
  const { properties = {} } = resolved(part);
  for (const [name, member] of model.structIterator()) {
    const here = [...path, name];
    yield { path: here.join('.'), part: properties[name] };
    yield* members(member, resolved(properties[name] ?? {}), here);
  }
}

const all = [...members(NormalizedSchema.of(s3control.CreateJobRequest$), schema)];

describe('the schema of *.s3job.json', () => {
  it('has every member that the SDK knows, with a description', () => {
    expect(all.length).toBeGreaterThan(120);
    expect(all.filter(({ part }) => !part?.description).map(({ path }) => path)).toEqual([]);
  });

  it('has no member that the SDK does not know', () => {
    const known = new Set(all.map(({ path }) => path.split('.').pop()));
    const named = Object.values({ ...schema.definitions, root: schema }).flatMap(part =>
      Object.keys(part.properties ?? {}),
    );
    expect(named.filter(name => !known.has(name))).toEqual([]);
  });

  it.each([
    ['Operation.S3PutObjectCopy.StorageClass', s3control.S3StorageClass],
    ['Operation.S3PutObjectCopy.CannedAccessControlList', s3control.S3CannedAccessControlList],
    ['Operation.S3PutObjectCopy.ChecksumAlgorithm', s3control.S3ChecksumAlgorithm],
    ['Operation.S3InitiateRestoreObject.GlacierJobTier', s3control.S3GlacierJobTier],
    ['Operation.S3PutObjectRetention.Retention.Mode', s3control.S3ObjectLockRetentionMode],
    [
      'Operation.S3ComputeObjectChecksum.ChecksumAlgorithm',
      s3control.ComputeObjectChecksumAlgorithm,
    ],
    ['Manifest.Spec.Format', s3control.JobManifestFormat],
    ['Report.ReportScope', s3control.JobReportScope],
  ])('offers all values of %s', (path, values) => {
    const found = all.find(each => each.path === path)?.part?.enum ?? [];
    expect([...found].sort()).toEqual(Object.values(values).sort());
  });
});
