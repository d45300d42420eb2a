import { l10n, window, type QuickPickItem } from 'vscode';
import type { TaggerRemoval, TaggerRemovalStep } from '../../aws/taggerDeployment/tagger.ts';
import type { RemoveTaggerArguments } from '../../commands.ts';
import type { Services, Session } from '../../services.ts';
import { confirmPlan } from '../../vscode/deployment/confirmPlan.ts';
import { kindText } from '../../vscode/deployment/planTexts.ts';
import { titleWithOwner } from '../../vscode/ownerLabel.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { pick } from '../../vscode/prompts.ts';
import type { JobRegions } from '../jobRegions.ts';
import { taggerRemovalDocument } from './taggerDocument.ts';

/** What removing works with. */
export type RemovalServices = Pick<Services, 'connections' | 'documents'> & {
  readonly regions: JobRegions;
};

/**
 * Removes the tagger of a Region, and only that, after showing what goes and what stays.
 *
 * @returns what was removed; undefined when there was nothing
 */
export async function removeTagger(
  services: RemovalServices,
  given: RemoveTaggerArguments = {},
): Promise<TaggerRemoval | undefined> {
  const session = await services.connections.session();
  const title = titleWithOwner(session, l10n.t('Remove Tagger'));
  const isSilent = given.skipConfirmation === true;
  const found = await findTaggers(services, session, given.region);
  if (found.length === 0) {
    const text = l10n.t('Bucket Brigade hasn’t deployed a tagger.');
    if (!isSilent) void window.showInformationMessage(text);
    return undefined;
  }
  let removal = await choose(title, found);
  if (!isSilent) {
    removal = await settleLog(session, title, removal);
    await show(services, removal, 'planned');
    await confirm(title, removal);
  }
  await apply(session, removal);
  if (!isSilent) await show(services, removal, 'applied');
  return removal;
}

/** Removals of the taggers that are there. */
async function findTaggers(
  { regions }: RemovalServices,
  session: Session,
  region: string | undefined,
): Promise<TaggerRemoval[]> {
  const { planTaggerRemoval } = await import('../../aws/taggerDeployment/removeTagger.ts');
  const { clients } = session;
  return await withCancellableProgress(
    { title: l10n.t('Looking for the tagger') },
    async signal => {
      const all = region === undefined ? await regions.of(session, signal) : [region];
      const found: TaggerRemoval[] = [];
      for (const each of all) {
        const removal = await planTaggerRemoval(clients, { region: each }, { signal });
        if (removal.steps.some(isDeletion)) found.push(removal);
      }
      return found;
    },
  );
}

async function choose(title: string, found: readonly TaggerRemoval[]): Promise<TaggerRemoval> {
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  const items = found.map((removal): QuickPickItem & { removal: TaggerRemoval } => ({
    label: removal.target.region,
    removal,
  }));
  return (await pick({ title, placeholder: l10n.t('Select the Region of the tagger'), items }))
    .removal;
}

/** Log lines can't be made again. */
async function settleLog(
  { clients }: Session,
  title: string,
  removal: TaggerRemoval,
): Promise<TaggerRemoval> {
  const log = removal.steps.find(({ kept }) => kept === 'notAsked');
  if (log === undefined) return removal;
  const { planTaggerRemoval } = await import('../../aws/taggerDeployment/removeTagger.ts');
  const placeholder = l10n.t('Delete the log group {0}?', log.subject);
  const items: (QuickPickItem & { deleteLogGroup: boolean })[] = [
    { label: l10n.t('Keep Log Group'), deleteLogGroup: false },
    { label: l10n.t('Delete Log Group'), deleteLogGroup: true },
  ];
  const { deleteLogGroup } = await pick({ title, placeholder, items });
  return deleteLogGroup
    ? await planTaggerRemoval(clients, { ...removal.target, deleteLogGroup })
    : removal;
}

async function confirm(title: string, { target, steps }: TaggerRemoval): Promise<void> {
  const placeholder = l10n.t('Remove the tagger in {0}?', target.region);
  const deletions = steps.filter(isDeletion);
  const counts = deletions.map(step => `${kindText(step.kind)}: ${step.subject}`).join(', ');
  const choice = { placeholder, apply: l10n.t('Remove'), counts, isDestructive: true };
  await confirmPlan({ title }, choice);
}

async function apply({ clients }: Session, removal: TaggerRemoval): Promise<void> {
  const { applyTaggerRemoval } = await import('../../aws/taggerDeployment/removeTagger.ts');
  await withCancellableProgress({ title: l10n.t('Removing the tagger') }, (signal, report) =>
    applyTaggerRemoval(clients, removal, {
      signal,
      onProgress: ({ step }) =>
        report({ message: l10n.t('{0}: {1}', kindText(step.kind), step.subject) }),
    }),
  );
}

async function show(
  { documents }: RemovalServices,
  removal: TaggerRemoval,
  stage: 'planned' | 'applied',
): Promise<void> {
  const { region } = removal.target;
  const name = l10n.t('Removal plan: tagger in {0}', region);
  const text = taggerRemovalDocument(removal, stage);
  const options = { preserveFocus: stage === 'planned' };
  await documents.show(`tagger-removal/${region}`, `${name}.md`, text, options);
}

function isDeletion({ action }: TaggerRemovalStep): boolean {
  return action === 'delete';
}
