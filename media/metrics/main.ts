import 'uplot/dist/uPlot.min.css';
import './metrics.css';
import type { MetricsReply, PanelState, TimeRange, ToPanel } from '../../src/metrics/protocol.ts';
import { element } from './dom.ts';
import { FunctionSection } from './functionSection.ts';
import { ask, connect, keepState } from './host.ts';
import { formatNumber, formatTime, text, useTexts } from './texts.ts';
import { onThemeChange } from './theme.ts';
import { toolbarOf } from './toolbar.ts';

type Start = Extract<ToPanel, { kind: 'start' }>;

const toolbar = element('div', { class: 'toolbar', role: 'toolbar' });
const grid = element('div', { class: 'sections' });
const foot = element('p', { class: 'foot' });
const live = element('p', { class: 'live', role: 'status' });

let state: PanelState;
let start: Start;
let sections: FunctionSection[] = [];
let period: number | undefined;
/** Ranges that were zoomed out of, the latest last. */
let wider: TimeRange[] = [];
let timer: ReturnType<typeof setInterval> | undefined;

function begin(message: Start): void {
  start = message;
  state = message.state;
  useTexts(message);
  toolbar.setAttribute('aria-label', text('range'));
  const heading = element('h1', {}, state.functions.join(', '));
  const account = element('p', { class: 'account' }, message.account);
  const panel = document.querySelector('#panel');
  panel?.replaceChildren(element('header', {}, heading, account, toolbar), grid, foot, live);
  sections.forEach(section => section.dispose());
  sections = state.functions.map(name => newSection(name));
  grid.replaceChildren(...sections.map(section => section.element));
  keepState(state);
  drawToolbar();
  load(false);
}

function newSection(name: string): FunctionSection {
  return new FunctionSection(name, state, {
    onZoom: span => {
      wider.push(state.range);
      change({ range: span });
    },
    say: message => (live.textContent = message),
    onRead,
  });
}

function onRead(reply: MetricsReply): void {
  period = reply.period;
  const utc = state.timeZone === 'utc';
  foot.textContent = [
    text('readAt', formatTime(reply.readAt, utc)),
    text('asked', formatNumber(reply.asked)),
    text('pointHint'),
  ].join(' · ');
  drawToolbar();
}

function change(changed: Partial<PanelState>): void {
  state = { ...state, ...changed };
  keepState(state);
  const read = 'range' in changed || 'period' in changed;
  if (!read) sections.forEach(section => section.redraw(state));
  drawToolbar();
  if (read || 'refreshEvery' in changed) load(false);
}

/** Reads now, and again after the time that was chosen; what is hidden is destroyed and asks nothing. */
function load(fresh: boolean): void {
  clearInterval(timer);
  sections.forEach(section => void section.load(state, fresh));
  if (state.refreshEvery === 0) return;
  timer = setInterval(() => {
    if (document.visibilityState === 'visible') {
      sections.forEach(section => void section.load(state, false));
    }
  }, state.refreshEvery * 1000);
}

function drawToolbar(): void {
  const focused = [...toolbar.querySelectorAll('button, select, input')].indexOf(
    document.activeElement ?? toolbar,
  );
  // A range that is being typed stays.
  if (toolbar.querySelector('.custom')?.contains(document.activeElement)) return;
  const controls = toolbarOf(
    { state, period, console: start.console, zoomed: wider.length > 0 },
    {
      onChange: changed => {
        if ('range' in changed) wider = [];
        change(changed);
      },
      onRefresh: () => load(true),
      onZoomOut: () => {
        const range = wider.pop();
        if (range) change({ range });
      },
      onOpenConsole: () => {
        const [functionName = ''] = state.functions;
        void ask('openConsole', { functionName, region: state.region, range: state.range });
      },
    },
  );
  toolbar.replaceChildren(...controls);
  toolbar.querySelectorAll<HTMLElement>('button, select, input')[focused]?.focus();
}

onThemeChange(() => sections.forEach(section => section.redraw(state)));
window.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  const range = wider.pop();
  if (range) change({ range });
});
connect(begin, () => load(true));
