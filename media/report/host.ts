import type {
  FromReport,
  Method,
  ReportState,
  Requests,
  ToReport,
} from '../../src/jobs/report/protocol.ts';
import { HostRequests } from '../requests.ts';

interface VsCodeApi {
  postMessage(message: FromReport): void;
  setState(state: ReportState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const api = acquireVsCodeApi();
const requests = new HostRequests(message => api.postMessage(message as FromReport));

/** Listens to the host, then says that the page is ready: it speaks first. */
export function connect(
  listen: (message: Extract<ToReport, { kind: 'start' | 'head' | 'trouble' }>) => void,
): void {
  window.addEventListener('message', ({ data }: MessageEvent<ToReport>) => {
    if (data.kind === 'reply' || data.kind === 'failure') requests.settle(data);
    else listen(data);
  });
  api.postMessage({ kind: 'ready' });
}

/** Remembers what is shown, here for a reload of the window and at the host. */
export function keepState(state: ReportState): void {
  api.setState(state);
  api.postMessage({ kind: 'state', state });
}

/** Asks the host. @throws RequestFailed with a sentence that can be shown */
export async function ask<M extends Method>(
  method: M,
  params: Requests[M]['params'],
  signal?: AbortSignal,
): Promise<Requests[M]['result']> {
  return (await requests.ask(method, params, signal)) as Requests[M]['result'];
}
