import { l10n } from 'vscode';
import type { Check, CheckReason, MissingPermission, SetOff } from '../../aws/preflight/check.ts';
import { functionName } from '../../aws/functionArn.ts';
import { BATCH_SERVICE } from '../../aws/roles/rolePolicy.ts';
import { describeError } from '../../vscode/describeError.ts';
import { formatCount, formatList, formatObjects } from '../../vscode/formats.ts';
import { problemText } from '../../vscode/problemTexts.ts';
import { formatSize } from '../../vscode/sizes.ts';
import { describeProblem } from '../create/manifestProblemText.ts';
import { describeMissing } from '../create/roleIssues.ts';
import { warningText } from '../operations/warningText.ts';
import { limitText, regionText, settingText } from './requestText.ts';
import { eventLabel } from '../../vscode/eventText.ts';

/** Why a check ended as it did, in a sentence or two. */
export function checkText({ reason, subject }: Check): string {
  const text = TEXTS[reason.kind] as (reason: CheckReason, subject: string) => string;
  return text(reason, subject);
}

type Texts = {
  readonly [Kind in CheckReason['kind']]: (
    reason: Extract<CheckReason, { kind: Kind }>,
    subject: string,
  ) => string;
};

const TEXTS: Texts = {
  fine: () => '',
  error: ({ error }) => describeError(error),
  limit: ({ limit, most }) => limitText(limit, most),
  operationProblem: ({ problem }) => l10n.t('AWS would reject it. {0}', problemText(problem)),
  unknownOperation: ({ name }) =>
    l10n.t('{0} isn’t supported here; its effects and permissions aren’t checked.', name),
  runsAtOnce: () => l10n.t('The job runs as soon as it is created, without a confirmation.'),
  operationWarning: ({ warning }) => warningText(warning),
  rows: ({ rows }) => formatObjects(rows),
  rowsUnknown: () => l10n.t('The objects that it lists couldn’t be counted.'),
  tooBig: ({ bytes }) =>
    l10n.t('It is {0} and wasn’t read. To read all of it, use Check Manifest.', formatSize(bytes)),
  generated: ({ objects, isComplete }) => generatedText(objects, isComplete),
  noObjects: () => l10n.t('There are no objects. The job would fail.'),
  missing: (_, subject) => l10n.t('{0} doesn’t exist.', subject),
  staleETag: () => l10n.t('The manifest has changed since it was read; the job would fail.'),
  quotedETag: () => l10n.t('The ETag is in quotation marks; S3 expects it without them.'),
  customerKey: () =>
    l10n.t('It is encrypted with a customer-provided key (SSE-C), which a job can’t use.'),
  fields: ({ found }) =>
    l10n.t('The columns of the request aren’t those of the manifest: {0}.', found.join(', ')),
  problem: ({ problem, count }) => {
    const first = describeProblem(problem);
    if (count <= 1) return first;
    return count === 2
      ? l10n.t('{0} (and 1 more)', first)
      : l10n.t('{0} (and {1} more)', first, formatCount(count - 1));
  },
  compared: ({ compared, rows }) =>
    rows === undefined
      ? l10n.t('The rows weren’t compared.')
      : l10n.t(
          'Only the first {0} of {1} rows were compared. Check Manifest compares more.',
          ...[formatCount(compared), formatCount(rows)],
        ),
  objectsAsked: ({ asked }) =>
    asked === 1 ? l10n.t('The object exists.') : l10n.t('All {0} exist.', formatObjects(asked)),
  objectsMissing: ({ missing, asked }) =>
    missing === asked
      ? l10n.t('None of {0} exists.', formatObjects(asked))
      : l10n.t('{0} of {1} don’t exist.', formatCount(missing), formatObjects(asked)),
  objectsDenied: ({ denied, asked }) =>
    l10n.t(
      'Can’t check whether {0} of {1} exist. Missing permission: s3:GetObject.',
      ...[formatCount(denied), formatObjects(asked)],
    ),
  objectsNotAsked: ({ rows }) =>
    rows === undefined
      ? l10n.t('Their existence wasn’t checked.')
      : l10n.t('Their existence wasn’t checked. That takes {0} requests.', formatCount(rows)),
  versionsNamed: () => l10n.t('The manifest lists the version of each object.'),
  notVersioned: () => l10n.t('The bucket isn’t versioned.'),
  latestVersions: (_, subject) =>
    l10n.t(
      '{0} is versioned, and the manifest lists no versions: each task uses the version that is the latest when it runs.',
      subject,
    ),
  setting: ({ setting, isOn }) => settingText(setting, isOn),
  region: ({ region }) => l10n.t('All resources are in {0}.', region),
  otherRegion: reason => regionText(reason),
  noRole: () => l10n.t('The role doesn’t exist in this account.'),
  otherAccount: ({ accountId }) =>
    l10n.t('The role is in account {0}; a job’s role must be in the job’s own account.', accountId),
  untrusted: () => l10n.t('Its trust policy doesn’t name {0}.', BATCH_SERVICE),
  trustUnknown: () =>
    l10n.t('You can’t read the role (iam:GetRole), or the permissions that it needs aren’t known.'),
  allowed: ({ by }) =>
    by === 'policies'
      ? l10n.t('From the role’s policies; you aren’t allowed to simulate them in IAM.')
      : '',
  notAllowed: ({ missing, purpose }) =>
    missing
      .map(({ action, resource: pattern }) => {
        const finding = { purpose, action, pattern, resource: pattern, optional: false } as const;
        const fault = describeMissing({ ...finding, decision: 'implicitDeny' });
        return `${fault.consequence}. ${fault.detail}.`;
      })
      .concat(deniedNote(missing))
      .join('\n'),
  permissionUnknown: ({ actions }) =>
    l10n.t(
      'Can’t check whether it has {0}: you aren’t allowed to simulate its policies (iam:SimulatePrincipalPolicy) or read them.',
      formatList(actions),
    ),
  callerAllowed: ({ actions }) => actions.join(', '),
  callerNotAllowed: ({ missing }) =>
    missing
      .map(({ action, resource }) => l10n.t('You lack {0} on {1}.', action, resource))
      .concat(deniedNote(missing))
      .join('\n'),
  callerUnknown: ({ why }) => callerUnknownText(why),
  keyPolicyUnread: ({ key }) =>
    l10n.t(
      'The role’s policies allow it, but whether the policy of the key {0} lets the role use it isn’t checked.',
      key,
    ),
  noReport: () => l10n.t('There is no completion report, so you won’t see which objects failed.'),
  reportLocked: ({ mode }) =>
    l10n.t(
      'The bucket has default retention with Object Lock ({0}). S3 can’t deliver a report to it.',
      mode,
    ),
  reportAmongObjects: () =>
    l10n.t('The next job on the same objects would also process the report’s files.'),
  noEvents: () => l10n.t('The job triggers no event notifications.'),
  events: ({ event }) => triggerText(event),
  eventsUnknown: () =>
    l10n.t('What is written, and which event notifications that triggers, isn’t known.'),
  functionState: ({ state }) => l10n.t('The function’s state is {0}.', state),
  functionAnswers: () => l10n.t('Deployed by Bucket Brigade; supports batch jobs.'),
  functionUnknown: () => l10n.t('Not deployed by Bucket Brigade; it may not support batch jobs.'),
};

function generatedText(objects: number | undefined, isComplete: boolean | undefined): string {
  if (objects === undefined) {
    return l10n.t('S3 finds the objects by filters that aren’t counted here.');
  }
  return isComplete === true
    ? l10n.t('S3 would find {0}.', formatObjects(objects))
    : l10n.t('S3 would find at least {0}.', formatObjects(objects));
}

/** Another statement that allows it changes nothing. */
function deniedNote(missing: readonly MissingPermission[]): string[] {
  return missing.some(({ isDenied }) => isDenied)
    ? [l10n.t('A policy denies it explicitly; that has to be changed first.')]
    : [];
}

function callerUnknownText(why: 'root' | 'federated' | 'denied'): string {
  switch (why) {
    case 'root':
      return l10n.t('You are signed in as the root user, which IAM can’t simulate.');
    case 'federated':
      return l10n.t('IAM can’t simulate this kind of identity.');
    case 'denied':
      return l10n.t(
        'Can’t check your permissions. Missing permission: iam:SimulatePrincipalPolicy.',
      );
  }
}

function triggerText({ destination, count, isExact, isReport, ...setOff }: SetOff): string {
  const event = eventLabel(setOff.event);
  const who = destination === undefined ? 'Amazon EventBridge' : resourceName(destination);
  if (isReport) return l10n.t('Each file of the report triggers {0} ({1}).', who, event);
  if (count === undefined) {
    return l10n.t('Each object triggers {0} ({1}).', who, event);
  }
  return isExact
    ? l10n.t('Each object triggers {0} ({1}): {2} times.', who, event, formatCount(count))
    : l10n.t('Objects trigger {0} ({1}): up to {2} times.', who, event, formatCount(count));
}

function resourceName(arn: string): string {
  return arn.split(':')[2] === 'lambda' ? functionName(arn) : arn.slice(arn.lastIndexOf(':') + 1);
}
