import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { Listing } from '../../aws/selection/selection.ts';
import type { Services, Session } from '../../services.ts';
import { ContextKey } from '../../vscode/contextKey.ts';
import { runCommand } from '../../vscode/runCommand.ts';
import { ownerOf, sessionOf } from '../../vscode/sessionOwner.ts';
import { followSelection } from '../../vscode/shownRows.ts';
import type { Explorer } from '../explorer.ts';
import { objectResource } from '../fileSystem/s3Resource.ts';
import { namedSession, type BucketRow } from '../tree/rows.ts';
import { refreshFound } from './refreshFound.ts';
import { FoundTree } from './foundTree.ts';
import { Search } from './search.ts';
import { searchMessage, searchTitle } from './searchText.ts';

export const FOUND_VIEW = 'bucketBrigade.found';

/** Shown where a manifest is made of what was found. */
const FILE = 'found-objects.csv';
/** Milliseconds after which what a window found and never deleted is deleted by another. */
const KEPT_MS = 24 * 60 * 60 * 1000;
/** Milliseconds between two looks at the rows while a search runs. */
const SHOWN_EVERY_MS = 500;

/** The Found Objects view: one search at a time. Made with the first. */
export class FoundView implements vscode.Disposable {
  readonly #explorer: Explorer;
  readonly #worker: Services['worker'];
  readonly #root: string;
  readonly #tree: FoundTree;
  readonly #view: vscode.TreeView<unknown>;
  readonly #hasFound = new ContextKey('bucketBrigade:hasFound');
  readonly #finding = new ContextKey('bucketBrigade:finding');
  readonly #disposables: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;

  /** @param root a local folder for what is found */
  constructor(explorer: Explorer, worker: Services['worker'], root: string) {
    this.#explorer = explorer;
    this.#worker = worker;
    this.#root = root;
    this.#tree = new FoundTree(explorer.connections);
    const options = { treeDataProvider: this.#tree, canSelectMany: true };
    const view = vscode.window.createTreeView(FOUND_VIEW, options);
    this.#view = view;
    const tree = this.#tree;
    this.#disposables = vscode.Disposable.from(
      view,
      followSelection(FOUND_VIEW, {
        get selection() {
          return view.selection;
        },
        get quietFor() {
          return tree.quietFor;
        },
      }),
      view.onDidChangeSelection(({ selection }) => {
        const session = this.search?.input.session;
        for (const row of selection) {
          if (session && row.kind === 'object') {
            void explorer.admit(session, objectResource(row.bucket, row.key, namedSession(row)));
          }
        }
      }),
      explorer.tree.onDidChangeObjects(({ bucket, keys }) => void this.#refreshKeys(bucket, keys)),
      explorer.connections.onDidChangeAny(() => {
        const own = this.search?.input.session.connection.id;
        if (!explorer.connections.opened.some(({ id }) => id === own)) void this.clear();
        // Whose they are is said where there are others.
        else this.#showNow();
      }),
    );
  }

  dispose(): void {
    void this.clear();
    this.#disposables.dispose();
  }

  get search(): Search | undefined {
    return this.#tree.search;
  }

  /**
   * Finds objects in place of what was found before, and shows them.
   *
   * @returns how many were found, when the search has ended
   */
  async find(
    session: Session,
    listings: readonly Listing[],
    buckets: ReadonlyMap<string, BucketRow>,
  ): Promise<number> {
    await this.clear();
    const folder = await this.#newFolder();
    const title = searchTitle(listings);
    const search = new Search({
      ...{ session, listings, buckets, title },
      file: join(folder, FILE),
    });
    this.#tree.search = search;
    this.#hasFound.value = true;
    this.#finding.value = true;
    const listening = search.onDidChange(what => {
      if (this.search === search) this.#show(what === 'rows');
    });
    void vscode.commands.executeCommand(`${FOUND_VIEW}.focus`);
    this.#show(true);
    try {
      const running = search.run(this.#worker);
      void vscode.window.withProgress({ location: { viewId: FOUND_VIEW } }, () =>
        running.catch(() => undefined),
      );
      await running;
    } finally {
      if (this.search === search) {
        this.#finding.value = false;
        this.#showNow();
      } else {
        listening.dispose();
      }
    }
    return search.progress?.found ?? 0;
  }

  /** Finds the same once more. */
  async again(): Promise<number> {
    const { search } = this;
    if (!search) return 0;
    const { listings, buckets, session: before } = search.input;
    const session = await sessionOf(this.#explorer.connections, ownerOf(before));
    return await this.find(session, listings, buckets);
  }

  /** Asks again what to find where was searched last. */
  async change(): Promise<number> {
    const { search } = this;
    if (!search) return 0;
    const { listings, buckets, session: before } = search.input;
    const session = await sessionOf(this.#explorer.connections, ownerOf(before));
    const { askFind } = await import('./askFind.ts');
    return await this.find(session, await askFind(session, listings), buckets);
  }

  /** Ends the search; what it found stays. */
  stop(): void {
    this.search?.stop();
  }

  /** Shows more of what was found. */
  async loadMore(): Promise<void> {
    await this.search?.loadMore();
  }

  /** Forgets what was found, and ends a search that runs. */
  async clear(): Promise<void> {
    const { search } = this;
    if (!search) return;
    search.stop();
    this.#tree.search = undefined;
    this.#hasFound.value = false;
    this.#finding.value = false;
    this.#showNow();
    await rm(join(search.input.file, '..'), { recursive: true, force: true }).catch(
      () => undefined,
    );
  }

  /** Selects all that was found, for a manifest: as a file of keys on this computer. */
  async createManifest(): Promise<void> {
    const { input } = this.#ended();
    const { scheme, path } = vscode.Uri.file(input.file);
    await runCommand('bucketBrigade.jobs.createManifest', {
      ...{ scheme, path },
      session: input.session.key,
    });
  }

  /** Saves all that was found as CSV: bucket, key (URL-encoded), version, size, date, class. */
  async save(): Promise<void> {
    const { input } = this.#ended();
    const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri;
    const to = await vscode.window.showSaveDialog({
      title: vscode.l10n.t('Save Found Objects'),
      defaultUri: folder
        ? vscode.Uri.joinPath(folder, FILE)
        : vscode.Uri.file(join(homedir(), FILE)),
      filters: { [vscode.l10n.t('CSV')]: ['csv'] },
    });
    if (to) await vscode.workspace.fs.copy(vscode.Uri.file(input.file), to, { overwrite: true });
  }

  #ended(): Search {
    const { search } = this;
    if (!search?.progress?.found) {
      throw new BrigadeError('InvalidInput', vscode.l10n.t('Nothing was found yet.'));
    }
    if (search.state === 'running') {
      throw new BrigadeError(
        'InvalidInput',
        vscode.l10n.t('Stop the search first, or wait until it ends.'),
      );
    }
    return search;
  }

  async #refreshKeys(bucket: string, keys: readonly string[]): Promise<void> {
    const { search } = this;
    if (!search) return;
    const wanted = new Set(keys);
    const rows = search.rows.filter(row => row.bucket === bucket && wanted.has(row.key));
    if (rows.length === 0) return;
    const now = await refreshFound(this.#explorer, search.input.session, rows);
    if (this.search === search) search.replace(now);
  }

  /** Rows are shown twice a second while they come: VS Code takes all of them again each time. */
  #show(rows: boolean): void {
    this.#say();
    if (!rows) return;
    this.#timer ??= setTimeout(() => this.#showNow(), SHOWN_EVERY_MS);
  }

  /** Above the rows; VS Code shows no welcome below a message, so that without rows it stands in the title. */
  #say(): void {
    const { search } = this;
    const isNone = search?.state === 'done' && search.progress?.found === 0;
    const message = search && searchMessage(search);
    this.#view.message = isNone ? undefined : message;
    this.#view.description = isNone ? message : undefined;
  }

  #showNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#say();
    this.#tree.refresh();
  }

  async #newFolder(): Promise<string> {
    const old = await readdir(this.#root).catch(() => []);
    for (const name of old) {
      const path = join(this.#root, name);
      const known = await stat(path).catch(() => undefined);
      if (known && Date.now() - known.mtimeMs > KEPT_MS) {
        await rm(path, { recursive: true, force: true }).catch(() => undefined);
      }
    }
    const folder = join(this.#root, randomUUID());
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return folder;
  }
}
