import { l10n, ProgressLocation, ThemeIcon, type QuickPickItem } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { ManifestSummary } from '../../aws/manifest.ts';
import type { ManifestProblem } from '../../aws/manifestProblems.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { formatCount } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { pick, type PromptPosition } from '../../vscode/prompts.ts';
import type { Documents } from '../../vscode/documents.ts';
import { formatObjects } from '../jobText.ts';
import { manifestDocument } from './manifestDocument.ts';
import { countProblems, describeProblem, isUnusable, worstProblem } from './manifestProblemText.ts';

export interface ManifestPlace {
  readonly bucket: string;
  readonly key: string;
}

/** Reads a manifest to its end under a progress that can be cancelled. @throws BrigadeError */
export async function readManifestOf(
  { clients }: Session,
  place: ManifestPlace,
): Promise<ManifestSummary> {
  const { readManifest } = await import('../../aws/manifest.ts');
  const title = l10n.t('Reading {0}', formatS3Uri(place));
  const location = ProgressLocation.Notification;
  return await withCancellableProgress({ title, location }, async (signal, report) => {
    const client = await clients.s3ForBucket(place.bucket, signal);
    return await readManifest(client, place, {
      signal,
      onProgress: (done, total) => report({ fraction: total === 0 ? 1 : done / total }),
    });
  });
}

/**
 * Accepts a manifest without asking, if it may be used at all.
 *
 * @throws BrigadeError `InvalidInput` naming the first error and its row.
 */
export function assertUsable(summary: ManifestSummary): void {
  const worst = worstProblem(summary);
  if (worst === undefined || !isUnusable(summary)) return;
  throw new BrigadeError('InvalidInput', describeProblem(worst), {
    subject: formatS3Uri(summary),
  });
}

interface ProblemItem extends QuickPickItem {
  readonly action: 'use' | 'show' | 'again' | 'another';
}

/**
 * Asks what to do about a manifest with problems; warnings can be accepted, errors cannot.
 *
 * @returns `another` to choose another manifest.
 * @throws BrigadeError `Cancelled`, also when the problems are opened to be read; BackPressed
 */
export async function settleProblems(
  position: PromptPosition,
  session: Session,
  documents: Documents,
  read: ManifestSummary,
): Promise<ManifestSummary | 'another'> {
  let summary = read;
  for (;;) {
    const worst = worstProblem(summary);
    if (worst === undefined) return summary;
    const { action } = await pick({
      ...position,
      placeholder: headline(summary, worst),
      items: problemItems(summary),
    });
    if (action === 'another') return action;
    if (action === 'use') return summary;
    if (action === 'show') {
      await documents.show('manifest', problemsName(summary), manifestDocument(summary));
      throw cancelled();
    }
    summary = await readManifestOf(session, summary);
  }
}

function headline(summary: ManifestSummary, worst: ManifestProblem): string {
  const count = countProblems(summary);
  const name = fileName(summary.key);
  return count === 1
    ? l10n.t('1 problem in {0}. {1}', name, describeProblem(worst))
    : l10n.t('{0} problems in {1}. {2}', formatCount(count), name, describeProblem(worst));
}

function problemItems(summary: ManifestSummary): ProblemItem[] {
  const use: ProblemItem = {
    label: l10n.t('Use It Nevertheless'),
    description: summary.rows === undefined ? undefined : formatObjects(summary.rows),
    iconPath: new ThemeIcon('check'),
    action: 'use',
  };
  return [
    ...(isUnusable(summary) ? [] : [use]),
    {
      label: l10n.t('Show Problems'),
      description: l10n.t('with the numbers of the rows'),
      iconPath: new ThemeIcon('list-unordered'),
      action: 'show',
    },
    {
      label: l10n.t('Read Again'),
      description: l10n.t('after it was corrected'),
      iconPath: new ThemeIcon('refresh'),
      action: 'again',
    },
    {
      label: l10n.t('Choose Another Manifest…'),
      iconPath: new ThemeIcon('folder-opened'),
      action: 'another',
    },
  ];
}

function problemsName({ key }: ManifestSummary): string {
  return l10n.t('Problems of {0}.md', fileName(key));
}

function fileName(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
