import { l10n } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import type { Problem } from '../aws/problems.ts';
import { visibleSentence } from './visibleText.ts';
import { formatList } from './formats.ts';

/**
 * One short sentence about what went wrong, in the user's language and naming the subject. For
 * messages and for the error row of a view.
 */
export function describeError(error: unknown): string {
  if (error instanceof BrigadeError) return visibleSentence(describeBrigadeError(error));
  if (error instanceof Error && error.message !== '') return visibleSentence(error.message);
  return l10n.t('Something went wrong. See the log for details.');
}

function describeBrigadeError(error: BrigadeError): string {
  const { subject } = error;
  const said = ownText(error) ?? error.awsMessage ?? error.message;
  if (error.reason === 'UnfinishedUpload') return describeUnfinished(error);
  const reason = texts?.reason(error);
  if (reason !== undefined) return reason;
  switch (error.code) {
    case 'NoConnection':
      return l10n.t('Select a connection first.');
    case 'Cancelled':
      return l10n.t('Cancelled.');
    case 'Network':
      return describeNetwork(error);
    case 'NoService':
      return describeNoService(error);
    case 'NotAws':
      return describeNotAws(error);
    case 'CredentialsExpired':
      return subject === undefined
        ? l10n.t('The credentials have expired or aren’t valid. Sign in again, then retry.')
        : l10n.t(
            '{0}: the credentials have expired or aren’t valid. Sign in again, then retry.',
            subject,
          );
    case 'CredentialsMissing':
      return subject === undefined
        ? l10n.t(
            'No valid credentials were found for this connection. Set them as for the AWS CLI, then retry.',
          )
        : l10n.t(
            'No valid credentials were found for {0}. Set them as for the AWS CLI, then retry.',
            subject,
          );
    case 'AccessDenied':
      return describeAccessDenied(error);
    case 'NotFound':
      return subject === undefined
        ? l10n.t('Not found: {0}', said)
        : l10n.t('{0} wasn’t found.', subject);
    case 'Throttled':
      return l10n.t('AWS is throttling requests. Wait a moment, then retry.');
    case 'Conflict':
    case 'InvalidInput':
    case 'FunctionFailed':
    case 'Unknown':
      return subject === undefined || beginsWithName(said, subject)
        ? sentence(said)
        : l10n.t('{0}: {1}', subject, sentence(said));
    case 'DiskFull':
      return subject === undefined
        ? l10n.t('The disk is full. Free some space, then retry.')
        : l10n.t('{0}: the disk is full. Free some space, then retry.', subject);
    case 'LinkInTheWay':
      return subject === undefined
        ? l10n.t('A link points outside the folder you chose. Nothing was written there.')
        : l10n.t('{0} is a link. Nothing was written through it.', subject);
    case 'RoleNotReady':
      return subject === undefined
        ? l10n.t('AWS can’t use the new role yet. Wait a minute, then retry.')
        : l10n.t('AWS can’t use the new role {0} yet. Wait a minute, then retry.', subject);
    case 'UndoIncomplete':
      return describeUndoIncomplete(error);
    case 'SandboxFailed':
    case 'SandboxFolder':
    case 'SandboxStopped':
    case 'Misconfigured':
      // connections/ throws it with a sentence that is meant to be shown.
      return error.message;
  }
}

/** The sentences for what src/aws/ finds wrong, and for the reasons that it gives. */
export interface ErrorTexts {
  readonly problem: (problem: Problem) => string;
  readonly reason: (error: BrigadeError) => string | undefined;
}

let texts: ErrorTexts | undefined;

/** They come with the first session: activation has none. */
export function useErrorTexts(given: ErrorTexts): void {
  texts = given;
}

/** Messages of src/aws/ with a problem are for the log: they are English. */
function ownText({ problem }: BrigadeError): string | undefined {
  if (problem === undefined) return undefined;
  return texts?.problem(problem) ?? l10n.t('Something went wrong. See the log for details.');
}

function describeNoService({ subject, service }: BrigadeError): string {
  if (subject === undefined) {
    return service === undefined
      ? l10n.t('The endpoint doesn’t support that service.')
      : l10n.t('The endpoint doesn’t support {0}.', service);
  }
  return service === undefined
    ? l10n.t('{0} doesn’t support that service.', subject)
    : l10n.t('{0} doesn’t support {1}.', subject, service);
}

/** The address first: rows are cut at their end. */
function describeNetwork({ subject, host, connection }: BrigadeError): string {
  const advice = l10n.t('Check the network and the endpoint.');
  const isSaid = host !== undefined && subject?.includes(host);
  const facts = isSaid ? [connection] : [host, connection];
  const at = facts.filter(part => part !== undefined).join(', ');
  const what = subject ?? l10n.t('The service');
  return at === ''
    ? l10n.t('{0} couldn’t be reached. {1}', what, advice)
    : l10n.t('{0} couldn’t be reached ({1}). {2}', what, at, advice);
}

/** Other sentences may follow; messages of AWS often have no full stop. */
function sentence(text: string): string {
  return /[.!?…:]$/.test(text) ? text : `${text}.`;
}

/** Names the host, for it is the address or what stands before it that is wrong. */
function describeNotAws({ subject = '', answer, message, awsCode }: BrigadeError): string {
  if (!answer)
    return subject === ''
      ? message
      : l10n.t('{0}: the response doesn’t say whether it succeeded. Refresh to check.', subject);
  // It took the request for another one that it knows.
  if (awsCode === 'NotImplemented')
    return l10n.t('{0} doesn’t support {1}.', subject, answer.operation);
  return l10n.t(
    'Unexpected response from {0}: {1} got “{2}” instead of “{3}”. Check the endpoint and the proxy, and whether the network requires you to sign in.',
    ...[subject, answer.operation, answer.found, answer.wanted],
  );
}

/** Whether a sentence begins with a name, whatever particle a language puts behind it. */
function beginsWithName(said: string, name: string): boolean {
  return said.startsWith(name) && !/^[\w./-]/.test(said.slice(name.length));
}

/** Says which permission is missing where AWS named it. */
function describeAccessDenied({ subject, action, resource }: BrigadeError): string {
  // An object's key is another resource than the object, with a policy of its own.
  if (action?.startsWith('kms:') && resource !== undefined) {
    return subject === undefined
      ? l10n.t('Access denied. Missing permission: {0} on {1}.', action, resource)
      : l10n.t('Access to {0} denied. Missing permission: {1} on {2}.', subject, action, resource);
  }
  if (action !== undefined) {
    return subject === undefined
      ? l10n.t('Access denied. Missing permission: {0}.', action)
      : l10n.t('Access to {0} denied. Missing permission: {1}.', subject, action);
  }
  return subject === undefined
    ? l10n.t('Access denied.')
    : l10n.t('Access to {0} denied.', subject);
}

/** Even of what was cancelled: it cost nothing to stop, but something is there now. */
function describeUndoIncomplete(error: BrigadeError): string {
  const { cause, subject, left } = error;
  const message = ownText(error) ?? error.awsMessage ?? error.message;
  const said = subject === undefined ? message : l10n.t('{0}: {1}', subject, message);
  const why = cause instanceof BrigadeError ? describeBrigadeError(cause) : said;
  return left.length === 0
    ? why
    : l10n.t('{0} Rollback incomplete. Remaining: {1}.', why, formatList(left));
}

function describeUnfinished({ cause, left, message }: BrigadeError): string {
  return l10n.t(
    '{0} Parts of the upload are still in the bucket, and are deleted with the next upload to it: {1}.',
    cause instanceof BrigadeError ? describeBrigadeError(cause) : sentence(message),
    formatList(left),
  );
}
