import type { Connection } from '../services.ts';

let shown: Connection | undefined;

/** The connection that messages shown now are about. */
export function connectionOnScreen(): Connection | undefined {
  return shown;
}

/** Called by connections/ whenever another one is chosen. */
export function setConnectionOnScreen(connection: Connection | undefined): void {
  shown = connection;
}
