import { l10n } from 'vscode';
import type { DeploymentConflict } from '../aws/deployment/step.ts';
import type { Problem } from '../aws/problems.ts';
import { formatCount, formatList } from './formats.ts';
import { conflictText } from './deployment/planTexts.ts';
import { describeTagProblem } from './describeTagProblem.ts';

type Texts = {
  readonly [Kind in Problem['kind']]: (problem: Extract<Problem, { kind: Kind }>) => string;
};

/** A whole sentence for what src/aws/ found wrong, without its subject. */
export function problemText(problem: Problem): string {
  // The compiler doesn't see that the kind chooses both.
  const text = TEXTS[problem.kind] as (problem: Problem) => string;
  return text(problem);
}

const TOO_LONG = {
  description: (max: number) => l10n.t('The description is longer than {0} characters.', max),
  reportPrefix: (max: number) => l10n.t('The report prefix is longer than {0} characters.', max),
  manifestPrefix: (max: number) =>
    l10n.t('The manifest prefix is longer than {0} characters.', max),
  keyFilter: (max: number) => l10n.t('A prefix or suffix is longer than {0} characters.', max),
};

const OTHER_REGION = {
  function: (region: string, wanted: string) =>
    l10n.t('The function is in {0}, but the job must run in {1}.', region, wanted),
  source: (region: string, wanted: string) =>
    l10n.t('The source bucket is in {0}, but the job must run in {1}.', region, wanted),
  objects: (region: string, wanted: string) =>
    l10n.t('The bucket with the objects is in {0}, but the job must run in {1}.', region, wanted),
  report: (region: string, wanted: string) =>
    l10n.t('The bucket for the report is in {0}, but the job must run in {1}.', region, wanted),
};

const TEXTS: Texts = {
  noCredentials: () => l10n.t('AWS STS returned no credentials.'),
  noAccount: () => l10n.t('AWS STS returned no account ID.'),
  noBody: () => l10n.t('The response has no body.'),
  priority: ({ max }) =>
    l10n.t('The priority must be a whole number from 0 to {0}.', formatCount(max)),
  checksumReport: () =>
    l10n.t('A job that computes checksums needs a report of all tasks, which lists them.'),
  roleArn: () => l10n.t('This isn’t the ARN of an IAM role.'),
  tooLong: ({ what, max }) => TOO_LONG[what](max),
  requestToken: () => l10n.t('The request token must have 1 to 64 characters.'),
  settingMissing: ({ setting }) => l10n.t('{0} is missing.', setting),
  settingLength: ({ setting, max }) =>
    l10n.t('{0} must have 1 to {1} characters.', setting, formatCount(max)),
  wholeNumber: ({ setting, min }) =>
    l10n.t('{0} must be a whole number, {1} or greater.', setting, formatCount(min)),
  oneSetting: ({ settings }) => l10n.t('Specify either {0} or {1}.', ...settings),
  bothSettings: ({ settings }) => l10n.t('Specify both {0} and {1}, or neither.', ...settings),
  bucketArn: ({ setting }) => l10n.t('{0} must be the ARN of a bucket.', setting),
  keyArn: ({ setting }) => l10n.t('{0} must be the ARN of a KMS key.', setting),
  compositeChecksum: ({ algorithm }) =>
    l10n.t('{0} doesn’t support composite checksums.', algorithm),
  functionArn: () => l10n.t('This isn’t the ARN of a Lambda function.'),
  userArgumentsSchema: () => l10n.t('User arguments require invocation schema version 2.0.'),
  manyUserArguments: ({ max }) =>
    l10n.t('A function can receive up to {0} user arguments.', formatCount(max)),
  userArgument: ({ maxName, maxValue }) =>
    l10n.t(
      'The name of a user argument can have 1 to {0} characters, its value 1 to {1}.',
      formatCount(maxName),
      formatCount(maxValue),
    ),
  unknownOperation: () => l10n.t('S3 Batch Operations has no such operation.'),
  otherAccount: ({ account, own }) =>
    l10n.t('The job is for account {0}, but you are connected to {1}.', account, own),
  otherRegion: ({ what, region, wanted }) => OTHER_REGION[what](region, wanted),
  unknownMembers: ({ names }) =>
    l10n.t(
      'The job uses settings that this version doesn’t know, so it can’t be retried: {0}.',
      formatList(names),
    ),
  tags: ({ problem, key }) => describeTagProblem({ ...problem, index: 0 }, [{ key, value: '' }]),
  impossibleTags: () => l10n.t('No object can have these tags.'),
  longTagChange: () =>
    l10n.t('The tag change is too long for one job. Change fewer tags at a time.'),
  notAReport: () => l10n.t('This isn’t the manifest of a completion report.'),
  noManifest: () => l10n.t('The job has no manifest.'),
  noFailedRow: () => l10n.t('No task in the report failed.'),
  manyRowsToSort: ({ max }) =>
    l10n.t('Only reports of up to {0} rows can be sorted by key.', formatCount(max)),
  mixedVersions: () =>
    l10n.t('Select only objects with a version ID, or only objects without one.'),
  rowWithoutObject: ({ row }) => l10n.t('Row {0} doesn’t name an object.', formatCount(row)),
  longManifest: () => l10n.t('The manifest would be larger than an S3 object can be.'),
  notCsvInventory: () => l10n.t('This isn’t an S3 Inventory of CSV files with keys.'),
  keyUnicode: () => l10n.t('The key isn’t valid Unicode.'),
  filter: () => l10n.t('The filter isn’t valid.'),
  planChanged: () => l10n.t('It has changed since the plan was made. Make a new plan.'),
  conflict: ({ conflict }) =>
    conflict === undefined
      ? l10n.t('It can’t be deployed.')
      : conflictText(conflict as DeploymentConflict),
  roleName: () => l10n.t('This isn’t a valid name for an IAM role.'),
  trustPolicy: () => l10n.t('The trust policy isn’t valid JSON.'),
  functionState: ({ state }) => l10n.t('The function is still in the state {0}.', state),
  functionFailed: () => l10n.t('The function failed, and Lambda gave no reason.'),
  notResizeFunction: () => l10n.t('The response isn’t that of a resize function.'),
  dynamicReference: ({ reference }) =>
    l10n.t(
      'A CloudFormation template can’t hold {0}: CloudFormation would resolve it. Export as Terraform instead.',
      reference,
    ),
  imageFunction: () => l10n.t('The function is a container image, so it has no zip to deploy.'),
  notificationsChanging: () =>
    l10n.t('Another client is changing the event notifications. Wait a moment, then retry.'),
  unknownNotifications: ({ element }) =>
    l10n.t(
      'The event notifications contain {0}, which would be lost. Nothing was changed.',
      element,
    ),
  notificationExists: ({ id }) =>
    l10n.t('Another event notification already has the name {0}.', id),
  notificationOverlaps: ({ id }) => l10n.t('The event notification would overlap with {0}.', id),
  manyNotifications: ({ max }) =>
    l10n.t('A bucket can have up to {0} event notifications.', formatCount(max)),
  bucketInUse: () => l10n.t('Another client keeps writing to the bucket. Stop it, then retry.'),
  fileInTheWay: () => l10n.t('A file exists where a folder is needed.'),
  fileChanged: () => l10n.t('The file changed while it was being read. Retry.'),
  otherObject: () => l10n.t('The object in S3 isn’t the uploaded file.'),
  noUpload: () => l10n.t('The upload no longer exists.'),
  bigFolder: ({ max }) => l10n.t('The folder has more than {0} entries.', formatCount(max)),
  workerEnds: ({ why }) =>
    l10n.t('The worker process keeps ending ({0}). Reload the window, then retry.', why),
  taskEnded: () => l10n.t('The task has already ended.'),
};
