/** What the file system knows of one object. */
export interface ObjectStat {
  readonly kind: 'object';
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970, whole seconds: HEAD tells no finer, and a listing must say the same. */
  readonly mtime: number;
  /** Without quotes. */
  readonly eTag: string;
}

/** What a path stands for. A prefix is a folder while at least one key begins with it. */
export type Stat = ObjectStat | { readonly kind: 'folder' } | { readonly kind: 'none' };

/** How long an answer is given again, in milliseconds. VS Code asks in storms (vscode#79421). */
const LIFETIME = 2000;
const MAX_ENTRIES = 20_000;

interface Entry {
  readonly at: number;
  readonly stat: Promise<Stat>;
}

/** Remembers answers for a moment; equal questions at the same time share one request. */
export class StatCache {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  async get(name: string, look: () => Promise<Stat>): Promise<Stat> {
    const known = this.#entries.get(name);
    if (known && this.#now() - known.at < LIFETIME) return await known.stat;
    const stat = look();
    const entry = this.#put(name, stat);
    stat.catch(() => {
      // A failure is not an answer: the next one asks again.
      if (this.#entries.get(name) === entry) this.#entries.delete(name);
    });
    return await stat;
  }

  set(name: string, stat: Stat): void {
    this.#put(name, Promise.resolve(stat));
  }

  #put(name: string, stat: Promise<Stat>): Entry {
    if (this.#entries.size >= MAX_ENTRIES) this.#entries.clear();
    const entry = { at: this.#now(), stat };
    this.#entries.set(name, entry);
    return entry;
  }

  clear(): void {
    this.#entries.clear();
  }
}
