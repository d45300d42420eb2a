import { l10n, window, type QuickPickItem } from 'vscode';
import type { ManifestCheck } from '../../aws/manifestCheck/checkManifest.ts';
import type { CorrectedManifest } from '../../aws/manifestCheck/correctManifest.ts';
import { correctionPlan } from '../../aws/manifestCheck/correctionPlan.ts';
import { exclude, usualCorrections, type Correction } from '../../aws/manifestCheck/corrections.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { formatS3Uri, parseS3Uri } from '../../aws/s3Uri.ts';
import type { ManifestCorrections, ObjectLocation, S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { formatCount, formatObjects } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { askText, pickMany } from '../../vscode/prompts.ts';
import { runCommand } from '../../vscode/runCommand.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { countProblems } from '../create/manifestProblemText.ts';
import type { Jobs } from '../jobs.ts';
import { runFor } from '../runFor.ts';
import { manifestOrAsk, runCheck } from './checkCommand.ts';
import {
  correctionDetail,
  correctionTitle,
  offeredCorrections,
  rowsText,
} from './correctionText.ts';
import type { ManifestDiagnostics } from './manifestDiagnostics.ts';

/**
 * Rewrites a manifest with what can be put right in it, as another object.
 *
 * @returns where it is
 */
export async function correctManifestCommand(
  jobs: Jobs,
  diagnostics: ManifestDiagnostics,
  target: ManifestCorrections | S3Location | undefined,
): Promise<ObjectLocation> {
  const session = await jobs.connections.session();
  const title = l10n.t('Write Corrected Manifest');
  const place = await manifestOrAsk(session, target, title);
  const known = diagnostics.of(session.key, place);
  const check = known ?? (await runCheck(jobs, session, place, false));
  const given = target && 'corrections' in target ? target.corrections : undefined;
  const corrections = knownCorrections(given) ?? (await askCorrections(title, check));
  const to = await askWhere(title, check);
  const written = await write(jobs, session, check, corrections, to);
  void showResult(jobs, session, written);
  return to;
}

/** A link or a keybinding may name any; what isn't one is asked for. */
function knownCorrections(given: readonly string[] | undefined): readonly Correction[] | undefined {
  const known = given?.filter((one): one is Correction => correctionTitles.has(one as Correction));
  return known?.length ? known : undefined;
}

const correctionTitles: ReadonlySet<Correction> = new Set<Correction>([
  ...(['dropHeader', 'encodeKeys', 'encodeAllKeys', 'keepPlusSigns', 'trimSpaces'] as const),
  ...(['splitCells', 'joinCells', 'fillVersions', 'dropVersions', 'dropDamaged'] as const),
  ...(['dropDuplicates', 'dropMissing', 'rewrite'] as const),
]);

interface CorrectionItem extends QuickPickItem {
  readonly correction: Correction;
}

/** Asks which corrections are made; the likeliest of each kind are chosen beforehand. */
async function askCorrections(title: string, check: ManifestCheck): Promise<Correction[]> {
  const usual = usualCorrections(check.problemCounts);
  const offered = new Map<Correction, number | undefined>(offeredCorrections(check.problemCounts));
  // A job of pinned versions is worth a column even where nothing is wrong.
  if (!offered.has('fillVersions')) offered.set('fillVersions', undefined);
  const items = [...offered].map(([correction, rows]): CorrectionItem => {
    const detail = correctionDetail(correction);
    return {
      label: correctionTitle(correction),
      ...(rows !== undefined && { description: rowsText(rows) }),
      ...(detail !== undefined && { detail }),
      correction,
    };
  });
  for (;;) {
    const chosen = await pickMany({
      title,
      placeholder: l10n.t('Select what to correct'),
      items,
      picked: ({ correction }) => usual.includes(correction),
    });
    const corrections = chosen.map(({ correction }) => correction);
    const clash = corrections.find(one => corrections.some(other => exclude(one, other)));
    if (clash === undefined) return corrections;
    const other = corrections.find(one => exclude(one, clash)) ?? clash;
    const text = l10n.t(
      'Choose either “{0}” or “{1}”.',
      correctionTitle(clash),
      correctionTitle(other),
    );
    await window.showWarningMessage(text, { modal: true });
  }
}

/** Beside the manifest, under a name that tells what it is. */
async function askWhere(title: string, check: ManifestCheck): Promise<ObjectLocation> {
  const { bucket, key } = check;
  const usual = key.replace(/(\.[^./]*)?$/, ending => `-corrected${ending || '.csv'}`);
  const text = await askText({
    title,
    keepOpen: true,
    prompt: l10n.t('Destination of the corrected manifest. {0} isn’t changed.', key),
    value: formatS3Uri({ bucket, key: usual }),
    validate: typed => whereProblem(typed, check),
  });
  return placeOf(text) ?? { bucket, key: usual };
}

function placeOf(text: string): ObjectLocation | undefined {
  const { bucket, key } = parseS3Uri(text.trim()) ?? {};
  return bucket === undefined || key === undefined ? undefined : { bucket, key };
}

function whereProblem(text: string, { bucket, key }: ManifestCheck): string | undefined {
  const place = placeOf(text);
  if (place === undefined || !/\.csv$/i.test(place.key)) {
    return l10n.t('For example: {0}', 's3://my-bucket/manifests/photos.csv');
  }
  const isSame = place.bucket === bucket && place.key === key;
  return isSame ? l10n.t('Write it as another object.') : undefined;
}

async function write(
  { worker }: Jobs,
  session: Session,
  check: ManifestCheck,
  corrections: readonly Correction[],
  to: ObjectLocation,
): Promise<CorrectedManifest> {
  const { bucket, key, eTag, versionId, rows = 0 } = check;
  if (check.format !== 'S3BatchOperations_CSV_20180820') {
    const sentence = l10n.t('S3 writes inventories. Change the inventory configuration instead.');
    throw new BrigadeError('InvalidInput', sentence, { subject: formatS3Uri(check) });
  }
  const title = l10n.t('Writing {0}', formatS3Uri(to));
  const input = {
    manifest: { bucket, key, eTag, ...(versionId !== undefined && { versionId }) },
    plan: correctionPlan(check, corrections),
    to,
  };
  return await withCancellableProgress({ title }, (signal, report) =>
    worker.run(session, 'correctManifest', input, {
      title,
      signal,
      onProgress: progress =>
        report({
          message: l10n.t('{0} of {1} rows', formatCount(progress.rows), formatCount(rows)),
          fraction: progress.fraction,
        }),
    }),
  );
}

/** Says what was written, and whether anything is still wrong with it. */
async function showResult(
  jobs: Jobs,
  session: Session,
  { bucket, key, rows, leftOut }: CorrectedManifest,
): Promise<void> {
  await runCommand('bucketBrigade.explorer.refresh', { bucket, keys: [key] });
  const again = await runCheck(jobs, session, { bucket, key }, false);
  const left = countProblems(again);
  const name = key.slice(key.lastIndexOf('/') + 1);
  const parts = [
    l10n.t('{0}: {1}', name, formatObjects(rows)),
    ...(leftOut === 0 ? [] : [l10n.t('{0} removed', rowsText(leftOut))]),
    left === 0
      ? l10n.t('no problems')
      : left === 1
        ? l10n.t('1 problem')
        : l10n.t('{0} problems', formatCount(left)),
  ];
  const create = l10n.t('Create Job…');
  const check = l10n.t('Check Manifest');
  const text = neutralizeLinks(parts.join(' · '));
  const chosen =
    left === 0
      ? await window.showInformationMessage(text, create)
      : await window.showWarningMessage(text, check);
  const place = { bucket, key };
  if (chosen === create) await runFor(jobs, session, 'bucketBrigade.jobs.create', place);
  if (chosen === check) await runFor(jobs, session, 'bucketBrigade.jobs.checkManifest', place);
}
