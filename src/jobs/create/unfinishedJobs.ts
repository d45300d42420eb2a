import { l10n, ThemeIcon } from 'vscode';
import { isGenerator } from '../../aws/manifest/jobManifest.ts';
import type { Session } from '../../services.ts';
import { pick } from '../../vscode/prompts.ts';
import { describeDraft, type Draft, type Given } from './draft.ts';
import type { JobFlow } from './flow.ts';

/** A wizard that was left with answers in it. */
export interface UnfinishedJob {
  readonly draft: Draft;
  /** A request whose outcome is not known: the same job again makes no second one. */
  readonly sent?: { readonly digest: string; readonly token: string };
}

/** Of each kind of job, for each account: as long as this window is open. */
const kept = new Map<string, UnfinishedJob>();

function keyOf({ kind }: JobFlow, { key }: Session): string {
  return `${kind}/${key}`;
}

/** Keeps the answers of a wizard that was left, for when it is opened again. */
export function keepUnfinished(flow: JobFlow, session: Session, job: UnfinishedJob): void {
  const { draft, sent } = job;
  if (draft.manifest === undefined || draft.operation === undefined) return;
  kept.set(keyOf(flow, session), { draft, ...(sent && { sent }) });
}

/** Nothing is left over: the job was made. */
export function forgetUnfinished(flow: JobFlow, session: Session): void {
  kept.delete(keyOf(flow, session));
}

/**
 * Offers to go on with what was left, if it is about the same objects.
 *
 * @throws BrigadeError `Cancelled`; what was left stays kept
 */
export async function offerUnfinished(
  flow: JobFlow,
  session: Session,
  given: Given,
): Promise<UnfinishedJob | undefined> {
  const left = kept.get(keyOf(flow, session));
  if (left === undefined || !isAbout(left.draft, given)) return undefined;
  const goOn = {
    label: l10n.t('Continue Where You Left Off'),
    description: describeDraft(left.draft),
    iconPath: new ThemeIcon('debug-continue'),
  };
  const startOver = { label: l10n.t('Start Over'), iconPath: new ThemeIcon('discard') };
  const chosen = await pick({
    title: flow.title,
    placeholder: l10n.t('You left this without creating a job'),
    items: [goOn, startOver],
  });
  if (chosen === goOn) return left;
  forgetUnfinished(flow, session);
  return undefined;
}

function isAbout({ manifest }: Draft, given: Given): boolean {
  const begun = given.manifest;
  if (begun === undefined || manifest === undefined) return true;
  if (isGenerator(begun)) {
    return isGenerator(manifest) && manifest.sourceBucket === begun.sourceBucket;
  }
  return !isGenerator(manifest) && manifest.bucket === begun.bucket && manifest.key === begun.key;
}
