import type { ManifestSummary } from '../manifest/manifestSummary.ts';
import { headerRowOf } from './checkManifest.ts';
import type { Correction } from './corrections.ts';
import type { CorrectionPlan } from './rowCorrector.ts';

/** How the rows of a manifest are put right that was checked. */
export function correctionPlan(
  checked: Pick<ManifestSummary, 'fields' | 'problems'>,
  corrections: readonly Correction[],
): CorrectionPlan {
  const { fields, problems } = checked;
  const version = fields.indexOf('VersionId');
  const header = headerRowOf(checked);
  const between = problems.find(({ kind }) => kind === 'separator' || kind === 's3Uris');
  const separator = between?.kind === 's3Uris' ? 's3Uris' : between?.text;
  return {
    corrections,
    columns: fields.length,
    ...(version >= 0 && { versionColumn: version }),
    ...(header !== undefined && { headerRow: header }),
    ...(separator !== undefined && { separator }),
  };
}
