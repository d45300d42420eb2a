/** An error as the host sends it: the code of a BrigadeError, and a sentence that can be shown. */
export interface ErrorReply {
  readonly code: string;
  readonly message: string;
}

/** What the host says to a request. */
export type Answer =
  | { readonly kind: 'reply'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly error: ErrorReply };

/** What a page posts to its host for a request. */
export type RequestMessage =
  | {
      readonly kind: 'request';
      readonly id: number;
      readonly method: string;
      readonly params: unknown;
    }
  | { readonly kind: 'cancel'; readonly id: number };

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: RequestFailed) => void;
}

/** What the host answered instead of a result. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';
  readonly code: string;

  constructor({ code, message }: ErrorReply) {
    super(message);
    this.code = code;
  }
}

/** What went wrong, in a sentence. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether it ended because somebody gave it up: nothing is to be said. */
export function isCancelled(error: unknown): boolean {
  return error instanceof RequestFailed && error.code === 'Cancelled';
}

/** Requests of a page to its host: numbered, answered in any order, and cancelled by a signal. */
export class HostRequests {
  readonly #post: (message: RequestMessage) => void;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  constructor(post: (message: RequestMessage) => void) {
    this.#post = post;
  }

  /** @throws RequestFailed with a sentence that can be shown */
  async ask(method: string, params: unknown, signal?: AbortSignal): Promise<unknown> {
    const id = ++this.#lastId;
    const answered = new Promise<unknown>((resolve, reject) =>
      this.#waiting.set(id, { resolve, reject }),
    );
    const cancel = (): void => this.#post({ kind: 'cancel', id });
    signal?.addEventListener('abort', cancel);
    this.#post({ kind: 'request', id, method, params });
    try {
      return await answered;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Takes what the host answered. */
  settle(answer: Answer): void {
    const request = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.kind === 'reply') request?.resolve(answer.result);
    else request?.reject(new RequestFailed(answer.error));
  }
}
