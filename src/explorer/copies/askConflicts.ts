import { l10n, window, type QuickPickItem } from 'vscode';
import type { CopyInput, OnConflict } from '../../aws/copies/copies.ts';
import type { CopyConflict, CopyPlan } from '../../aws/copies/planCopies.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { formatCount, formatDate } from '../../vscode/formats.ts';
import { pick } from '../../vscode/prompts.ts';
import { formatSize } from '../../vscode/sizes.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import { nameList } from '../transfers/confirmOverwrite.ts';

export interface Decisions {
  readonly onConflict: OnConflict;
  /** Of single objects, by key at the destination. */
  readonly decided?: CopyInput['decided'];
}

/**
 * Asks what happens to objects whose places are taken: for all of them, or for each.
 *
 * @returns `fail` where none is: what comes into the way later is not overwritten
 * @throws BrigadeError `Cancelled`
 */
export async function askConflicts(plan: CopyPlan, bucket: string): Promise<Decisions> {
  if (plan.conflicts === 0) return { onConflict: 'fail' };
  const all = choices();
  const each = l10n.t('Decide for Each…');
  // Only of those that were named can each be asked about.
  const isNamed = plan.firstConflicts.length === plan.conflicts && plan.conflicts > 1;
  const answer = await window.showWarningMessage(
    neutralizeLinks(questionOf(plan, bucket)),
    { modal: true, detail: neutralizeLinks(detailOf(plan)) },
    ...all.map(({ label }) => label),
    ...(isNamed ? [each] : []),
  );
  if (answer === undefined) throw cancelled();
  if (answer === each)
    return { onConflict: 'fail', decided: await askEach(plan.firstConflicts, bucket) };
  return { onConflict: all.find(({ label }) => label === answer)?.value ?? 'fail' };
}

interface Choice extends QuickPickItem {
  readonly value: OnConflict;
  readonly forRest: boolean;
}

function choices(): Choice[] {
  return [
    { label: l10n.t('Skip'), value: 'skip', forRest: false },
    { label: l10n.t('Overwrite'), value: 'overwrite', forRest: false },
    { label: l10n.t('Keep Both'), value: 'keepBoth', forRest: false },
  ];
}

function questionOf({ objects, conflicts, firstConflicts }: CopyPlan, bucket: string): string {
  const [first] = firstConflicts;
  if (conflicts === 1 && first) {
    return l10n.t('{0} already exists.', formatS3Uri({ bucket, key: first.to }));
  }
  return l10n.t(
    '{0} of {1} objects already exist in {2}.',
    ...[formatCount(conflicts), formatCount(objects), bucket],
  );
}

function detailOf({ conflicts, firstConflicts }: CopyPlan): string {
  const [first] = firstConflicts;
  if (conflicts === 1 && first) return comparison(first);
  const names = nameList(firstConflicts.map(({ to }) => to));
  // The list says how many of those it was given are not in it.
  return conflicts === firstConflicts.length ? names : names.replace(/\n[^\n]*$/, '\n…');
}

function comparison({ size, modified, sizeThere, modifiedThere }: CopyConflict): string {
  const there = [formatSize(sizeThere), ...dateText(modifiedThere)].join(', ');
  const comes = [formatSize(size), ...dateText(modified)].join(', ');
  return `${l10n.t('Existing: {0}', there)}\n${l10n.t('New: {0}', comes)}`;
}

function dateText(iso: string | undefined): string[] {
  return iso === undefined ? [] : [formatDate(new Date(iso))];
}

async function askEach(
  conflicts: readonly CopyConflict[],
  bucket: string,
): Promise<[string, OnConflict][]> {
  const decided: [string, OnConflict][] = [];
  for (const [index, conflict] of conflicts.entries()) {
    const left = conflicts.slice(index);
    const { value, forRest } = await askOne(conflict, bucket, index, conflicts.length);
    for (const { to } of forRest ? left : [conflict]) decided.push([to, value]);
    if (forRest) break;
  }
  return decided;
}

async function askOne(
  conflict: CopyConflict,
  bucket: string,
  index: number,
  count: number,
): Promise<Choice> {
  const left = count - index;
  const items = choices().map(choice => ({ ...choice, detail: detailOfChoice(choice, conflict) }));
  const forRest = choices().map(choice => ({
    ...choice,
    label: l10n.t('{0} All {1} Remaining', choice.label, formatCount(left)),
    forRest: true,
  }));
  return await pick<Choice>({
    title: l10n.t('{0} of {1} Already Exist', index + 1, count),
    placeholder: formatS3Uri({ bucket, key: conflict.to }),
    items: left > 1 ? [...items, ...forRest] : items,
    keepOpen: true,
  });
}

function detailOfChoice({ value }: Choice, conflict: CopyConflict): string {
  const [there, comes] = comparison(conflict).split('\n');
  return (value === 'overwrite' ? comes : value === 'skip' ? there : undefined) ?? '';
}
