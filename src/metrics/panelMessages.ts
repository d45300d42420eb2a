import { PERIODS } from '../aws/metrics/metricPeriod.ts';
import type { FromPanel, Method, PanelState, TimeRange } from './protocol.ts';
import {
  checkRequest,
  isRecord,
  isRegion,
  isRequestId,
  shaped,
  WebviewMessageError,
  type Check,
} from '../vscode/webviewMessages.ts';

/** Characters: a chart of a 4K screen, or a table of two weeks of minutes, has a tenth of it. */
const MAX_TEXT = 20_000_000;
const isText: Check = value => typeof value === 'string' && value.length <= MAX_TEXT;
const isBase64: Check = value => isText(value) && /^[A-Za-z0-9+/]*={0,2}$/.test(value as string);
/** No folder, and nothing that runs. */
const isFileName: Check = value => isName(value) && /^[^/\\]+\.(png|svg)$/.test(value as string);
const isName: Check = value => typeof value === 'string' && value !== '' && value.length <= 256;
const isSessionKey: Check = value => typeof value === 'string' && value.length <= 4096;
const areNames: Check = value => Array.isArray(value) && value.every(isName);
const isOptionalBoolean: Check = value => value === undefined || isBoolean(value);
const isBoolean: Check = value => typeof value === 'boolean';
const isNumber: Check = value => typeof value === 'number' && Number.isFinite(value) && value >= 0;
/** Seconds until 2100: dates can be made of them. */
const isTime: Check = value => isNumber(value) && (value as number) < 4_102_444_800;
const isSpan: Check = value => shaped(value, { start: isTime, end: isTime }) && ordered(value);
const isRange: Check = value =>
  isSpan(value) || shaped(value, { last: isLength, fit: isOptionalBoolean });
const isLength: Check = value => isTime(value) && (value as number) > 0;
const isPeriod: Check = value => value === 0 || PERIODS.includes(value as number);
/** Off, or not so often that it costs: each reading does. */
const isPause: Check = value => value === 0 || (isNumber(value) && (value as number) >= 10);
const ADDRESS: Readonly<Record<string, Check>> = { functionName: isName, region: isRegion };

const PARAMETERS: Readonly<Record<Method, (value: unknown) => boolean>> = {
  readMetrics: having({ ...ADDRESS, range: isRange, period: isPeriod, fresh: isBoolean }),
  readAnnotations: value => having(ADDRESS)(value) && isSpan(value),
  chooseFunction: having({ region: isRegion, shown: areNames }),
  openLogs: value => having(ADDRESS)(value) && isSpan(value),
  copyText: having({ text: isText }),
  saveFile: having({ name: isFileName, base64: isBase64 }),
  openConsole: having({ ...ADDRESS, range: isRange }),
};

const isFigure: Check = value => shaped(value, { label: isName, value: isName });
const SHOWN: Readonly<Record<string, Check>> = {
  functionName: isName,
  reading: isNumber,
  figures: value => Array.isArray(value) && value.length <= 100 && value.every(isFigure),
};

const STATE: Readonly<Record<keyof PanelState, Check>> = {
  session: value => value === undefined || isSessionKey(value),
  functions: value => areNames(value) && (value as string[]).length > 0,
  selected: value => value === undefined || isName(value),
  region: isRegion,
  range: isRange,
  period: isPeriod,
  refreshEvery: isPause,
  timeZone: value => value === 'local' || value === 'utc',
  view: value => value === 'charts' || value === 'table',
};

/**
 * Checks what came from the panel: a browser that shows names and log lines of others.
 *
 * @throws WebviewMessageError
 */
export function readMessage(message: unknown): FromPanel {
  if (!isRecord(message)) throw new WebviewMessageError('The message is no object.');
  const { kind, id, state } = message;
  if (kind === 'ready') return { kind };
  if (kind === 'cancel' && isRequestId(id)) return { kind, id };
  if (kind === 'state' && isPanelState(state)) return { kind, state };
  if (kind === 'shown' && shaped(message, SHOWN)) return message as FromPanel;
  if (kind === 'request') {
    checkRequest(message, PARAMETERS);
    return message as FromPanel;
  }
  throw new WebviewMessageError(`The message ${String(kind)} is not understood.`);
}

/** Whether it is what a panel keeps: it comes back from VS Code after a reload, or an older version. */
export function isPanelState(value: unknown): value is PanelState {
  if (!shaped(value, STATE)) return false;
  const { functions, selected } = value as PanelState;
  return selected === undefined || functions.includes(selected);
}

function having(checks: Readonly<Record<string, Check>>): Check {
  return value => shaped(value, checks);
}

function ordered(value: unknown): boolean {
  const { start, end } = value as Exclude<TimeRange, { last: number }>;
  return start < end;
}
