import type { Services, Session } from '../../services.ts';
import { isSandboxStopped, isSilentInViews } from '../../vscode/cancellation.ts';
import { prepareFormats } from '../../vscode/formatters.ts';
import type { DisabledNotifications } from '../notifications/disabledNotifications.ts';
import type { FolderContents } from './folderContents.ts';
import { readNotificationRows } from './notificationRows.ts';
import type { PinnedBuckets } from './pinnedBuckets.ts';
import {
  isFolder,
  type NotificationsRow,
  type ObjectRow,
  type PagedRow,
  type Row,
} from './rows.ts';
import { MAX_PAGE } from '../settings.ts';
import { readBuckets, readPage, readTags, readVersions } from './readRows.ts';
import { topId } from './topId.ts';
import type { TreeState } from './treeState.ts';
import type { TreeStates } from './treeStates.ts';
import type { VersionsShown } from './versionsShown.ts';

interface ReadFor {
  readonly pins: PinnedBuckets;
  readonly disabled: DisabledNotifications;
  readonly states: TreeStates;
  readonly versions: VersionsShown;
}

/** Reads rows, each with the session of its own connection. It never rejects: errors become rows. */
export class RowReader {
  readonly #connections: Services['connections'];
  readonly #of: ReadFor;

  constructor(connections: Services['connections'], of: ReadFor) {
    this.#connections = connections;
    this.#of = of;
  }

  /** The rows of a connection's buckets, or what kept them from being read. */
  async top(state: TreeState): Promise<readonly Row[]> {
    const { connectionId } = state;
    const parent = this.#of.states.root(connectionId);
    try {
      state.session = await this.#connections.session(state.signal, connectionId);
      const rows = await readBuckets(state.session, this.#of.pins, state.signal, parent);
      // When these are shown, and before one of them is opened.
      setTimeout(prepareFormats, 50);
      if (rows.length > 0 || !parent) return rows;
      return [{ kind: 'noBuckets', id: `${parent.id}|none`, parent }];
    } catch (error) {
      // The view's welcome offers to start it.
      if (isSilentInViews(error) || (isSandboxStopped(error) && !parent)) return [];
      const id = parent ? `${parent.id}|error` : 'error';
      return [{ kind: 'error', id, parent, connectionId, error, doing: 'connect' }];
    }
  }

  /** The session of now, of the same account: one that a sandbox died under is replaced when asked. */
  async #session(state: TreeState): Promise<Session> {
    const session = await this.#connections.session(state.signal, state.connectionId);
    if (state.session && topId(state.session) !== topId(session)) return state.session;
    state.session = session;
    return session;
  }

  /** The tags of an object, or what a bucket notifies. */
  async details(state: TreeState, row: ObjectRow | NotificationsRow): Promise<readonly Row[]> {
    try {
      const session = await this.#session(state);
      return row.kind === 'object'
        ? await readTags(session, row, state.signal)
        : await readNotificationRows(session, row, this.#of.disabled, state.signal);
    } catch (error) {
      return [{ kind: 'error', id: `${row.id}|error|`, parent: row, error, doing: 'read' }];
    }
  }

  /** Adds the next page of a bucket or prefix, or notes what kept it from being read. */
  async folder(
    state: TreeState,
    row: PagedRow,
    folder: FolderContents,
    size: number,
  ): Promise<void> {
    const beginsWith = state.filters.get(row.id);
    try {
      const page = {
        size: Math.min(size, MAX_PAGE),
        ...(folder.nextToken && { token: folder.nextToken }),
        ...(beginsWith !== undefined && { beginsWith }),
      };
      const session = await this.#session(state);
      const { entries, nextToken } =
        isFolder(row) && !this.#of.versions.of(row)
          ? await readPage(session, row, page, state.signal)
          : await readVersions(session, row, page, state.signal);
      folder.add(entries);
      folder.nextToken = nextToken;
      folder.error = undefined;
    } catch (error) {
      folder.error = error;
    }
  }
}
