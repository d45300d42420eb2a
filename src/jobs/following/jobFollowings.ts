import type { Disposable, Event } from 'vscode';
import type { Owned } from '../../commands.ts';
import type { Connections, Services, Session } from '../../services.ts';
import { DisposableStore } from '../../vscode/disposables.ts';
import { oneConnection } from '../../vscode/sessionOwner.ts';
import type { JobList } from '../jobList.ts';
import type { JobLists } from '../jobLists.ts';
import type { JobsView } from '../view/jobsView.ts';
import type { FollowingParts, JobFollowing } from './jobFollowing.ts';
import type { WatchedJobs } from './watchedJobs.ts';

interface Parts
  extends Pick<Services, 'connections' | 'log'>, Pick<FollowingParts, 'onError' | 'announce'> {
  readonly connections: Connections;
  readonly lists: JobLists;
  readonly view: FollowingParts['view'] & Pick<JobsView, 'showTrouble'>;
  readonly watched: WatchedJobs;
  /** A session was opened, whoever needed it. */
  readonly onDidOpen: Event<Session>;
}

/** Follows the jobs of each open connection; what does it is loaded when the first are known. */
export class JobFollowings implements Disposable {
  readonly #parts: Parts;
  readonly #disposables = new DisposableStore();
  readonly #all = new Map<JobList, Promise<JobFollowing>>();

  constructor(parts: Parts) {
    this.#parts = parts;
    const { lists, watched } = parts;
    this.#disposables.add(
      lists.onDidChange(change => {
        if (!change) this.#forgetClosed();
        else if (change.list.jobs) void this.#of(change.list);
      }),
    );
    this.#disposables.add(
      parts.onDidOpen(session => {
        // Jobs of this workspace may have ended while no window was open, and nobody looks at the view.
        if (watched.of(session).length > 0) void this.#startFor({ session: session.key });
      }),
    );
  }

  /** Something was done to a job of an account: look soon. */
  nudge({ key }: Pick<Session, 'key'>): void {
    void this.#of(this.#parts.lists.of({ session: key }))?.then(one => one.nudge());
  }

  async #startFor(owned: Owned): Promise<void> {
    (await this.#of(this.#parts.lists.of(owned)))?.start();
  }

  /** Undefined where a list is of no open connection. */
  #of(list: JobList): Promise<JobFollowing> | undefined {
    const known = this.#all.get(list);
    if (known) return known;
    const [id] = [...this.#parts.lists.all].find(([, one]) => one === list) ?? [];
    if (id === undefined) return undefined;
    const following = this.#follow(id, list);
    this.#all.set(list, following);
    return following;
  }

  async #follow(id: string, list: JobList): Promise<JobFollowing> {
    const { connections, view } = this.#parts;
    const { JobFollowing } = await import('./jobFollowing.ts');
    return new JobFollowing({
      ...this.#parts,
      connections: oneConnection(connections, id),
      list,
      showTrouble: error => view.showTrouble(id, error),
    });
  }

  #forgetClosed(): void {
    const open = new Set(this.#parts.lists.all.values());
    for (const [list, following] of this.#all) {
      if (open.has(list)) continue;
      this.#all.delete(list);
      void following.then(one => one.dispose());
    }
  }

  dispose(): void {
    this.#disposables.dispose();
    for (const following of this.#all.values()) void following.then(one => one.dispose());
    this.#all.clear();
  }
}
