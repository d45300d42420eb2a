import { CHARTS } from './chartKinds.ts';
import { element } from '../dom.ts';
import { text } from '../texts.ts';

/** As large as what comes, so that nothing jumps. */
export function skeleton(): HTMLElement {
  const tiles = element('div', { class: 'tiles' });
  const charts = element('div', { class: 'charts' });
  for (let index = 0; index < 4; index++) tiles.append(element('div', { class: 'tile wait' }));
  for (const kind of CHARTS) {
    charts.append(element('div', { class: 'wait chart', title: text(kind.title) }));
  }
  const range = element('p', { class: 'range' }, '\u00a0');
  return element('div', { label: text('loading'), role: 'img' }, range, tiles, charts);
}

/** What is seen until the host has told what to show; it has no texts yet. */
export function emptyPage(): HTMLElement {
  const page = element('div', { class: 'empty' }, element('header'), skeleton());
  page.ariaHidden = 'true';
  return page;
}
