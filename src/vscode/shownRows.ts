import { Disposable } from 'vscode';

/** A row of one of our views. */
export interface ShownRow {
  readonly kind: string;
}

const shown = new WeakSet<object>();

/** A view of ours: what is selected in it. */
export interface FollowedView {
  readonly selection: readonly ShownRow[];
  /** Milliseconds since its rows changed or were read again: VS Code forgets meanwhile which they are. */
  readonly quietFor?: number;
}

const views = new Map<string, FollowedView>();

/** Has a key of the keyboard work on all that is selected in a view, as its menus do. */
export function followSelection(id: string, view: FollowedView): Disposable {
  views.set(id, view);
  return new Disposable(() => views.delete(id));
}

/** The view of ours with this id. */
export function followedView(id: unknown): FollowedView | undefined {
  return typeof id === 'string' ? views.get(id) : undefined;
}

/** All that is selected with a row; undefined where the row is not. */
export function selectedWith(row: unknown): readonly ShownRow[] | undefined {
  return [...views.values()]
    .map(({ selection }) => selection)
    .find(rows => rows.some(one => one === row));
}

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
