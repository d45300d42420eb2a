import type { Memento } from 'vscode';
import type { MultipartUpload, UploadJournal } from '../../aws/objects/multipartUploads.ts';
import { STALE_AFTER_MS, THIS_MACHINE } from '../../aws/objects/thisMachine.ts';
import type { Session } from '../../services.ts';

const KEY = 'bucketBrigade.unfinishedUploads';
const MAX_KEPT = 500;

interface Entry extends MultipartUpload {
  /** Whose bucket it is: the key of the session. */
  readonly owner: string;
  /** The machine and the process that work on it. */
  readonly machine: string;
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly begun: number;
}

export interface KnownUpload {
  /** This window or another one is uploading it just now. */
  readonly isWorking: boolean;
  /** The URI of the local file. */
  readonly source?: string;
}

/**
 * The uploads in parts that have begun, kept over the death of this process: its parts would stay in
 * the bucket, unseen. Windows of VS Code share it, those on remote machines too, so that an upload of
 * a process that lives is left alone, and one of another machine until it must be old.
 */
export class UnfinishedUploads {
  readonly #state: Memento;
  readonly #isAlive: (pid: number) => boolean;
  readonly #machine: string;
  readonly #working = new Set<string>();

  constructor(
    state: Memento,
    isAlive: (pid: number) => boolean = isProcess,
    machine: string = THIS_MACHINE,
  ) {
    this.#state = state;
    this.#machine = machine;
    this.#isAlive = isAlive;
  }

  /** Those of one account at one endpoint. */
  of({ key: owner }: Pick<Session, 'key'>): UploadJournal {
    return {
      begin: upload => {
        this.#working.add(upload.uploadId);
        const entry: Entry = {
          ...upload,
          owner,
          machine: this.#machine,
          pid: process.pid,
          begun: Date.now(),
        };
        this.#save([...this.#entries(), entry].slice(-MAX_KEPT));
      },
      end: ({ uploadId }) => {
        this.#working.delete(uploadId);
        this.#save(this.#entries().filter(entry => entry.uploadId !== uploadId));
      },
      abandon: ({ uploadId }) => this.#working.delete(uploadId),
      left: bucket =>
        this.#entries().filter(
          entry => entry.owner === owner && entry.bucket === bucket && this.#isLeft(entry),
        ),
    };
  }

  /** What is known here of an upload; undefined: another program, or another machine, began it. */
  find(uploadId: string): KnownUpload | undefined {
    const entry = this.#entries().find(one => one.uploadId === uploadId);
    return entry && { isWorking: !this.#isLeft(entry), source: entry.source };
  }

  #isLeft({ uploadId, machine, pid, begun }: Entry): boolean {
    if (machine !== this.#machine) return Date.now() - begun > STALE_AFTER_MS;
    return !this.#working.has(uploadId) && (pid === process.pid || !this.#isAlive(pid));
  }

  #entries(): readonly Entry[] {
    return this.#state.get<Entry[]>(KEY, []);
  }

  #save(entries: readonly Entry[]): void {
    void this.#state.update(KEY, entries);
  }
}

function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: another user's, and alive.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
