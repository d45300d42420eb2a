import {
  MAX_DESCRIPTION_LENGTH,
  MAX_KEY_FILTER_LENGTH,
  MAX_REPORT_PREFIX_LENGTH,
  isPriority,
} from '../batchJobs/jobRules.ts';
import { operationProblem, warningsOf } from '../batchJobs/operations/operations.ts';
import type { OperationWarning } from '../batchJobs/operations/operationKind.ts';
import { isRoleArn } from '../roles/roleNames.ts';
import type { Check, RequestLimit } from './check.ts';
import type { JobParts, JobRequest } from './jobParts.ts';

/** Tags of a job (Amazon S3 user guide, "Controlling access and labeling jobs using tags"). */
const MAX_JOB_TAGS = 50;

/** Whether CreateJob takes the request at all, and what its operation leads to. */
export function requestChecks(request: JobRequest, parts: JobParts): Check[] {
  const limits = brokenLimits(request, parts).map(({ limit, most }): Check => ({
    ...{ id: 'request', status: 'failed', subject: 'CreateJob' },
    reason: { kind: 'limit', limit, ...(most !== undefined && { most }) },
  }));
  const fine: Check = {
    ...{ id: 'request', status: 'passed', subject: 'CreateJob' },
    reason: { kind: 'fine' },
  };
  return [
    ...(limits.length === 0 ? [fine] : limits),
    ...confirmation(request),
    ...operation(parts),
  ];
}

interface BrokenLimit {
  readonly limit: RequestLimit;
  readonly most?: number;
}

/** Limits of CreateJob in the S3 Control service model. */
function brokenLimits(request: JobRequest, { operationName, report }: JobParts): BrokenLimit[] {
  const { Manifest, ManifestGenerator, Priority, Description, RoleArn, Tags, Report } = request;
  const broken: BrokenLimit[] = [];
  const expect = (isMet: boolean, limit: RequestLimit, most?: number): void => {
    if (!isMet) broken.push({ limit, ...(most !== undefined && { most }) });
  };
  expect(operationName !== '', 'noOperation');
  expect((Manifest === undefined) !== (ManifestGenerator === undefined), 'manifestOrGenerator');
  expect(Priority !== undefined && isPriority(Priority), 'priority');
  expect(isWithin(Description, MAX_DESCRIPTION_LENGTH), 'description', MAX_DESCRIPTION_LENGTH);
  expect(isRoleArn(RoleArn ?? ''), 'roleArn');
  expect(
    isWithin(Report?.Prefix, MAX_REPORT_PREFIX_LENGTH),
    'reportPrefix',
    MAX_REPORT_PREFIX_LENGTH,
  );
  expect(report === undefined || isWhole(Report), 'reportFormat');
  expect((Tags ?? []).length <= MAX_JOB_TAGS && (Tags ?? []).every(isTag), 'jobTags', MAX_JOB_TAGS);
  expect(
    filtersOf(request).every(text => isWithin(text, MAX_KEY_FILTER_LENGTH)),
    'keyFilter',
    MAX_KEY_FILTER_LENGTH,
  );
  expect(isWithin(request.ClientRequestToken, 64), 'requestToken', 64);
  return broken;
}

/** AWS takes none that are empty, but all of them may be absent. */
function isWithin(text: string | undefined, most: number): boolean {
  return text === undefined || (text.length > 0 && text.length <= most);
}

function isWhole(report: JobRequest['Report']): boolean {
  return report?.Format === 'Report_CSV_20180820' && report.ReportScope !== undefined;
}

function isTag({ Key = '', Value }: NonNullable<JobRequest['Tags']>[number]): boolean {
  const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
  return (
    Key !== '' &&
    Key.length <= 128 &&
    allowed.test(Key) &&
    (Value ?? '').length <= 256 &&
    allowed.test(Value ?? '')
  );
}

function filtersOf({ ManifestGenerator }: JobRequest): string[] {
  const constraint = ManifestGenerator?.S3JobManifestGenerator?.Filter?.KeyNameConstraint;
  return Object.values(constraint ?? {}).flatMap((texts: string[] | undefined) => texts ?? []);
}

function confirmation({ ConfirmationRequired: required }: JobRequest): Check[] {
  if (required !== false) return [];
  return [
    {
      ...{ id: 'request', status: 'warned', subject: 'ConfirmationRequired' },
      reason: { kind: 'runsAtOnce' },
      fixes: [{ kind: 'requireConfirmation' }],
    },
  ];
}

/** What is not only said, but looked at (`settingChecks`). */
const LOOKED_AT: ReadonlySet<OperationWarning> = new Set([
  ...(['needsObjectLock', 'aclDisabled', 'needsReplication'] as const),
]);

function operation({ operation: known, operationName: name }: JobParts): Check[] {
  const check = (status: Check['status'], reason: Check['reason']): Check => ({
    ...{ id: 'operation', subject: name },
    status,
    reason,
  });
  if (name === '') return [];
  if (known === undefined) return [check('unchecked', { kind: 'unknownOperation', name })];
  const problem = operationProblem(known);
  return [
    ...(problem === undefined
      ? [check('passed', { kind: 'fine' })]
      : [check('failed', { kind: 'operationProblem', problem })]),
    ...warningsOf(known)
      .filter(warning => !LOOKED_AT.has(warning))
      .map(warning => check('warned', { kind: 'operationWarning', warning })),
  ];
}
