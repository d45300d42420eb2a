import { l10n, type QuickPickItem } from 'vscode';
import { pick, type PromptPosition } from '../vscode/prompts.ts';
import { isHostLabel } from '../aws/connection/regionName.ts';
import { REGIONS, isRegion } from '../aws/connection/regions.ts';

interface RegionQuestion {
  readonly position?: Omit<PromptPosition, 'title'>;
  readonly current?: string;
  /** Another service than AWS has Regions of its own: `auto`, `us-west-000`, `garage`. */
  readonly endpoint?: string;
}

/** Asks for a Region: one of the list, or typed. */
export async function askRegion(
  label: string,
  { position = {}, current = 'us-east-1', endpoint }: RegionQuestion = {},
): Promise<string> {
  const fits = endpoint === undefined ? isRegion : isHostLabel;
  const known: QuickPickItem[] = Object.entries(REGIONS).map(([id, name]) => ({
    label: id,
    description: name,
  }));
  const chosen = await pick({
    ...position,
    title: l10n.t('Region of {0}', label),
    placeholder:
      endpoint === undefined
        ? l10n.t('Batch jobs are listed for one Region, buckets for all Regions.')
        : l10n.t('Enter the Region name that {0} uses, such as auto.', endpoint),
    items: known,
    active: item => item.label === current,
    itemFor: typed =>
      fits(typed) && !(typed in REGIONS)
        ? { label: typed, description: l10n.t('as typed'), alwaysShow: true }
        : undefined,
  });
  return chosen.label;
}
