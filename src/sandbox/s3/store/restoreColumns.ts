import type { Restore, Tier } from './restoreState.ts';

/** A restore as the `restore` column of a version keeps it: tier, days, ready, expires. */
export function restoreToText({ tier, days, ready, expires }: Restore): string {
  return `${tier} ${days} ${ready} ${expires}`;
}

/** Reads the column; null when nothing was ever restored. */
export function restoreFromText(text: string | null): Restore | undefined {
  if (text === null) return undefined;
  const [tier, days, ready, expires] = text.split(' ');
  return {
    tier: tier as Tier,
    days: Number(days),
    ready: Number(ready),
    expires: Number(expires),
  };
}
