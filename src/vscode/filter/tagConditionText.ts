import type { TagCondition } from '../../aws/selection/selection.ts';

/** `project=x, owner, !archived`: what `parseTagConditions` reads. */
export function formatTagConditions(conditions: readonly TagCondition[]): string {
  return conditions
    .map(one => {
      const key = quotedIfNeeded(one.key);
      if (one.kind === 'equals') return `${key}=${quotedIfNeeded(one.value)}`;
      return one.kind === 'lacks' ? `!${key}` : key;
    })
    .join(', ');
}

function quotedIfNeeded(text: string): string {
  return /[,=!]|^\s|\s$/.test(text) ? `"${text}"` : text;
}
