import { l10n } from 'vscode';
import type { ManagementEvent } from '../aws/cloudTrail/managementEvents.ts';
import { plainFunctionName } from '../aws/functionArn.ts';
import type { Annotation } from './protocol.ts';

/** Changes of a function as CloudTrail names them (Lambda guide, "Logging Lambda API calls"). */
export const FUNCTION_EVENTS = [
  'CreateFunction20150331',
  'UpdateFunctionCode20150331v2',
  'UpdateFunctionConfiguration20150331v2',
  'DeleteFunction20150331',
] as const;

/** PutBucketNotificationConfiguration (S3 guide, "Amazon S3 CloudTrail events"). */
export const NOTIFICATION_EVENT = 'PutBucketNotification';

/** What the events mean for one function. */
export function annotationsOf(
  events: readonly ManagementEvent[],
  functionName: string,
): Annotation[] {
  const buckets = bucketsOf(events, functionName);
  return events.flatMap((event): Annotation[] => {
    const { time, parameters } = event;
    if (event.name === NOTIFICATION_EVENT) {
      const bucket = parameters['bucketName'];
      if (typeof bucket !== 'string' || !buckets.has(bucket)) return [];
      const what = l10n.t('Event notifications of {0} changed', bucket);
      return [{ time, kind: 'notification', text: said(what, event) }];
    }
    const changed = parameters['functionName'];
    if (typeof changed !== 'string' || plainFunctionName(changed) !== functionName) return [];
    // Asked for whether it could be done, and not done (UpdateFunctionCode, DryRun).
    if (parameters['dryRun'] === true) return [];
    return [{ time, kind: 'deployment', text: said(deploymentText(event.name), event) }];
  });
}

/** Buckets one of whose configurations named the function: a removal names it no longer. */
function bucketsOf(events: readonly ManagementEvent[], name: string): ReadonlySet<unknown> {
  const told = events.filter(event => {
    if (event.name !== NOTIFICATION_EVENT) return false;
    // The end of an ARN, or what stands before a version or an alias.
    const text = JSON.stringify(event.parameters);
    return text.includes(`:function:${name}"`) || text.includes(`:function:${name}:`);
  });
  return new Set(told.map(({ parameters }) => parameters['bucketName']));
}

function deploymentText(eventName: string): string {
  if (eventName.startsWith('CreateFunction')) return l10n.t('Function created');
  if (eventName.startsWith('UpdateFunctionCode')) return l10n.t('Code updated');
  if (eventName.startsWith('DeleteFunction')) return l10n.t('Function deleted');
  return l10n.t('Configuration changed');
}

function said(what: string, { username }: ManagementEvent): string {
  return username === '' ? what : l10n.t('{0} by {1}', what, username);
}
