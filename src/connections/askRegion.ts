import { l10n, type QuickPickItem } from 'vscode';
import { pick, type PromptPosition } from '../vscode/prompts.ts';
import { REGIONS, isRegion } from './regions.ts';

/** Asks for an AWS Region: one of the list, or typed. */
export async function askRegion(
  label: string,
  position: Omit<PromptPosition, 'title'> = {},
  current = 'us-east-1',
): Promise<string> {
  const known: QuickPickItem[] = Object.entries(REGIONS).map(([id, name]) => ({
    label: id,
    description: name,
  }));
  const chosen = await pick({
    ...position,
    title: l10n.t('Region of {0}', label),
    placeholder: l10n.t('Batch jobs belong to one Region; buckets of all Regions are listed.'),
    items: known,
    active: item => item.label === current,
    itemFor: typed =>
      isRegion(typed) && !(typed in REGIONS)
        ? { label: typed, description: l10n.t('as typed'), alwaysShow: true }
        : undefined,
  });
  return chosen.label;
}
