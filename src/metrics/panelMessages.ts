import type { FromPanel, Method, PanelState, TimeRange } from './protocol.ts';

/** What is wrong in a message of the panel; it is refused and logged. */
export class PanelMessageError extends Error {
  override readonly name = 'PanelMessageError';
}

type Check = (value: unknown) => boolean;

const MAX_TEXT = 50_000_000;
const isText: Check = value => typeof value === 'string' && value.length <= MAX_TEXT;
const isName: Check = value => typeof value === 'string' && value !== '' && value.length <= 256;
/** It becomes part of hosts' names. */
const isRegion: Check = value => typeof value === 'string' && /^[a-z0-9-]{1,63}$/.test(value);
const isNumber: Check = value => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isSpan: Check = value => shaped(value, { start: isNumber, end: isNumber }) && ordered(value);
const isRange: Check = value => isSpan(value) || shaped(value, { last: isLength });
const isLength: Check = value => isNumber(value) && (value as number) > 0;

const PARAMETERS: Readonly<Record<Method, Readonly<Record<string, Check>>>> = {
  readMetrics: {
    functionName: isName,
    region: isRegion,
    range: isRange,
    period: isNumber,
    fresh: value => typeof value === 'boolean',
  },
  readMarks: { functionName: isName, region: isRegion, start: isNumber, end: isNumber },
  chooseFunction: { region: isRegion, shown: value => areNames(value) },
  openLogs: { functionName: isName, region: isRegion, start: isNumber, end: isNumber },
  copyText: { text: isText },
  saveFile: { name: isName, base64: isText },
  openConsole: { functionName: isName, region: isRegion, range: isRange },
};

const areNames: Check = value => Array.isArray(value) && value.every(isName);
const isFigure: Check = value => shaped(value, { label: isName, value: isName });
const SHOWN: Readonly<Record<string, Check>> = {
  functionName: isName,
  reading: isNumber,
  figures: value => Array.isArray(value) && value.length <= 100 && value.every(isFigure),
};

const STATE: Readonly<Record<keyof PanelState, Check>> = {
  functions: value => areNames(value) && (value as string[]).length > 0,
  selected: value => value === undefined || isName(value),
  region: isRegion,
  range: isRange,
  period: isNumber,
  refreshEvery: isNumber,
  timeZone: value => value === 'local' || value === 'utc',
  view: value => value === 'charts' || value === 'table',
};

/**
 * Checks what came from the panel: a browser that shows names and log lines of others.
 *
 * @throws PanelMessageError
 */
export function readMessage(message: unknown): FromPanel {
  if (!isRecord(message)) throw new PanelMessageError('The message is no object.');
  const { kind, id, method, params, state } = message;
  if (kind === 'ready') return { kind };
  if (kind === 'cancel' && isNumber(id)) return { kind, id: id as number };
  if (kind === 'state' && isPanelState(state)) return { kind, state };
  if (kind === 'shown' && shaped(message, SHOWN)) return message as FromPanel;
  if (kind === 'request' && isNumber(id) && typeof method === 'string') {
    const checks = Object.hasOwn(PARAMETERS, method) ? PARAMETERS[method as Method] : undefined;
    if (checks === undefined) throw new PanelMessageError(`There is no request ${method}.`);
    if (!shaped(params, checks)) throw new PanelMessageError(`Wrong parameters of ${method}.`);
    return message as FromPanel;
  }
  throw new PanelMessageError(`The message ${String(kind)} is not understood.`);
}

/** Whether it is what a panel keeps: it comes back from VS Code after a reload, or an older version. */
export function isPanelState(value: unknown): value is PanelState {
  return shaped(value, STATE);
}

function shaped(value: unknown, checks: Readonly<Record<string, Check>>): boolean {
  return isRecord(value) && Object.entries(checks).every(([name, check]) => check(value[name]));
}

function ordered(value: unknown): boolean {
  const { start, end } = value as Exclude<TimeRange, { last: number }>;
  return start < end;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
