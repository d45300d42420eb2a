import { element, textElement } from '../xml.ts';
import type { GeneratorFilter, ManifestGenerator, ManifestOutput } from './manifestGenerator.ts';

/** The ManifestGenerator of DescribeJob, as the job was made with. */
export function generatorXml(generator: ManifestGenerator): string {
  const { expectedBucketOwner, sourceBucketArn, output, enableOutput, filter } = generator;
  return element(
    'ManifestGenerator',
    element(
      'S3JobManifestGenerator',
      textElement('ExpectedBucketOwner', expectedBucketOwner),
      textElement('SourceBucket', sourceBucketArn),
      output === undefined ? '' : outputXml(output),
      filter === undefined ? '' : filterXml(filter),
      textElement('EnableManifestOutput', enableOutput),
    ),
  );
}

function outputXml({ expectedBucketOwner, bucketArn, prefix, encrypted }: ManifestOutput): string {
  return element(
    'ManifestOutputLocation',
    textElement('ExpectedManifestBucketOwner', expectedBucketOwner),
    textElement('Bucket', bucketArn),
    textElement('ManifestPrefix', prefix),
    encrypted ? element('ManifestEncryption', '<SSE-S3/>') : '',
    textElement('ManifestFormat', 'S3InventoryReport_CSV_20211130'),
  );
}

function filterXml(filter: GeneratorFilter): string {
  const { keyNames, encryption } = filter;
  return element(
    'Filter',
    textElement('CreatedAfter', filter.createdAfter),
    textElement('CreatedBefore', filter.createdBefore),
    listXml('ObjectReplicationStatuses', filter.replicationStatuses),
    keyNames === undefined
      ? ''
      : element(
          'KeyNameConstraint',
          listXml('MatchAnyPrefix', keyNames.prefixes),
          listXml('MatchAnySuffix', keyNames.suffixes),
          listXml('MatchAnySubstring', keyNames.substrings),
        ),
    textElement('ObjectSizeGreaterThanBytes', filter.sizeGreaterThan),
    textElement('ObjectSizeLessThanBytes', filter.sizeLessThan),
    listXml('MatchAnyStorageClass', filter.storageClasses),
    encryption === undefined
      ? ''
      : element('MatchAnyObjectEncryption', element('ObjectEncryption', `<${encryption}/>`)),
  );
}

function listXml(name: string, values: readonly string[] | undefined): string {
  if (values === undefined) return '';
  return element(name, ...values.map(value => textElement('member', value)));
}
