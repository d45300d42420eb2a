import type { FromPage } from './protocol.ts';

/** A message of a page, or undefined for anything that is none. */
export function readMessage(received: unknown): FromPage | undefined {
  if (typeof received !== 'object' || received === null) return undefined;
  const { kind, id, text } = received as Partial<Record<'kind' | 'id' | 'text', unknown>>;
  if (kind === 'ready') return { kind };
  if (kind === 'action' && typeof id === 'string') return { kind, id };
  if (kind === 'copy' && typeof text === 'string') return { kind, text };
  return undefined;
}
