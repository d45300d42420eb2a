import type { Block, PageCheck, PageTexts, Tone } from '../../src/vscode/page/protocol.ts';
import { button, element } from '../dom.ts';
import { actionRow, cellContent } from './actions.ts';

/** What blocks are drawn with. */
export interface Drawing {
  readonly texts: PageTexts;
  readonly busy: ReadonlySet<string>;
}

type BlockOf<Kind extends Block['kind']> = Extract<Block, { kind: Kind }>;

/** A block as elements. */
export function blockElement(block: Block, drawing: Drawing): HTMLElement {
  switch (block.kind) {
    case 'heading':
      return element('h2', {}, block.text);
    case 'text':
      return textElement(block, drawing);
    case 'facts':
      return factsElement(block);
    case 'table':
      return tableElement(block);
    case 'checks':
      return checksElement(block, drawing);
    case 'progress':
      return progressElement(block);
    case 'timeline':
      return timelineElement(block);
    case 'code':
      return codeElement(block, drawing);
    case 'actions':
      return actionRow(block.actions, drawing.busy);
    case 'details':
      return element(
        'details',
        {},
        element('summary', {}, block.summary),
        ...block.blocks.map(each => blockElement(each, drawing)),
      );
  }
}

function textElement({ text, tone, isLive = false }: BlockOf<'text'>, { texts }: Drawing) {
  return element(
    'p',
    { class: `text ${tone ?? 'normal'}`, ...(isLive && { role: 'status' }) },
    toneName(tone, texts),
    text,
  );
}

/** For people who do not see the colour. */
function toneName(tone: Tone | undefined, texts: PageTexts): HTMLElement | undefined {
  return tone === 'warning' || tone === 'error'
    ? element('span', { class: 'unseen' }, `${texts[tone]}: `)
    : undefined;
}

function factsElement({ facts }: BlockOf<'facts'>): HTMLElement {
  const rows = facts.map(({ term, value }) =>
    element('div', {}, element('dt', {}, term), element('dd', {}, cellContent(value))),
  );
  return element('dl', { class: 'facts' }, ...rows);
}

function tableElement({ label, columns, rows }: BlockOf<'table'>): HTMLElement {
  const numeric = (at: number) => (columns[at]?.isNumber === true ? { class: 'number' } : {});
  const headings = columns.map(({ title }, at) => {
    const heading = element('th', numeric(at), title);
    heading.scope = 'col';
    return heading;
  });
  const lines = rows.map(cells =>
    element('tr', {}, ...cells.map((cell, at) => element('td', numeric(at), cellContent(cell)))),
  );
  const table = element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...headings)),
    element('tbody', {}, ...lines),
  );
  return scroller(label, table);
}

/** What is wider than the page scrolls, by the keyboard too. */
function scroller(label: string, content: HTMLElement): HTMLElement {
  const made = element('div', { class: 'scroller', role: 'region', label }, content);
  made.tabIndex = 0;
  return made;
}

function checksElement({ label, checks }: BlockOf<'checks'>, drawing: Drawing): HTMLElement {
  return element(
    'ul',
    { class: 'checks', label },
    ...checks.map(check => checkElement(check, drawing)),
  );
}

function checkElement({ status, word, title, reason, actions = [] }: PageCheck, drawing: Drawing) {
  const mark = element('span', { class: 'mark' });
  mark.ariaHidden = 'true';
  return element(
    'li',
    { class: status },
    mark,
    element('span', { class: 'status' }, word ?? drawing.texts.status[status]),
    element(
      'div',
      { class: 'what' },
      element('strong', {}, title),
      reason === undefined ? undefined : element('p', {}, reason),
      actions.length === 0 ? undefined : actionRow(actions, drawing.busy),
    ),
  );
}

function progressElement({ label, done, text }: BlockOf<'progress'>): HTMLElement {
  const bar = element('progress', { label });
  if (done !== undefined) bar.value = done;
  return element('div', { class: 'progress' }, bar, element('span', {}, text));
}

function timelineElement({ label, entries }: BlockOf<'timeline'>): HTMLElement {
  const items = entries.map(({ time, text, detail }) =>
    element(
      'li',
      {},
      element('strong', {}, text),
      element('time', {}, time),
      detail === undefined ? undefined : element('p', {}, detail),
    ),
  );
  return element('ol', { class: 'timeline', label }, ...items);
}

function codeElement({ label, text }: BlockOf<'code'>, { texts }: Drawing): HTMLElement {
  const copy = button(texts.copy, () => undefined);
  copy.setAttribute('aria-label', `${texts.copy}: ${label}`);
  copy.dataset['copy'] = '';
  const code = scroller(label, element('pre', {}, element('code', {}, text)));
  const head = element('div', { class: 'codeHead' }, element('span', {}, label), copy);
  return element('div', { class: 'code' }, head, code);
}
