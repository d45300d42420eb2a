import type { Session } from '../services.ts';
import {
  isFolder,
  isParent,
  notificationsRow,
  prefixOf,
  topOf,
  type EmptyRow,
  type ErrorRow,
  type FolderRow,
  type MoreRow,
  type ObjectRow,
  type ParentRow,
  type PrefixRow,
  type Row,
} from './rows.ts';

/** What is below one row, or at the top; filled once `ready`. */
export interface Children {
  ready: Promise<void>;
  rows: readonly Row[];
  /** Set for the children of a bucket or prefix. */
  folder?: FolderContents;
  /** A later page that is under way. */
  more?: Promise<void>;
}

/** The pages of a bucket or prefix that are loaded so far. */
export class FolderContents {
  readonly #row: FolderRow;
  readonly #prefixes: PrefixRow[] = [];
  readonly #objects: ObjectRow[] = [];
  readonly #ids = new Set<string>();
  nextToken: string | undefined;
  error: unknown;

  constructor(row: FolderRow) {
    this.#row = row;
  }

  get size(): number {
    return this.#prefixes.length + this.#objects.length;
  }

  /** Adds what is not there yet: a row that was revealed ahead of its page comes again with it. */
  add(entries: readonly (PrefixRow | ObjectRow)[]): void {
    for (const entry of entries) {
      if (this.#ids.has(entry.id)) continue;
      this.#ids.add(entry.id);
      if (entry.kind === 'prefix') this.#prefixes.push(entry);
      else this.#objects.push(entry);
    }
  }

  /** Prefixes first, of whatever page: S3 lists them where their keys would be. */
  rows(): readonly Row[] {
    const notifications = notificationsRow(this.#row);
    const first = notifications ? [notifications] : [];
    return [...first, ...this.#prefixes, ...this.#objects, ...this.#ending()];
  }

  #ending(): (MoreRow | ErrorRow | EmptyRow)[] {
    const { id, bucket, key } = this.#row;
    const below = { parent: this.#row, bucket, key };
    if (this.error !== undefined) {
      const doing = this.size > 0 ? 'readMore' : 'read';
      return [{ kind: 'error', id: `${id}|error|`, parent: this.#row, error: this.error, doing }];
    }
    if (this.nextToken !== undefined) {
      return [{ kind: 'more', id: `${id}|more|`, ...below, loaded: this.size }];
    }
    return this.size > 0 ? [] : [{ kind: 'empty', id: `${id}|empty|`, ...below }];
  }
}

/**
 * Everything the view has read for one session. When the connection or account changes, the whole
 * state is left behind: an answer that comes late is written where nobody looks any more.
 */
export class TreeState {
  readonly #abort = new AbortController();
  readonly #children = new Map<string, Children>();
  readonly #rows = new Map<string, ParentRow>();
  session: Session | undefined;

  /** Aborted when the state is left behind. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  leave(): void {
    this.#abort.abort();
  }

  children(row: Row | undefined): Children | undefined {
    return this.#children.get(row?.id ?? '');
  }

  setChildren(row: ParentRow | undefined, children: Children): void {
    this.#children.set(row?.id ?? '', children);
  }

  /** Makes rows findable by `rowsFor`. */
  remember(rows: readonly Row[]): void {
    for (const row of rows) {
      if (isParent(row)) this.#rows.set(row.id, row);
    }
  }

  /** Forgets what was read below a row, or everything. */
  forget(row?: ParentRow): void {
    if (!row) {
      this.#children.clear();
      this.#rows.clear();
      return;
    }
    const children = this.#children.get(row.id);
    this.#children.delete(row.id);
    for (const child of children?.rows ?? []) {
      if (!isParent(child)) continue;
      this.#rows.delete(child.id);
      this.forget(child);
    }
  }

  /** The rows shown so far that pass a test: one location may be shown below several pinned rows. */
  rows<T extends ParentRow>(test: (row: ParentRow) => row is T): T[] {
    return [...this.#rows.values()].filter(test);
  }

  /**
   * The innermost rows shown that list one of these keys: the ones that change when the objects do.
   * Each row and each segment of a key is looked at once, for both may be many thousands.
   */
  foldersOf(bucket: string, keys: readonly string[]): FolderRow[] {
    const byPrefix = Map.groupBy(
      this.rows((row): row is FolderRow => isFolder(row) && row.bucket === bucket),
      prefixOf,
    );
    const found = new Set<FolderRow>();
    for (const key of keys) {
      const tops = new Set<Row>();
      for (const row of prefixesOf(key).flatMap(prefix => byPrefix.get(prefix) ?? [])) {
        const top = topOf(row);
        if (tops.has(top) || !this.#children.has(row.id)) continue;
        tops.add(top);
        found.add(row);
      }
    }
    return [...found];
  }
}

/** The prefixes that list a key, from the key itself up to the bucket. */
function prefixesOf(key: string): string[] {
  const prefixes: string[] = [];
  for (let end = key.length; end > 0; end = end > 1 ? key.lastIndexOf('/', end - 2) + 1 : 0) {
    prefixes.push(key.slice(0, end));
  }
  return [...prefixes, ''];
}
