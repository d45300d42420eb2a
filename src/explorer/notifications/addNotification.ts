import { randomUUID } from 'node:crypto';
import { l10n, window } from 'vscode';
import type { AddNotificationArguments, S3Location } from '../../commands.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { askNotification } from './askNotification.ts';
import { bucketOrAsk, readState, type Notifications } from './chooseNotification.ts';
import {
  QUESTIONS,
  formatFilters,
  notificationsOf,
  type CompleteDraft,
  type Draft,
} from './draft.ts';
import { warnOfLoop } from './problems.ts';
import { eventNames } from './notificationSummary.ts';
import { destinationName } from './notificationText.ts';
import { checked, destinationOf, put } from './writeNotifications.ts';
import type { Session } from '../../services.ts';

/**
 * Asks for what is missing and adds an entry for each suffix.
 *
 * @returns the ids of the new entries
 */
export async function addNotification(
  notifications: Notifications,
  target: S3Location | AddNotificationArguments | undefined,
): Promise<string[]> {
  const session = await notifications.connections.session();
  const title = l10n.t('Add Event Notification');
  const bucket = await bucketOrAsk(notifications, session, target, title);
  const given = givenOf(target);
  const draft: Draft = {
    ...(given.events && { events: given.events }),
    ...filtersOf(given),
    ...(given.destinationArn !== undefined && {
      destination: destinationOf(given.destinationArn),
    }),
  };
  const silent = given.skipConfirmation === true;
  if (silent) {
    draft.events ??= ['s3:ObjectCreated:*'];
    draft.filters ??= [];
  }
  const left = QUESTIONS.filter(question => draft[question] === undefined);
  // A prefix that was added to the list by itself is what its notifications are about.
  if (target && 'key' in target && target.key) {
    draft.filters ??= [{ prefix: target.key, suffix: '' }];
  }
  const { enabled } = await readState(notifications, session, bucket);
  await askNotification({ session, bucket, title, draft, left, others: enabled });
  const complete = checked(bucket, draft, enabled);
  if (!silent) await warnOfLoop(session, bucket, complete);
  const added = notificationsOf(complete, () => newId(complete));
  const input = { bucket, notifications: added, replaces: [] };
  await put(notifications, session, input, { others: enabled, silent });
  if (!silent) void showAdded(session, bucket, complete);
  return added.map(({ id }) => id);
}

/** Without a suffix for every key that begins with the prefix. */
function filtersOf({ prefix, suffixes }: Partial<AddNotificationArguments>): Draft {
  if (prefix === undefined && suffixes === undefined) return {};
  const each = suffixes === undefined || suffixes.length === 0 ? [''] : suffixes;
  return { filters: each.map(suffix => ({ prefix: prefix ?? '', suffix })) };
}

function givenOf(target: S3Location | AddNotificationArguments | undefined) {
  // A row has none of these fields, whatever it is.
  return (target ?? {}) as Partial<AddNotificationArguments>;
}

/** Like the names that people give in the console: what it is for, and different from all others. */
export function newId(draft: Pick<CompleteDraft, 'destination'>): string {
  const name = destinationName(draft).replace(/[^\w-]/g, '-');
  return `${name.slice(0, 100)}-${randomUUID().slice(0, 8)}`;
}

/** Says what a bucket now notifies, and how to see it; resolves when the message is closed. */
async function showAdded(session: Session, bucket: string, draft: CompleteDraft): Promise<void> {
  const { filters, events } = draft;
  const keys = formatFilters(filters);
  const name = destinationName(draft);
  const text = neutralizeLinks(
    keys === ''
      ? l10n.t('{0} now receives events from {1}: {2}.', name, bucket, eventNames(events))
      : l10n.t(
          '{0} now receives events from {1} ({2}): {3}.',
          name,
          bucket,
          keys,
          eventNames(events),
        ),
  );
  const upload = l10n.t('Upload Files…');
  const isToldOfUploads = events.some(event => /^s3:ObjectCreated:(\*|Put)$/.test(event));
  const chosen = await window.showInformationMessage(text, ...(isToldOfUploads ? [upload] : []));
  if (chosen !== upload) return;
  const [{ prefix } = { prefix: '' }] = filters;
  // A prefix that is no folder is a beginning of names.
  const key = prefix.endsWith('/') ? { key: prefix } : {};
  await runCommandFor(session, 'bucketBrigade.explorer.upload', { bucket, ...key });
}
