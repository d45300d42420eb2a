import { l10n } from 'vscode';
import { plainFunctionName } from '../../aws/functionArn.ts';
import type { Mismatch } from '../../aws/objectStory/matchEvent.ts';
import type { StepReason } from '../../aws/objectStory/story.ts';
import { formatCount, formatList } from '../../vscode/formats.ts';
import { visible } from '../../vscode/visibleText.ts';
import { formatClock } from './figures.ts';
import { eventLabel } from '../../vscode/eventText.ts';

/** Notifications that are named one by one. */
const MAX_NAMED = 8;

/** Why a step is what it is, and what to do next. */
export function reasonText(reason: StepReason): string {
  switch (reason.kind) {
    case 'objectMissing':
      return l10n.t('The object doesn’t exist. It was deleted or never uploaded.');
    case 'sending':
    case 'notSent':
      return sendingText(reason);
    case 'denied':
      return deniedText(reason.action);
    case 'noNotifications':
      return reason.eventBridge
        ? l10n.t(
            'The bucket sends its events to Amazon EventBridge only. Its rules aren’t followed here.',
          )
        : l10n.t('The bucket has no event notifications, so nothing was invoked.');
    case 'noneMatches':
      return noneMatchesText(reason);
    case 'otherDestination':
      return otherDestinationText(reason);
    case 'sent':
      return sentText(reason);
    case 'functionMissing':
    case 'functionBroken':
    case 'notPermitted':
    case 'nothingReserved':
      return functionText(reason);
    case 'throttled':
    case 'noInvocation':
    case 'notNamed':
    case 'running':
      return invocationText(reason);
    case 'attemptFailed':
      return attemptText(reason);
    case 'notResized':
    case 'bucketMissing':
    case 'resultMissing':
    case 'otherFunction':
      return resultText(reason);
  }
}

type Reason<Kind extends StepReason['kind']> = Extract<StepReason, { kind: Kind }>;

function deniedText(action: string | undefined): string {
  return action === undefined
    ? l10n.t('Missing permission.')
    : l10n.t('Missing permission: {0}.', action);
}

function sendingText(reason: Reason<'sending' | 'notSent'>): string {
  if (reason.kind === 'sending') {
    return reason.isPaused ? l10n.t('The upload is paused.') : l10n.t('The upload is running.');
  }
  return reason.isCancelled
    ? l10n.t('The upload was cancelled, so S3 sent no event.')
    : l10n.t('The upload failed, so S3 sent no event. The Transfers view says why.');
}

function noneMatchesText({ near, eventBridge }: Reason<'noneMatches'>): string {
  const named = near
    .slice(0, MAX_NAMED)
    .map(({ notification: { id, prefix, suffix, events }, mismatch }) => {
      const name = visible(id);
      return mismatchText(mismatch ?? 'event', name, { prefix, suffix, events });
    });
  const rest = near.length - named.length;
  const more =
    rest === 0 ? [] : [l10n.t('{0} more notifications don’t match either.', formatCount(rest))];
  const lead = eventBridge
    ? l10n.t('No event notification matches; Amazon EventBridge got the event.')
    : l10n.t('No event notification matches, so nothing was invoked.');
  const rules = eventBridge ? [l10n.t('Rules of Amazon EventBridge are not followed here.')] : [];
  return [lead, ...named, ...more, ...rules].join('\n');
}

function mismatchText(
  mismatch: Mismatch,
  name: string,
  scope: { prefix: string; suffix: string; events: readonly string[] },
): string {
  const [prefix, suffix] = [visible(scope.prefix), visible(scope.suffix)];
  switch (mismatch) {
    case 'event':
      return l10n.t(
        '“{0}” is for other events: {1}.',
        name,
        formatList(scope.events.map(eventLabel)),
      );
    case 'prefix':
      return l10n.t('“{0}” needs a key that begins with “{1}”.', name, prefix);
    case 'suffix':
      return l10n.t(
        '“{0}” needs a key that ends with “{1}”. S3 distinguishes upper and lower case.',
        name,
        suffix,
      );
    case 'prefixAndSuffix':
      return l10n.t(
        '“{0}” needs a key that begins with “{1}” and ends with “{2}”.',
        name,
        prefix,
        suffix,
      );
  }
}

function otherDestinationText({ to, arn }: Reason<'otherDestination'>): string {
  const name = arn.split(':').at(-1) ?? arn;
  return to === 'queue'
    ? l10n.t('S3 sends the event to the SQS queue {0}. What reads it isn’t followed here.', name)
    : l10n.t(
        'S3 sends the event to the SNS topic {0}. Its subscribers aren’t followed here.',
        name,
      );
}

function sentText({ notification, isConditional }: Reason<'sent'>): string {
  const { id, events, destination } = notification;
  const matched = l10n.t(
    'The event notification “{0}” matches and invokes {1}.',
    visible(id),
    plainFunctionName(destination.arn),
  );
  if (!isConditional) return matched;
  const only = l10n.t(
    'How the object was written decides which event is sent. The notification covers only: {0}.',
    formatList(events.map(eventLabel)),
  );
  return `${matched}\n${only}`;
}

function functionText(
  reason: Reason<'functionMissing' | 'functionBroken' | 'notPermitted' | 'nothingReserved'>,
): string {
  switch (reason.kind) {
    case 'functionMissing':
      return l10n.t('The function was deleted, but the event notification still points to it.');
    case 'functionBroken':
      return l10n.t('Lambda can’t run the function: {0}', visible(reason.reason));
    case 'notPermitted':
      return l10n.t(
        'The function’s policy doesn’t allow S3 to invoke it for this bucket. Save the event notification again to add the permission.',
      );
    case 'nothingReserved':
      return l10n.t(
        'The function’s reserved concurrency is 0, so Lambda throttles every invocation.',
      );
  }
}

function invocationText(
  reason: Reason<'throttled' | 'noInvocation' | 'notNamed' | 'running'>,
): string {
  switch (reason.kind) {
    case 'throttled':
      return l10n.t(
        'Lambda throttled the function {0} times since the upload. It retries for up to six hours: raise the function’s concurrency, then follow again.',
        formatCount(reason.count),
      );
    case 'noInvocation': {
      const missing = l10n.t(
        'The function’s log has no invocation for this object. Either the event notification was added after the upload, or the function’s role can’t write logs.',
      );
      const expired = l10n.t('Log lines of that day may also have expired.');
      return reason.isOld ? `${missing}\n${expired}` : missing;
    }
    case 'notNamed':
      return reason.count === 1
        ? l10n.t(
            'The function ran once since the upload, but its log doesn’t name the object. It may be this one.',
          )
        : l10n.t(
            'The function ran {0} times since the upload, but its log doesn’t name the object. It may be any of these.',
            formatCount(reason.count),
          );
    case 'running':
      return l10n.t('The function is running.');
  }
}

function attemptText(reason: Reason<'attemptFailed'>): string {
  const { attempt, of, next, errorType, message } = reason;
  const said = [errorType, message].filter(part => part !== undefined && part !== '').join(': ');
  const tries =
    next === undefined
      ? of === 1
        ? l10n.t('Lambda doesn’t retry: retries are off.')
        : l10n.t('Attempt {0} of {1}. Lambda doesn’t retry.', attempt, of)
      : l10n.t('Attempt {0} of {1}. Lambda retries at {2}.', attempt, of, formatClock(next));
  const kept =
    reason.onFailure === undefined
      ? ''
      : l10n.t('Lambda sends the event to {0}.', visible(reason.onFailure));
  return [whyText(reason.why), visible(said), hintText(reason), tries, kept]
    .filter(text => text !== '')
    .join('\n');
}

function whyText(why: Reason<'attemptFailed'>['why']): string {
  switch (why) {
    case 'failed':
      return l10n.t('The function failed.');
    case 'timedOut':
      return l10n.t('The function timed out. Increase its timeout or memory.');
    case 'outOfMemory':
      return l10n.t('The function ran out of memory. Increase its memory.');
  }
}

/** What helps against what the resize function calls its errors. */
function hintText({ errorType }: { readonly errorType?: string }): string {
  switch (errorType) {
    case 'AccessDenied':
      return l10n.t('The function’s role lacks a permission. Deploy the function again to add it.');
    case 'NoSuchBucket':
      return l10n.t('The bucket for the resized images doesn’t exist. Deploy the function again.');
    default:
      return '';
  }
}

function resultText(
  reason: Reason<'notResized' | 'bucketMissing' | 'resultMissing' | 'otherFunction'>,
): string {
  switch (reason.kind) {
    case 'notResized': {
      const { message = '', errorType, isSkip } = reason;
      const said = [errorType, message].filter(part => part !== undefined && part !== '');
      const lead = isSkip
        ? l10n.t('The function skipped the object.')
        : l10n.t('The function can’t resize the object.');
      return [lead, visible(said.join(': '))].join('\n');
    }
    case 'bucketMissing':
      return l10n.t('The bucket {0} doesn’t exist.', reason.bucket);
    case 'resultMissing':
      return l10n.t('Not found: {0}', formatList(reason.keys.map(key => visible(key))));
    case 'otherFunction':
      return l10n.t(
        'This isn’t Bucket Brigade’s resize function, so what it writes isn’t known. Check its log lines.',
      );
  }
}
