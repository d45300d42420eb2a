import type { PanelState } from '../../src/metrics/protocol.ts';
import { rangeControl } from './rangeControl.ts';
import { button, select } from '../dom.ts';
import { text } from '../texts.ts';
import { formatLength } from './texts.ts';

export interface ToolbarEvents {
  readonly onChange: (change: Partial<PanelState>) => void;
  readonly onAddFunction: () => void;
  readonly onRefresh: () => void;
  readonly onZoomOut: () => void;
  readonly onOpenConsole: () => void;
}

const HOUR = 3600;
const PERIODS = [60, 300, 900, HOUR, 6 * HOUR, 24 * HOUR];
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
  const { onChange } = events;
  return [
    ...functionControls(now, events),
    rangeControl(state, range => onChange({ range })),
    ...(now.zoomed ? [button(text('zoomOut'), events.onZoomOut)] : []),
    periodControl(now, period => onChange({ period })),
    select(text('refreshEvery'), refreshChoices(), String(state.refreshEvery), refreshEvery =>
      onChange({ refreshEvery: Number(refreshEvery) }),
    ),
    select(
      text('timeZone'),
      [
        { value: 'local', text: text('local') },
        { value: 'utc', text: text('utc') },
      ],
      state.timeZone,
      zone => onChange({ timeZone: zone === 'utc' ? 'utc' : 'local' }),
    ),
    button(text('refresh'), events.onRefresh),
    button(text(state.view === 'charts' ? 'table' : 'charts'), () =>
      onChange({ view: state.view === 'charts' ? 'table' : 'charts' }),
    ),
    ...(now.console ? [button(text('openConsole'), events.onOpenConsole)] : []),
    button(text('addFunction'), events.onAddFunction),
  ];
}

/** By which a control is found again after the controls were drawn again. */
export function controlName(control: HTMLElement | undefined): string | null | undefined {
  return control instanceof HTMLSelectElement
    ? control.labels[0]?.firstElementChild?.textContent
    : control?.textContent;
}

/** Which of several functions are shown. */
function functionControls({ state }: ToolbarState, { onChange }: ToolbarEvents): HTMLElement[] {
  const { functions, selected } = state;
  if (functions.length === 1) return [];
  const choices = [
    { value: '', text: text('sideBySide') },
    ...functions.map(name => ({ value: name, text: name })),
  ];
  return [
    select(text('functions'), choices, selected ?? '', name =>
      onChange({ selected: name === '' ? undefined : name }),
    ),
  ];
}

/** No period is longer than the range: it would count what is not in it. */
function periodControl(
  { state, period }: ToolbarState,
  onChange: (period: number) => void,
): HTMLElement {
  const { range } = state;
  const length = 'last' in range ? range.last : range.end - range.start;
  const automatic = period === undefined ? '…' : formatLength(period);
  const choices = [
    { value: '0', text: text('automatic', automatic) },
    ...PERIODS.filter(each => each <= length).map(each => ({
      value: String(each),
      text: formatLength(each),
    })),
  ];
  const chosen = state.period <= length ? state.period : 0;
  return select(text('period'), choices, String(chosen), value => onChange(Number(value)));
}

function refreshChoices() {
  return [
    { value: '0', text: text('off') },
    ...REFRESHES.map(each => ({ value: String(each), text: formatLength(each) })),
  ];
}
