import { element, textElement } from '../../xml.ts';
import type { XmlElement } from '../../xml.ts';
import { jobArn } from '../job.ts';
import type {
  GeneratedManifest,
  Job,
  JobManifest,
  JobOperation,
  JobProgress,
  JobReport,
  LambdaInvoke,
  Tag,
  GeneratorFilter,
  ManifestGenerator,
  ManifestOutput,
} from '../job.ts';

/** The entry of a job in ListJobs. */
export function jobListEntry(job: Job): string {
  const { definition } = job;
  return element(
    'member',
    textElement('JobId', job.id),
    textElement('Description', definition.description),
    textElement('Operation', definition.operation.name),
    textElement('Priority', job.priority),
    textElement('Status', job.status),
    textElement('CreationTime', job.created.toISOString()),
    textElement('TerminationDate', job.terminated?.toISOString()),
    progressXml(job.progress),
  );
}

/** AWS's JobDescriptor. */
export function jobDescriptor(accountId: string, job: Job): string {
  const { definition } = job;
  const suspended = job.suspended?.toISOString();
  const reasons = job.failureReasons.map(({ code, reason }) =>
    element('member', textElement('FailureCode', code), textElement('FailureReason', reason)),
  );
  return element(
    'Job',
    textElement('JobId', job.id),
    textElement('ConfirmationRequired', definition.confirmationRequired),
    textElement('Description', definition.description),
    textElement('JobArn', jobArn(accountId, job.id)),
    textElement('Status', job.status),
    definition.manifest === undefined ? '' : manifestXml(definition.manifest),
    operationXml(definition.operation),
    textElement('Priority', job.priority),
    progressXml(job.progress),
    textElement('StatusUpdateReason', job.statusUpdateReason),
    reasons.length === 0 ? '' : element('FailureReasons', ...reasons),
    reportXml(definition.report),
    textElement('CreationTime', job.created.toISOString()),
    textElement('TerminationDate', job.terminated?.toISOString()),
    textElement('RoleArn', definition.roleArn),
    definition.generator === undefined ? '' : generatorXml(definition.generator),
    job.generatedManifest === undefined ? '' : generatedManifestXml(job.generatedManifest),
    textElement('SuspendedDate', suspended),
    textElement('SuspendedCause', suspended === undefined ? undefined : 'AWAITING_CONFIRMATION'),
  );
}

export function tagsXml(name: string, tags: readonly Tag[]): string {
  const members = tags.map(tag =>
    element('member', textElement('Key', tag.key), textElement('Value', tag.value)),
  );
  return element(name, ...members);
}

function manifestXml(manifest: JobManifest): string {
  const fields = manifest.fields?.map(field => textElement('member', field));
  return element(
    'Manifest',
    element(
      'Spec',
      textElement('Format', manifest.format),
      fields === undefined ? '' : element('Fields', ...fields),
    ),
    element(
      'Location',
      textElement('ObjectArn', manifest.objectArn),
      textElement('ObjectVersionId', manifest.versionId),
      textElement('ETag', manifest.eTag),
    ),
  );
}

function generatedManifestXml({ objectArn, eTag }: GeneratedManifest): string {
  return element(
    'GeneratedManifestDescriptor',
    textElement('Format', 'S3InventoryReport_CSV_20211130'),
    element('Location', textElement('ObjectArn', objectArn), textElement('ETag', eTag)),
  );
}

function operationXml(operation: JobOperation): string {
  if (operation.name === 'LambdaInvoke') {
    return element('Operation', element(operation.name, ...lambdaInvokeXml(operation)));
  }
  return element('Operation', element(operation.name, storedOperationXml(operation)));
}

function storedOperationXml(operation: Exclude<JobOperation, LambdaInvoke>): string {
  if (operation.name === 'S3PutObjectTagging') return tagsXml('TagSet', operation.tags);
  if (operation.name === 'S3DeleteObjectTagging') return '';
  if (operation.name === 'S3PutObjectCopy') return operation.given.map(givenXml).join('');
  if (operation.name === 'S3ComputeObjectChecksum') {
    return [
      textElement('ChecksumAlgorithm', operation.algorithm),
      textElement('ChecksumType', operation.type),
    ].join('');
  }
  return [
    textElement('ExpirationInDays', operation.expirationInDays),
    textElement('GlacierJobTier', operation.tier),
  ].join('');
}

/** An element as it was read, without the blanks around its children. */
function givenXml({ name, children, text }: XmlElement): string {
  return children.length === 0
    ? textElement(name, text)
    : element(name, ...children.map(child => givenXml(child)));
}

function lambdaInvokeXml({ functionArn, schemaVersion, userArguments }: LambdaInvoke): string[] {
  const entries = Object.entries(userArguments ?? {}).map(([key, value]) =>
    element('entry', textElement('key', key), textElement('value', value)),
  );
  return [
    textElement('FunctionArn', functionArn),
    textElement('InvocationSchemaVersion', schemaVersion),
    entries.length === 0 ? '' : element('UserArguments', ...entries),
  ];
}

function reportXml(report: JobReport | undefined): string {
  if (report === undefined) return element('Report', textElement('Enabled', false));
  return element(
    'Report',
    textElement('Bucket', report.bucketArn),
    textElement('Format', 'Report_CSV_20180820'),
    textElement('Enabled', true),
    textElement('Prefix', report.prefix),
    textElement('ReportScope', report.scope),
    textElement('ExpectedBucketOwner', report.expectedBucketOwner),
  );
}

function progressXml(progress: JobProgress): string {
  return element(
    'ProgressSummary',
    textElement('TotalNumberOfTasks', progress.total ?? 0),
    textElement('NumberOfTasksSucceeded', progress.succeeded),
    textElement('NumberOfTasksFailed', progress.failed),
    element(
      'Timers',
      textElement('ElapsedTimeInActiveSeconds', Math.floor(progress.activeTime / 1000)),
    ),
  );
}

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
