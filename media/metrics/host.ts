import type {
  FromPanel,
  Method,
  PanelState,
  Requests,
  ShownFigure,
  ToPanel,
} from '../../src/metrics/protocol.ts';
import { HostRequests } from '../requests.ts';

interface VsCodeApi {
  postMessage(message: FromPanel): void;
  setState(state: PanelState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();
const requests = new HostRequests(message => api.postMessage(message as FromPanel));

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
    requests.settle(message);
  });
  api.postMessage({ kind: 'ready' });
}

/** Remembers what is shown, here for a reload of the window and at the host for the title. */
export function keepState(state: PanelState): void {
  api.setState(state);
  api.postMessage({ kind: 'state', state });
}

/** Tells the host what stands on the page. */
export function reportShown(
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
  return (await requests.ask(method, params, signal)) as Requests[M]['result'];
}
