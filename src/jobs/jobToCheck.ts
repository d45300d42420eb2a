import type { Event } from 'vscode';
import type { JobRequest } from '../aws/preflight/jobParts.ts';
import type { Session } from '../services.ts';
import type { PageAction } from '../vscode/page/protocol.ts';

/** A job that may be created, and what happens to it. */
export interface JobToCheck {
  readonly session: Session;
  /** Tells its page from others. */
  readonly key: string;
  readonly name: string;
  /** What CreateJob would be asked for now. */
  readonly request: () => JobRequest | Promise<JobRequest>;
  /** Takes over what a fix has made of the request. */
  readonly adopt: (request: JobRequest) => unknown;
  /** Asks where the report goes; absent where that is edited as text. */
  readonly chooseReport?: () => unknown;
  /** Creates it, goes back … */
  readonly actions: readonly PageAction[];
  readonly onAction: (id: string) => unknown;
}

/** Looking at a job before it is created; `preflight/` does it. */
export interface JobCheck {
  /** Opens a page with all that was found, the cost, and what puts things right. */
  open(job: JobToCheck): Promise<OpenCheck>;
  /**
   * What would make the job fail, a sentence each.
   *
   * @throws BrigadeError `Cancelled` only
   */
  failures(session: Session, request: JobRequest, signal: AbortSignal): Promise<readonly string[]>;
}

export interface OpenCheck {
  readonly onDidDispose: Event<void>;
  dispose(): void;
}
