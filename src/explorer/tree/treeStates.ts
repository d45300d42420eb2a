import type { Connection } from '../../services.ts';
import { connectionIdOf } from '../../vscode/sessionOwner.ts';
import type { ConnectionRow, ParentRow, Row } from './rows.ts';
import { TreeState } from './treeState.ts';

/** What the view has read, for each connection that is open. */
export class TreeStates {
  readonly #states = new Map<string, TreeState>();
  /** The rows at the top while several connections are open. */
  readonly #roots = new Map<string, ConnectionRow>();
  #areSeveral = false;

  /** Whether each connection has a row of its own. */
  get areSeveral(): boolean {
    return this.#areSeveral;
  }

  /** The state of the one connection that is open. */
  get only(): TreeState | undefined {
    const [state] = this.#areSeveral ? [] : this.#states.values();
    return state;
  }

  all(): TreeState[] {
    return [...this.#states.values()];
  }

  ofConnection(id: string): TreeState | undefined {
    return this.#states.get(id);
  }

  root(id: string): ConnectionRow | undefined {
    return this.#areSeveral ? this.#roots.get(id) : undefined;
  }

  isCurrent(state: TreeState): boolean {
    return this.#states.get(state.connectionId) === state;
  }

  /** The state that a row belongs to, unless it was left behind. */
  of(row: Row): TreeState | undefined {
    if ('session' in row) {
      const state = this.#states.get(connectionIdOf(row.session));
      return state?.session?.key === row.session ? state : undefined;
    }
    if (row.kind === 'connection') return this.#states.get(row.connectionId);
    if (row.parent) return this.of(row.parent);
    return this.#states.get(row.connectionId ?? '');
  }

  /** The rows shown so far, of all connections, that pass a test. */
  rows<T extends ParentRow>(test: (row: ParentRow) => row is T): T[] {
    return this.all().flatMap(state => state.rows(test));
  }

  /** Has a state for each connection that is open and for no other. @returns whether that was new */
  follow(opened: readonly Connection[]): boolean {
    const before = [...this.#states.keys()];
    const now = opened.map(({ id }) => id);
    // Rows at the top are then below others, or no longer.
    const areSeveral = now.length > 1;
    const isOtherShape = areSeveral !== this.#areSeveral;
    this.#areSeveral = areSeveral;
    for (const id of before) if (isOtherShape || !now.includes(id)) this.leave(id);
    for (const id of now) {
      if (!this.#states.has(id)) this.#states.set(id, new TreeState(id));
      const row = { kind: 'connection', id: `connection|${id}`, connectionId: id } as const;
      if (!this.#roots.has(id)) this.#roots.set(id, row);
    }
    return isOtherShape || before.length !== now.length || before.some(id => !now.includes(id));
  }

  /** Leaves behind what was read with a connection, or with all of them. */
  leave(id?: string): void {
    for (const state of this.all()) {
      if (id !== undefined && state.connectionId !== id) continue;
      state.leave();
      this.#states.delete(state.connectionId);
    }
  }
}
