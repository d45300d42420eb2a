import type { PanelState } from '../../src/metrics/protocol.ts';
import { button, element, select } from './dom.ts';
import { formatLength, text } from './texts.ts';

export interface ToolbarEvents {
  readonly onChange: (change: Partial<PanelState>) => void;
  readonly onRefresh: () => void;
  readonly onZoomOut: () => void;
  readonly onOpenConsole: () => void;
}

const HOUR = 3600;
const DAY = 24 * HOUR;
const RANGES = [HOUR, 3 * HOUR, 12 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY];
const PERIODS = [60, 300, 900, HOUR, 6 * HOUR, DAY];
const REFRESHES = [10, 30, 60, 300];

export interface ToolbarState {
  readonly state: PanelState;
  /** The period in use, in seconds; undefined before the first reading. */
  readonly period: number | undefined;
  readonly console: boolean;
  readonly zoomed: boolean;
}

/** The controls above the charts. */
export function toolbarOf(now: ToolbarState, events: ToolbarEvents): HTMLElement[] {
  const { state } = now;
  return [
    rangeSelect(now, events),
    ...(now.zoomed ? [button(text('zoomOut'), events.onZoomOut)] : []),
    select(text('period'), periodChoices(now), String(state.period), period =>
      events.onChange({ period: Number(period) }),
    ),
    select(
      text('refreshEvery'),
      [
        { value: '0', text: text('off') },
        ...REFRESHES.map(each => ({ value: String(each), text: formatLength(each) })),
      ],
      String(state.refreshEvery),
      refreshEvery => events.onChange({ refreshEvery: Number(refreshEvery) }),
    ),
    select(
      text('timeZone'),
      [
        { value: 'local', text: text('local') },
        { value: 'utc', text: text('utc') },
      ],
      state.timeZone,
      zone => events.onChange({ timeZone: zone === 'utc' ? 'utc' : 'local' }),
    ),
    button(text('refresh'), events.onRefresh),
    button(text(state.view === 'charts' ? 'table' : 'charts'), () =>
      events.onChange({ view: state.view === 'charts' ? 'table' : 'charts' }),
    ),
    ...(now.console ? [button(text('openConsole'), events.onOpenConsole)] : []),
  ];
}

const CUSTOM = 'custom';

function rangeSelect({ state }: ToolbarState, events: ToolbarEvents): HTMLElement {
  const last = 'last' in state.range ? String(state.range.last) : CUSTOM;
  const choices = [
    ...RANGES.map(each => ({ value: String(each), text: text('last', formatLength(each)) })),
    { value: CUSTOM, text: text('custom') },
  ];
  const field = select(text('range'), choices, last, value => {
    if (value !== CUSTOM) events.onChange({ range: { last: Number(value) } });
    else field.after(customRange(state, events));
  });
  return field;
}

function customRange(state: PanelState, events: ToolbarEvents): HTMLElement {
  const now = Math.floor(Date.now() / 1000);
  const { range } = state;
  const span = 'last' in range ? { start: now - range.last, end: now } : range;
  const utc = state.timeZone === 'utc';
  const from = dateField(text('from'), span.start, utc);
  const to = dateField(text('to'), span.end, utc);
  const problem = element('span', { class: 'error', role: 'alert' });
  const apply = button(text('apply'), () => {
    const start = from.seconds();
    const end = to.seconds();
    if (start < end) events.onChange({ range: { start, end } });
    else problem.textContent = text('badRange');
  });
  return element('span', { class: 'custom' }, from.element, to.element, apply, problem);
}

function dateField(label: string, seconds: number, utc: boolean) {
  const input = element('input');
  input.type = 'datetime-local';
  const shift = utc ? 0 : new Date(seconds * 1000).getTimezoneOffset() * 60;
  input.value = new Date((seconds - shift) * 1000).toISOString().slice(0, 16);
  return {
    element: element('label', { class: 'field' }, element('span', {}, label), input),
    seconds: () => Math.floor(Date.parse(`${input.value}${utc ? 'Z' : ''}`) / 1000),
  };
}

function periodChoices({ period }: ToolbarState) {
  const automatic = period === undefined ? '…' : formatLength(period);
  return [
    { value: '0', text: text('automatic', automatic) },
    ...PERIODS.map(each => ({ value: String(each), text: formatLength(each) })),
  ];
}
