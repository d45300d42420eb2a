import type { PanelState, TimeRange, TimeSpan } from '../../src/metrics/protocol.ts';
import { button, element, select } from '../dom.ts';
import { text } from '../texts.ts';
import { formatLength, formatTime } from './texts.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
const RANGES = [HOUR, 3 * HOUR, 12 * HOUR, DAY, 3 * DAY, 7 * DAY, 14 * DAY];
/** CloudWatch keeps no metric longer (aws.amazon.com/cloudwatch/faqs, "retention"). */
const MAX_DAYS = 455;

/** What a new panel shows: of so many seconds as much as its points need. */
const FITTING = 3 * HOUR;
const FIT = 'fit';
const CUSTOM = 'custom';
const SPAN = 'span';

/** Chooses the last so many hours, or a span by its ends. */
export function rangeControl(state: PanelState, onChange: (range: TimeRange) => void): HTMLElement {
  const { range } = state;
  const choices = [
    { value: FIT, text: text('automatic', text('last', formatLength(FITTING))) },
    ...RANGES.map(each => ({ value: String(each), text: text('last', formatLength(each)) })),
  ];
  // What was zoomed or moved to.
  if (!('last' in range)) choices.push({ value: SPAN, text: spanText(range, state) });
  choices.push({ value: CUSTOM, text: text('custom') });
  const chosen = chosenOf(range);
  let typed: HTMLElement | undefined;
  const field = select(text('range'), choices, chosen, value => {
    typed?.remove();
    if (value === FIT) onChange({ last: FITTING, fit: true });
    else if (value !== CUSTOM && value !== SPAN) onChange({ last: Number(value) });
    if (value !== CUSTOM) return;
    typed = customRange(state, span => {
      // What is being typed is not redrawn: this is typed to its end.
      control?.focus();
      onChange(span);
    });
    typed.addEventListener('keydown', event => {
      if (event.key !== 'Escape' || control === null) return;
      // It zooms out elsewhere.
      event.stopPropagation();
      typed?.remove();
      control.value = chosen;
      control.focus();
    });
    field.after(typed);
  });
  const control = field.querySelector('select');
  return field;
}

function chosenOf(range: TimeRange): string {
  if (!('last' in range)) return SPAN;
  return range.fit === true ? FIT : String(range.last);
}

function spanText({ start, end }: TimeSpan, { timeZone }: PanelState): string {
  const utc = timeZone === 'utc';
  return `${formatTime(start, utc)} – ${formatTime(end, utc)}`;
}

function customRange(state: PanelState, onChange: (range: TimeRange) => void): HTMLElement {
  const now = Math.floor(Date.now() / 1000);
  const { range } = state;
  const span = 'last' in range ? { start: now - range.last, end: now } : range;
  const utc = state.timeZone === 'utc';
  const from = dateField(text('from'), span.start, utc);
  const to = dateField(text('to'), span.end, utc);
  const problem = element('span', { class: 'error', role: 'alert' });
  const apply = button(text('apply'), () => {
    const chosen = { start: from.seconds(), end: to.seconds() };
    const said = problemOf(chosen, now);
    problem.textContent = said ?? '';
    if (said === undefined) onChange(chosen);
  });
  return element('span', { class: 'custom' }, from.element, to.element, apply, problem);
}

function problemOf({ start, end }: TimeSpan, now: number): string | undefined {
  // Also where one of them is not filled in.
  if (!(start < end)) return text('badRange');
  if (start >= now) return text('futureRange');
  return start < now - MAX_DAYS * DAY ? text('oldRange', MAX_DAYS) : undefined;
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
