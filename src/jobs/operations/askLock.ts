import { l10n, window } from 'vscode';
import type {
  S3CopyObjectOperation,
  S3ObjectLockMode,
  S3SetObjectLegalHoldOperation,
  S3SetObjectRetentionOperation,
} from '@aws-sdk/client-s3-control';
import { cancelled } from '../../vscode/cancellation.ts';
import { askText, pick, type PromptPosition } from '../../vscode/prompts.ts';
import { dateProblem, endOfDay, isoDay } from './retentionDay.ts';
import { warningText } from './warningText.ts';

/** Asks whether objects are under legal hold. @throws BrigadeError `Cancelled`, BackPressed */
export async function askLegalHold(
  position: PromptPosition,
  before: S3SetObjectLegalHoldOperation | undefined,
): Promise<S3SetObjectLegalHoldOperation> {
  const { status } = await pick({
    ...position,
    placeholder: l10n.t('Legal hold of the objects; their bucket must have Object Lock'),
    items: [
      { label: l10n.t('Turn On'), description: warningText('legalHold'), status: 'ON' as const },
      { label: l10n.t('Turn Off'), status: 'OFF' as const },
    ],
    active: item => item.status === before?.LegalHold?.Status,
  });
  return { LegalHold: { Status: status } };
}

/** Asks for the retention of objects. @throws BrigadeError `Cancelled`, BackPressed */
export async function askRetention(
  position: PromptPosition,
  before: S3SetObjectRetentionOperation | undefined,
): Promise<S3SetObjectRetentionOperation> {
  const { Retention: now } = before ?? {};
  const mode = await askMode(position, now?.Mode, l10n.t('Remove Retention'));
  if (mode === undefined) {
    // Retention in governance mode can be removed by callers who may bypass it, and by nobody otherwise.
    return { ...before, BypassGovernanceRetention: true, Retention: {} };
  }
  const RetainUntilDate = await askDate(position, now?.RetainUntilDate);
  await confirmCompliance(mode, RetainUntilDate);
  const bypasses = await askBypass(position, before?.BypassGovernanceRetention);
  return {
    ...(bypasses && { BypassGovernanceRetention: true }),
    Retention: { Mode: mode, RetainUntilDate },
  };
}

/** The Object Lock settings of the copies, on one line. */
export function lockText(settings: S3CopyObjectOperation): string {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: date } = settings;
  const hold = settings.ObjectLockLegalHoldStatus === 'ON' ? [l10n.t('legal hold')] : [];
  const retained = mode && date ? [l10n.t('{0} until {1}', mode, isoDay(date))] : [];
  const texts = [...retained, ...hold];
  return texts.length === 0
    ? l10n.t('default encryption of the destination bucket')
    : texts.join(', ');
}

/** Asks for the retention of copies. @throws BrigadeError `Cancelled`, BackPressed */
export async function askCopyLock(
  position: PromptPosition,
  before: S3CopyObjectOperation,
): Promise<S3CopyObjectOperation> {
  const { ObjectLockMode: now, ObjectLockRetainUntilDate: date, ...rest } = before;
  const mode = await askMode(position, now, l10n.t('Bucket Default'));
  if (mode === undefined) return rest;
  const until = await askDate(position, date);
  await confirmCompliance(mode, until);
  return { ...rest, ObjectLockMode: mode, ObjectLockRetainUntilDate: until };
}

async function askMode(
  position: PromptPosition,
  before: S3ObjectLockMode | undefined,
  none: string,
): Promise<S3ObjectLockMode | undefined> {
  const { mode } = await pick({
    ...position,
    placeholder: l10n.t('Retention mode; the bucket must have Object Lock'),
    items: [
      {
        label: l10n.t('Governance Mode…'),
        description: l10n.t('users with the permission can shorten it'),
        mode: 'GOVERNANCE' as const,
      },
      {
        label: l10n.t('Compliance Mode…'),
        description: l10n.t('nobody can shorten it, not even the root user'),
        mode: 'COMPLIANCE' as const,
      },
      { label: none, mode: undefined },
    ],
    active: item => item.mode === before,
  });
  return mode;
}

async function askDate(position: PromptPosition, before: Date | undefined): Promise<Date> {
  const text = await askText({
    ...position,
    prompt: l10n.t('Retain until the end of this day in UTC: year-month-day'),
    placeholder: '2030-12-31',
    ...(before && { value: isoDay(before) }),
    validate: typed => dateProblem(typed),
  });
  return endOfDay(text);
}

/** It can't be undone, so it is said before it is taken. @throws BrigadeError `Cancelled` */
async function confirmCompliance(mode: S3ObjectLockMode, date: Date): Promise<void> {
  if (mode !== 'COMPLIANCE') return;
  const use = l10n.t('Use Compliance Mode');
  const chosen = await window.showWarningMessage(
    l10n.t('Retain the objects in compliance mode until {0}?', isoDay(date)),
    { modal: true, detail: warningText('complianceForever') },
    use,
  );
  if (chosen !== use) throw cancelled();
}

async function askBypass(position: PromptPosition, before = false): Promise<boolean> {
  const { bypasses } = await pick({
    ...position,
    placeholder: l10n.t('Objects already retained in governance mode'),
    items: [
      { label: l10n.t('Keep Longer Retention'), bypasses: false },
      {
        label: l10n.t('Change Them Too'),
        description: l10n.t('the role gets s3:BypassGovernanceRetention'),
        bypasses: true,
      },
    ],
    active: item => item.bypasses === before,
  });
  return bypasses;
}
