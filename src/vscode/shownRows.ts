/** A row of one of our views. */
export interface ShownRow {
  readonly kind: string;
}

const shown = new WeakSet<object>();

/**
 * Marks a row that a view of ours shows. VS Code calls commands with rows; nobody else can make one
 * that is marked, whatever it looks like.
 */
export function markShown(row: ShownRow): void {
  shown.add(row);
}

/** What a command was called with, if that is a row of one of our views. */
export function shownRow(given: unknown): ShownRow | undefined {
  return typeof given === 'object' && given !== null && shown.has(given)
    ? (given as ShownRow)
    : undefined;
}
