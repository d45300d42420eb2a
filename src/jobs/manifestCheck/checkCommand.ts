import { l10n, ThemeIcon, window, type QuickPickItem } from 'vscode';
import type { CheckProgress, ManifestCheck } from '../../aws/manifestCheck/checkManifest.ts';
import { isInventoryManifest, looksLikeManifest } from '../../aws/manifest/manifestFile.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { ObjectLocation, S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { titleWithOwner } from '../../vscode/ownerLabel.ts';
import { formatCount, formatObjects } from '../../vscode/formats.ts';
import { pickS3Location } from '../../vscode/pickS3Location.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { pick } from '../../vscode/prompts.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { countProblems, isUnusable } from '../create/manifestProblemText.ts';
import type { Jobs } from '../jobs.ts';
import { runFor } from '../runFor.ts';
import { offeredCorrections } from './correctionText.ts';
import { showInProblems } from './showInProblems.ts';
import type { ManifestDiagnostics } from './manifestDiagnostics.ts';

/** Problems that the Problems view lists; more would keep it from answering. */
const MAX_PROBLEMS = 2_000;

type Place = ObjectLocation;

/** Checks every row of a manifest, and shows what is wrong in the Problems view. */
export async function checkManifestCommand(
  jobs: Jobs,
  diagnostics: ManifestDiagnostics,
  target: S3Location | undefined,
): Promise<ManifestCheck> {
  const session = await jobs.connections.session();
  const place = await manifestOrAsk(session, target, l10n.t('Check Manifest'));
  const asksObjects = !isInventoryManifest(place.key) && (await askHow());
  const check = await runCheck(jobs, session, place, asksObjects);
  await showResult(jobs, diagnostics, session, check);
  return check;
}

/** The manifest that a command is about: the one it was given, or the one that is chosen. */
export async function manifestOrAsk(
  session: Session,
  target: S3Location | undefined,
  asking: string,
): Promise<Place> {
  if (target?.key) return { bucket: target.bucket, key: target.key };
  const question = l10n.t('Select a manifest');
  const title = titleWithOwner(session, asking);
  const options = { title, question, kind: 'object', accepts: looksLikeManifest } as const;
  const from = target && { from: target };
  const { bucket, key = '' } = await pickS3Location(session.clients, { ...options, ...from });
  return { bucket, key };
}

interface HowItem extends QuickPickItem {
  readonly asksObjects: boolean;
}

async function askHow(): Promise<boolean> {
  const items: HowItem[] = [
    {
      label: l10n.t('Check Rows'),
      description: l10n.t('format, encoding, columns, duplicates'),
      iconPath: new ThemeIcon('list-ordered'),
      asksObjects: false,
    },
    {
      label: l10n.t('Check Rows and Whether Objects Exist'),
      description: l10n.t('one HEAD request per row'),
      iconPath: new ThemeIcon('search'),
      asksObjects: true,
    },
  ];
  const placeholder = l10n.t('Select what to check');
  return (await pick({ title: l10n.t('Check Manifest'), placeholder, items })).asksObjects;
}

/** Has the worker check a manifest. @throws BrigadeError */
export async function runCheck(
  { worker }: Jobs,
  session: Session,
  place: Place,
  asksObjects: boolean,
): Promise<ManifestCheck> {
  const title = l10n.t('Checking {0}', formatS3Uri(place));
  return await withCancellableProgress({ title }, (signal, report) => {
    const input = { ...place, asksObjects, maxProblems: MAX_PROBLEMS };
    return worker.run(session, 'checkManifest', input, {
      title,
      signal,
      onProgress: progress => report(updateOf(progress)),
    });
  });
}

function updateOf({ doing, fraction, asked = 0, missing = 0 }: CheckProgress) {
  if (doing === 'reading') return { fraction };
  const objects = l10n.t('{0} checked', formatObjects(asked));
  const message =
    missing === 0 ? objects : l10n.t('{0}, {1} missing', objects, formatCount(missing));
  return { message };
}

/** Shows what was found: in the Problems view, or that there is nothing. */
async function showResult(
  jobs: Jobs,
  diagnostics: ManifestDiagnostics,
  session: Session,
  check: ManifestCheck,
): Promise<void> {
  // It is opened by name, and another account may have that name too.
  await sessionOf(jobs.connections, ownerOf(session));
  const place = { bucket: check.bucket, key: check.key };
  diagnostics.forget(session.key, place);
  const count = countProblems(check);
  if (count === 0) {
    void window.showInformationMessage(neutralizeLinks(goodText(check)));
    return;
  }
  await showInProblems(jobs, diagnostics, session, check);
  void offerCorrections(jobs, session, check, count);
}

/** `manifest.csv has no problems: 5 objects, all of which exist`. */
function goodText({ key, rows, asked }: ManifestCheck): string {
  const name = key.slice(key.lastIndexOf('/') + 1);
  if (rows === undefined) return l10n.t('{0} has no problems.', name);
  return asked === undefined
    ? l10n.t('{0} has no problems: {1}.', name, formatObjects(rows))
    : l10n.t('{0} has no problems: {1}, all of which exist.', name, formatObjects(rows));
}

async function offerCorrections(
  jobs: Jobs,
  session: Session,
  check: ManifestCheck,
  count: number,
): Promise<void> {
  const { bucket, key, problemCounts } = check;
  const name = key.slice(key.lastIndexOf('/') + 1);
  const text =
    count === 1
      ? l10n.t('1 problem in {0}', name)
      : l10n.t('{0} problems in {1}', formatCount(count), name);
  const correct = l10n.t('Write Corrected Manifest…');
  const buttons = offeredCorrections(problemCounts).size > 0 ? [correct] : [];
  const show = isUnusable(check) ? window.showErrorMessage : window.showWarningMessage;
  const chosen = await show(neutralizeLinks(text), ...buttons);
  if (chosen === correct) {
    await runFor(jobs, session, 'bucketBrigade.jobs.correctManifest', { bucket, key });
  }
}
