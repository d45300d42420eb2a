import type { Mark } from '../../src/metrics/protocol.ts';
import { element } from './dom.ts';
import { formatTime, text } from './texts.ts';

/** What happened in the range, in words. */
export function marksList(marks: readonly Mark[], utc: boolean): HTMLElement {
  const items = marks.map(({ time, text: what }) =>
    element('li', {}, `${formatTime(time, utc)}: ${what}`),
  );
  const list = element('details', { class: 'marks' });
  list.append(element('summary', {}, `${text('marks')} (${items.length})`));
  list.append(element('ul', {}, ...items));
  list.hidden = items.length === 0;
  return list;
}
