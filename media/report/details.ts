import type { TableRow } from '../../src/jobs/report/protocol.ts';
import { button, element } from '../dom.ts';
import { text } from '../texts.ts';
import { cellText, placeText } from './rowElement.ts';

export interface DetailsEvents {
  readonly onOpen: (row: TableRow) => void;
  readonly onReveal: (row: TableRow) => void;
  readonly onCopyKey: (row: TableRow) => void;
  readonly onCopyRow: (row: TableRow) => void;
}

/** The active row in full, and what can be done with it. */
export class Details {
  readonly element: HTMLElement;
  readonly #facts = element('dl');
  readonly #place = element('span', { class: 'place' });
  readonly #actions: HTMLElement;
  #row: TableRow | undefined;

  constructor(events: DetailsEvents) {
    const onRow = (act: (row: TableRow) => void) => () => {
      if (this.#row !== undefined) act(this.#row);
    };
    this.#actions = element(
      'div',
      { class: 'actions' },
      button(text('openObject'), onRow(events.onOpen)),
      button(text('reveal'), onRow(events.onReveal)),
      button(text('copyKey'), onRow(events.onCopyKey)),
      button(text('copyRow'), onRow(events.onCopyRow)),
      this.#place,
    );
    this.element = element('section', { class: 'details', label: text('details') });
    this.element.append(this.#actions, this.#facts);
    this.element.hidden = true;
    this.element.tabIndex = 0;
  }

  show(index: number, rows: number, row: TableRow | undefined): void {
    this.element.hidden = rows === 0;
    if (row === undefined) return;
    this.#row = row;
    this.#place.textContent = placeText(index, rows);
    const facts: (readonly [string, string])[] = [
      [text('key'), row.key],
      [text('bucket'), row.bucket],
      [text('version'), row.versionId ?? ''],
      [text('error'), cellText('error', row)],
      [text('message'), row.message],
    ];
    const shown = facts.filter(([, value]) => value !== '');
    this.#facts.replaceChildren(
      ...shown.map(([term, value]) =>
        element('div', {}, element('dt', {}, term), element('dd', {}, value)),
      ),
    );
  }
}
