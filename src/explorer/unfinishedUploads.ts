import type { Memento } from 'vscode';
import type { MultipartUpload, UploadJournal } from '../aws/objects/multipartUploads.ts';
import type { Session } from '../services.ts';

const KEY = 'bucketBrigade.unfinishedUploads';
const MAX_KEPT = 500;

interface Entry extends MultipartUpload {
  /** Whose bucket it is: the key of the session. */
  readonly owner: string;
  /** The process that works on it. */
  readonly pid: number;
}

/**
 * The uploads in parts that have begun, kept over the death of this process: its parts would stay in
 * the bucket, unseen. Windows of VS Code share it, so that an upload of a process that lives is left
 * alone.
 */
export class UnfinishedUploads {
  readonly #state: Memento;
  readonly #isAlive: (pid: number) => boolean;
  readonly #working = new Set<string>();

  constructor(state: Memento, isAlive: (pid: number) => boolean = isProcess) {
    this.#state = state;
    this.#isAlive = isAlive;
  }

  /** Those of one account at one endpoint. */
  of({ key: owner }: Pick<Session, 'key'>): UploadJournal {
    return {
      begin: upload => {
        this.#working.add(upload.uploadId);
        const entry: Entry = { ...upload, owner, pid: process.pid };
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

  #isLeft({ uploadId, pid }: Entry): boolean {
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
