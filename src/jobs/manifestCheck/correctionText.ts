import { l10n } from 'vscode';
import { correctionsOf, type Correction } from '../../aws/manifestCheck/corrections.ts';
import type { ManifestProblemKind } from '../../aws/manifest/manifestProblems.ts';
import { formatCount } from '../../vscode/formats.ts';

/** The title of a correction, in the imperative. */
export function correctionTitle(correction: Correction): string {
  return TITLES[correction]();
}

const TITLES: Readonly<Record<Correction, () => string>> = {
  dropHeader: () => l10n.t('Remove Header Row'),
  encodeKeys: () => l10n.t('URL-Encode Unencoded Keys'),
  encodeAllKeys: () => l10n.t('URL-Encode All Keys'),
  keepPlusSigns: () => l10n.t('Encode Plus Signs as %2B'),
  trimSpaces: () => l10n.t('Remove Spaces around Cells'),
  splitCells: () => l10n.t('Write Commas between Bucket and Key'),
  joinCells: () => l10n.t('Treat Extra Commas as Part of the Key'),
  fillVersions: () => l10n.t('Fill In Latest Version IDs'),
  dropVersions: () => l10n.t('Remove Version Column'),
  dropDamaged: () => l10n.t('Remove Invalid Rows'),
  dropDuplicates: () => l10n.t('Remove Duplicate Rows'),
  dropMissing: () => l10n.t('Remove Missing Objects'),
  rewrite: () => l10n.t('Write as Plain CSV'),
};

/** What to know before choosing a correction. */
export function correctionDetail(correction: Correction): string | undefined {
  switch (correction) {
    case 'encodeKeys':
      return l10n.t('Keys that are already URL-encoded aren’t changed.');
    case 'encodeAllKeys':
      return l10n.t('For a manifest in which no key is encoded: %20 and + are part of the key.');
    case 'fillVersions':
    case 'dropMissing':
      return l10n.t('Checks each object with one HEAD request per row.');
    case 'dropVersions':
      return l10n.t('The job then uses the latest versions.');
    case 'rewrite':
      return l10n.t('UTF-8 without a byte order mark, LF, no blank lines, encrypted with SSE-S3.');
    default:
      return undefined;
  }
}

/** The corrections that fix what was found, the likeliest first, with the rows that each is for. */
export function offeredCorrections(
  counts: Readonly<Partial<Record<ManifestProblemKind, number>>>,
): Map<Correction, number> {
  const offered = new Map<Correction, number>();
  for (const [kind, count] of Object.entries(counts)) {
    if (count === 0) continue;
    for (const correction of correctionsOf(kind as ManifestProblemKind)) {
      offered.set(correction, (offered.get(correction) ?? 0) + count);
    }
  }
  return offered;
}

/** `12 rows`. */
export function rowsText(count: number): string {
  return count === 1 ? l10n.t('1 row') : l10n.t('{0} rows', formatCount(count));
}
