import type { PolicyStatement } from '../roles/policyStatement.ts';

/** Statements that allow actions, those on the same resource together. */
export function statementsFor(
  name: string,
  missing: readonly { readonly action: string; readonly resource: string }[],
): PolicyStatement[] {
  const byResource = new Map<string, Set<string>>();
  for (const { action, resource } of missing) {
    const actions = byResource.get(resource) ?? new Set();
    byResource.set(resource, actions.add(action));
  }
  const sid = name.charAt(0).toUpperCase() + name.slice(1).replace(/[^A-Za-z0-9]/g, '');
  return [...byResource].map(([Resource, actions], at) => ({
    Sid: at === 0 ? sid : `${sid}${at + 1}`,
    Effect: 'Allow',
    Action: [...actions],
    Resource,
  }));
}
