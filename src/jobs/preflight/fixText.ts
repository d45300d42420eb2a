import { l10n } from 'vscode';
import type { Fix } from '../../aws/preflight/fix.ts';
import type { Correction } from '../../aws/manifestCheck/corrections.ts';

/** The label of the button that does it. */
export function fixLabel(fix: Fix): string {
  switch (fix.kind) {
    case 'renewManifest':
      return l10n.t('Use the Current Manifest');
    case 'correctManifest':
      return fix.corrections.map(correctionLabel).join(', ');
    case 'addPermissions':
      return l10n.t('Add Permissions to Role');
    case 'addTrust':
      return l10n.t('Add Trust to Role');
    case 'useReportBucket':
      return l10n.t('Write Report to {0}', fix.bucket);
    case 'requireConfirmation':
      return l10n.t('Wait for Confirmation');
    case 'askObjects':
      return l10n.t('Check All Objects');
    case 'checkManifest':
      return l10n.t('Check Manifest');
    case 'copyPolicy':
      return l10n.t('Copy Required Policy');
    case 'disableNotification':
      return l10n.t('Disable Notification…');
    case 'chooseReport':
      return l10n.t('Choose Report Bucket…');
  }
}

function correctionLabel(correction: Correction): string {
  switch (correction) {
    case 'dropHeader':
      return l10n.t('Remove Header');
    case 'encodeKeys':
    case 'encodeAllKeys':
      return l10n.t('Encode Keys');
    case 'keepPlusSigns':
      return l10n.t('Encode Plus Signs');
    case 'trimSpaces':
      return l10n.t('Remove Spaces');
    case 'splitCells':
    case 'joinCells':
      return l10n.t('Repair Columns');
    case 'fillVersions':
      return l10n.t('Fill In Latest Versions');
    case 'dropVersions':
      return l10n.t('Remove Version Column');
    case 'dropDamaged':
      return l10n.t('Remove Invalid Rows');
    case 'dropDuplicates':
      return l10n.t('Remove Duplicates');
    case 'dropMissing':
      return l10n.t('Remove Missing Objects');
    case 'rewrite':
      return l10n.t('Rewrite Manifest');
  }
}
