import type { ConnectionRow, ParentRow } from './rows.ts';

/** Which rows show versions and delete markers: those that were told to, and all below them. */
export class VersionsShown {
  readonly #ids = new Set<string>();

  set(row: ParentRow, isShown: boolean): void {
    if (isShown) this.#ids.add(row.id);
    else this.#ids.delete(row.id);
  }

  /** Whether a row shows them because it was told to, or because it stands below one that was. */
  of(row: ParentRow): 'own' | 'inherited' | undefined {
    if (row.kind === 'deleted') return 'inherited';
    if (this.#ids.has(row.id)) return 'own';
    for (let at: ParentRow | ConnectionRow | undefined = row.parent; at; at = at.parent) {
      if (this.#ids.has(at.id)) return 'inherited';
    }
    return undefined;
  }
}
