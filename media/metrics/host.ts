import type {
  FromPanel,
  Method,
  PanelError,
  PanelState,
  Requests,
  ShownFigure,
  ToPanel,
} from '../../src/metrics/protocol.ts';

interface VsCodeApi {
  postMessage(message: FromPanel): void;
  setState(state: PanelState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: RequestFailed) => void;
}

/** What the host answered instead of a result. */
export class RequestFailed extends Error {
  readonly code: string;

  constructor({ code, message }: PanelError) {
    super(message);
    this.name = 'RequestFailed';
    this.code = code;
  }
}

const api = acquireVsCodeApi();
const waiting = new Map<number, Waiting>();
let lastId = 0;

/** What went wrong, in a sentence. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether it ended because somebody gave it up: nothing is to be said. */
export function isCancelled(error: unknown): boolean {
  return error instanceof RequestFailed && error.code === 'Cancelled';
}

/** Listens to the host, then says that the panel is ready: it speaks first. */
export function connect(
  onStart: (start: Extract<ToPanel, { kind: 'start' }>) => void,
  onRefresh: () => void,
): void {
  window.addEventListener('message', (event: MessageEvent<ToPanel>) => {
    const message = event.data;
    if (message.kind === 'start') {
      onStart(message);
      return;
    }
    if (message.kind === 'refresh') {
      onRefresh();
      return;
    }
    const request = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.kind === 'reply') request?.resolve(message.result);
    else request?.reject(new RequestFailed(message.error));
  });
  api.postMessage({ kind: 'ready' });
}

/** Remembers what is shown, here for a reload of the window and at the host for the title. */
export function keepState(state: PanelState): void {
  api.setState(state);
  api.postMessage({ kind: 'state', state });
}

/** Tells the host what stands on the page. */
export function tellShown(
  functionName: string,
  reading: number,
  figures: readonly ShownFigure[],
): void {
  api.postMessage({ kind: 'shown', functionName, reading, figures });
}

/**
 * Asks the host.
 *
 * @throws RequestFailed with a sentence that can be shown
 */
export async function ask<M extends Method>(
  method: M,
  params: Requests[M]['params'],
  signal?: AbortSignal,
): Promise<Requests[M]['result']> {
  const id = ++lastId;
  const answered = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
  const cancel = (): void => api.postMessage({ kind: 'cancel', id });
  signal?.addEventListener('abort', cancel);
  api.postMessage({ kind: 'request', id, method, params } as FromPanel);
  try {
    return (await answered) as Requests[M]['result'];
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}
