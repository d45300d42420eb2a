import {
  isFolder,
  notificationsRow,
  type EmptyRow,
  type ErrorRow,
  type MoreRow,
  type PagedRow,
  type PrefixRow,
  type Row,
} from './rows.ts';
import type { EntryRow } from './readRows.ts';
import { sorted, type SortOrder } from './sortRows.ts';

/** The pages of a bucket or prefix, or of an object's versions, that are loaded so far. */
export class FolderContents {
  readonly #row: PagedRow;
  readonly #beginsWith: string | undefined;
  readonly #prefixes: PrefixRow[] = [];
  readonly #objects: Exclude<EntryRow, PrefixRow>[] = [];
  readonly #ids = new Set<string>();
  nextToken: string | undefined;
  error: unknown;

  /** @param beginsWith what its prefixes and objects begin with below it, where it is filtered */
  constructor(row: PagedRow, beginsWith?: string) {
    this.#row = row;
    this.#beginsWith = beginsWith;
  }

  get size(): number {
    return this.#prefixes.length + this.#objects.length;
  }

  /** Adds what is not there yet: a row that was revealed ahead of its page comes again with it. */
  add(entries: readonly EntryRow[]): void {
    for (const entry of entries) {
      if (this.#ids.has(entry.id)) continue;
      this.#ids.add(entry.id);
      if (entry.kind === 'prefix') this.#prefixes.push(entry);
      else this.#objects.push(entry);
    }
  }

  /** Prefixes first, of whatever page: S3 lists them where their keys would be. */
  rows(wanted: SortOrder = 's3'): readonly Row[] {
    // Versions are what they are by their order.
    const order = isFolder(this.#row) ? wanted : 's3';
    // Who filters looks for objects.
    const notifications = this.#beginsWith === undefined ? notificationsRow(this.#row) : undefined;
    const first = notifications ? [notifications] : [];
    const { prefixes, objects } = sorted(this.#prefixes, this.#objects, order);
    return [...first, ...prefixes, ...objects, ...this.#ending(order)];
  }

  #ending(order: SortOrder): (MoreRow | ErrorRow | EmptyRow)[] {
    const { id, session, bucket, key } = this.#row;
    const below = { parent: this.#row, session, bucket, key };
    if (this.error !== undefined) {
      const doing = this.size > 0 ? 'readMore' : 'read';
      return [{ kind: 'error', id: `${id}|error|`, parent: this.#row, error: this.error, doing }];
    }
    if (this.nextToken !== undefined) {
      const shown = { loaded: this.size, ...(order !== 's3' && { isSorted: true }) };
      return [{ kind: 'more', id: `${id}|more|`, ...below, ...shown }];
    }
    if (this.size > 0) return [];
    const filter = this.#beginsWith === undefined ? {} : { beginsWith: this.#beginsWith };
    return [{ kind: 'empty', id: `${id}|empty|`, ...below, ...filter }];
  }
}
