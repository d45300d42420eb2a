import type { Memento } from 'vscode';
import { raceAbort } from '../aws/call.ts';
import type { AwsClients } from '../aws/clients.ts';
import type { Session } from '../services.ts';

const KEY = 'jobs.regions';

/** The Regions whose jobs are listed: S3 Control knows only those of the Region that is asked. */
export class JobRegions {
  readonly #state: Memento;
  readonly #looks = new WeakMap<AwsClients, Promise<unknown>>();

  constructor(state: Memento) {
    this.#state = state;
  }

  /**
   * The connection's own Region first, then those of its buckets and of jobs that were created here.
   * At an address of its own there is one.
   */
  async of(session: Session, signal?: AbortSignal): Promise<readonly string[]> {
    const { clients } = session;
    if (clients.endpoint !== undefined) return [clients.region];
    await raceAbort(this.#look(clients), signal);
    const others = [...clients.knownRegions(), ...this.#remembered(session)];
    return [...new Set([clients.region, ...others.sort()])];
  }

  /** A job was created there: it is listed from now on, whatever buckets there are. */
  async add(session: Session, region: string): Promise<void> {
    const known = this.#remembered(session);
    if (region === session.clients.region || known.includes(region)) return;
    const all = this.#state.get<Readonly<Record<string, readonly string[]>>>(KEY, {});
    await this.#state.update(KEY, { ...all, [session.key]: [...known, region] });
  }

  #remembered({ key }: Session): readonly string[] {
    return this.#state.get<Readonly<Record<string, readonly string[]>>>(KEY, {})[key] ?? [];
  }

  /** Once a session, and only if nobody has looked: who may not list buckets still has jobs. */
  #look(clients: AwsClients): Promise<unknown> {
    const look = this.#looks.get(clients) ?? lookAtBuckets(clients);
    this.#looks.set(clients, look);
    return look;
  }
}

async function lookAtBuckets(clients: AwsClients): Promise<void> {
  if (clients.knownRegions().length > 0) return;
  const { listBuckets } = await import('../aws/objects/listing.ts');
  await listBuckets(clients).catch(() => undefined);
}
