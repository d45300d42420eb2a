import { childOf, childText, childrenOf, parseXml } from '../../xml.ts';
import type { XmlElement } from '../../xml.ts';
import type { JobDefinition, JobManifest, JobReport, ManifestField, Tag } from '../job.ts';
import { checkTags, readTags } from './jobTagging.ts';
import { readGenerator } from './generatorRequest.ts';
import { CREATE_JOB } from './jobShapes.ts';
import { readOperation } from './operationRequest.ts';
import { invalidRequest, limited, readBoolean, required } from './requestLimits.ts';

const FIELDS: readonly string[] = ['Bucket', 'Key', 'VersionId', 'Ignore'];
const MAX_PRIORITY = 2_147_483_647;
const JOB_TAGS = 50;

export interface CreateJobRequest {
  readonly definition: JobDefinition;
  readonly priority: number;
  readonly clientToken: string;
  readonly tags: readonly Tag[];
}

/**
 * Reads and checks the body of CreateJob by the limits of AWS's service model. Whether the manifest can
 * be read is not asked: AWS finds that out while it prepares the job.
 * @throws AwsError InvalidRequest, MalformedXML, NotImplemented
 */
export function readCreateJobRequest(body: string): CreateJobRequest {
  const root = parseXml(body, ['CreateJobRequest', CREATE_JOB]);
  const tags = readTags(childOf(root, 'Tags'));
  checkTags(tags, JOB_TAGS);
  const operation = readOperation(childOf(root, 'Operation'));
  const report = readReport(childOf(root, 'Report'));
  if (operation.name === 'S3ComputeObjectChecksum') checkOwnedReport(report);
  return {
    definition: {
      operation,
      ...readSource(root),
      report,
      roleArn: readRoleArn(root),
      description: limited(childText(root, 'Description'), 'Description', 1, 256),
      // AWS's guide and its model disagree on the default; waiting is the safe reading.
      confirmationRequired: readBoolean(childText(root, 'ConfirmationRequired'), true),
    },
    priority: readPriority(childText(root, 'Priority')),
    clientToken: required(
      limited(childText(root, 'ClientRequestToken'), 'ClientRequestToken', 1, 64),
      'ClientRequestToken',
    ),
    tags,
  };
}

/** @throws AwsError InvalidRequest unless it is a whole number from 0 to 2147483647. */
export function readPriority(text: string | undefined): number {
  const priority = Number(text);
  if (text === undefined || !/^\d+$/.test(text) || priority > MAX_PRIORITY) {
    throw invalidRequest(`Priority must be a whole number between 0 and ${MAX_PRIORITY}.`);
  }
  return priority;
}

/** Where the objects of the job come from. */
function readSource(root: XmlElement): Pick<JobDefinition, 'manifest' | 'generator'> {
  const [manifest, generator] = [childOf(root, 'Manifest'), childOf(root, 'ManifestGenerator')];
  if ((manifest === undefined) === (generator === undefined)) {
    throw invalidRequest('Exactly one of Manifest and ManifestGenerator must be given.');
  }
  if (generator !== undefined) return { manifest: undefined, generator: readGenerator(generator) };
  return { manifest: readManifest(manifest) };
}

function readManifest(manifest: XmlElement | undefined): JobManifest {
  const [spec, location] = [childOf(manifest, 'Spec'), childOf(manifest, 'Location')];
  const format = required(childText(spec, 'Format'), 'Manifest format');
  if (format !== 'S3BatchOperations_CSV_20180820' && format !== 'S3InventoryReport_CSV_20161130') {
    throw invalidRequest(`Manifest format ${format} is not valid.`);
  }
  return {
    format,
    fields: readFields(childOf(spec, 'Fields'), format === 'S3BatchOperations_CSV_20180820'),
    objectArn: readObjectArn(childText(location, 'ObjectArn')),
    eTag: required(limited(childText(location, 'ETag'), 'Manifest ETag', 1, 1024), 'Manifest ETag'),
    versionId: limited(childText(location, 'ObjectVersionId'), 'ObjectVersionId', 1, 2000),
  };
}

function readFields(
  element: XmlElement | undefined,
  needed: boolean,
): readonly ManifestField[] | undefined {
  const names = childrenOf(element, 'member').map(member => member.text);
  if (!needed) {
    if (names.length > 0) throw invalidRequest('Fields are only for the CSV manifest format.');
    return undefined;
  }
  const unknown = names.find(name => !FIELDS.includes(name));
  if (unknown !== undefined) throw invalidRequest(`Manifest field ${unknown} is not valid.`);
  const repeated = names.find((name, index) => name !== 'Ignore' && names.indexOf(name) !== index);
  if (repeated !== undefined) throw invalidRequest(`Manifest field ${repeated} is repeated.`);
  return names as ManifestField[];
}

function readObjectArn(arn: string | undefined): string {
  if (arn === undefined || arn.length > 2000 || !/^arn:[^:]+:s3:::[^/]+\/.+$/s.test(arn)) {
    throw invalidRequest('The ObjectArn of the manifest is not valid.');
  }
  return arn;
}

function readReport(element: XmlElement | undefined): JobReport | undefined {
  if (element === undefined) throw invalidRequest('Report is required.');
  if (childText(element, 'Enabled') === undefined)
    throw invalidRequest('Report Enabled is required.');
  if (!readBoolean(childText(element, 'Enabled'), false)) return undefined;
  const bucketArn = childText(element, 'Bucket') ?? '';
  const scope = childText(element, 'ReportScope');
  if (bucketArn.length > 128 || !/^arn:[^:]+:s3:::[^/]+$/.test(bucketArn)) {
    throw invalidRequest('The Bucket of the report must be the ARN of a bucket.');
  }
  if (childText(element, 'Format') !== 'Report_CSV_20180820') {
    throw invalidRequest('The Format of the report must be Report_CSV_20180820.');
  }
  if (scope !== 'AllTasks' && scope !== 'FailedTasksOnly') {
    throw invalidRequest('The ReportScope must be AllTasks or FailedTasksOnly.');
  }
  return {
    bucketArn,
    prefix: limited(childText(element, 'Prefix'), 'Report Prefix', 1, 512),
    scope,
    expectedBucketOwner: childText(element, 'ExpectedBucketOwner'),
  };
}

/** Checksums are told by the report alone, to a bucket whose owner is named (user guide, "Compute checksums"). */
function checkOwnedReport(report: JobReport | undefined): void {
  if (report === undefined) {
    throw invalidRequest('S3ComputeObjectChecksum needs a completion report.');
  }
  if (report.expectedBucketOwner === undefined) {
    throw invalidRequest('S3ComputeObjectChecksum needs the ExpectedBucketOwner of the report.');
  }
}

function readRoleArn(root: XmlElement): string {
  const arn = childText(root, 'RoleArn') ?? '';
  if (arn.length > 2048 || !/^arn:[^:]+:iam::\d{12}:role\/.+$/.test(arn)) {
    throw invalidRequest('The RoleArn is not valid.');
  }
  return arn;
}
