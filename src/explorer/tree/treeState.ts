import type { FolderContents } from './folderContents.ts';
import {
  isFolder,
  isParent,
  prefixOf,
  topOf,
  type FolderRow,
  type ParentRow,
  type Row,
} from './rows.ts';
import type { Session } from '../../services.ts';

/** What is below one row, or at the top; filled once `ready`. */
export interface Children {
  ready: Promise<void>;
  rows: readonly Row[];
  /** Set for what is read page by page. */
  folder?: FolderContents;
  /** How many rows it is to have, where it was read with that many before. */
  atLeast?: number;
  /** A later page that is under way. */
  more?: Promise<void>;
}

/**
 * Everything the view has read for one connection. When it or its account changes, the whole
 * state is left behind: an answer that comes late is written where nobody looks any more.
 */
export class TreeState {
  readonly #abort = new AbortController();
  readonly #children = new Map<string, Children>();
  readonly #rows = new Map<string, ParentRow>();
  /** What the children of buckets and prefixes must begin with, by the id of their row. */
  readonly filters = new Map<string, string>();
  readonly connectionId: string;
  session: Session | undefined;

  constructor(connectionId: string) {
    this.connectionId = connectionId;
  }

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

  /** Everything that is read below buckets and prefixes. */
  eachFolder(change: (children: Children, folder: FolderContents) => void): void {
    for (const children of this.#children.values()) {
      if (children.folder) change(children, children.folder);
    }
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
