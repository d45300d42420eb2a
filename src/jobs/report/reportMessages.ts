import type { FromReport, Method, ReportState } from './protocol.ts';
import {
  checkRequest,
  isRecord,
  isRegion,
  isRequestId,
  shaped,
  WebviewMessageError,
  type Check,
} from '../../vscode/webviewMessages.ts';

const MAX_TEXT = 1_000_000;
/** A table shows a hundred rows or so. */
const MAX_ROWS = 1_000;
const isText: Check = value => typeof value === 'string' && value.length <= MAX_TEXT;
const isName: Check = value => typeof value === 'string' && value !== '' && value.length <= 4096;
const isCount: Check = value => Number.isSafeInteger(value) && (value as number) >= 0;
const areCounts: Check = value =>
  Array.isArray(value) && value.length <= MAX_ROWS && value.every(isCount);
const isStatus: Check = value => value === 'succeeded' || value === 'failed';
const isSort: Check = value =>
  shaped(value, { by: one => one === 'key' || one === 'error', descending: isBoolean });
const isBoolean: Check = value => typeof value === 'boolean';
const optional =
  (check: Check): Check =>
  value =>
    value === undefined || check(value);
const isQuery: Check = value =>
  shaped(value, {
    status: optional(isStatus),
    groups: optional(areCounts),
    text: optional(isText),
    sort: optional(isSort),
  });
const isObject: Check = value => shaped(value, { bucket: isName, key: isName });

const PARAMETERS: Readonly<Record<Method, Check>> = {
  query: value => shaped(value, { query: isQuery }),
  rows: value =>
    shaped(value, {
      view: isCount,
      from: isCount,
      count: count => isCount(count) && (count as number) <= MAX_ROWS,
    }),
  openObject: isObject,
  revealObject: isObject,
  copyText: value => shaped(value, { text: isText }),
  exportRows: value => shaped(value, { view: isCount }),
  act: value => shaped(value, { id: isName }),
};

/**
 * Checks what came from the page: a browser that shows keys and messages of others.
 *
 * @throws WebviewMessageError
 */
export function readReportMessage(message: unknown): FromReport {
  if (!isRecord(message)) throw new WebviewMessageError('The message is no object.');
  const { kind, id, state } = message;
  if (kind === 'ready') return { kind };
  if (kind === 'cancel' && isRequestId(id)) return { kind, id };
  if (kind === 'state' && isReportState(state)) return { kind, state };
  if (kind === 'request') {
    checkRequest(message, PARAMETERS);
    return message as FromReport;
  }
  throw new WebviewMessageError(`The message ${String(kind)} is not understood.`);
}

/** Whether it is what a page keeps: it comes back from VS Code after a reload. */
export function isReportState(value: unknown): value is ReportState {
  return shaped(value, { target: isTarget, query: isQuery });
}

function isTarget(value: unknown): boolean {
  return (
    shaped(value, { session: optional(isName) }) &&
    (shaped(value, { jobId: isJobId, region: optional(isRegion) }) || isObject(value))
  );
}

function isJobId(value: unknown): boolean {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value);
}
