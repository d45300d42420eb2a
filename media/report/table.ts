import type { RowQuery, TableRow } from '../../src/jobs/report/protocol.ts';
import { element } from '../dom.ts';
import { text } from '../texts.ts';
import { RowCache } from './rowCache.ts';
import { rowElement, rowId, type Column } from './rowElement.ts';
import { positionShowing, rowsToDraw, scrollMap, type ScrollMap } from './scrollMap.ts';

/** Pixels; the style sheet has it too. */
const ROW_HEIGHT = 24;

type Sort = NonNullable<RowQuery['sort']>;

export interface TableEvents {
  fetch(from: number, count: number): Promise<readonly TableRow[]>;
  /** Another row became the active one, or its content came. */
  onActive(index: number, row: TableRow | undefined): void;
  onOpen(row: TableRow): void;
  onCopy(row: TableRow): void;
  onSort(sort: Sort | undefined): void;
}

export interface ShownRows {
  readonly rows: number;
  readonly columns: readonly Column[];
  readonly sort?: Sort | undefined;
  /** The columns that sort when their heading is pressed. */
  readonly sortable: readonly Sort['by'][];
}

/**
 * A table of any length: only the rows that are seen exist. It is one stop of the Tab key, and its
 * active row moves with the arrow keys (ARIA Authoring Practices, "Grid").
 */
export class ReportTable {
  readonly element: HTMLElement;
  readonly #events: TableEvents;
  readonly #head = element('div', { role: 'row', class: 'row head' });
  readonly #body = element('div', { role: 'rowgroup', class: 'body' });
  #shown: ShownRows = { rows: 0, columns: [], sortable: [] };
  #cache: RowCache;
  #map: ScrollMap = { height: 0, scale: 1 };
  /** Pixels of rows above what is seen. */
  #position = 0;
  #active = 0;
  #told = '';

  constructor(events: TableEvents) {
    this.#events = events;
    this.#cache = this.#newCache();
    this.#head.ariaRowIndex = '1';
    const head = element('div', { role: 'rowgroup', class: 'heads' }, this.#head);
    this.element = element('div', { role: 'grid', class: 'grid', label: text('table') });
    this.element.append(head, this.#body);
    this.element.tabIndex = 0;
    this.element.addEventListener('scroll', () => this.#scrolled());
    this.element.addEventListener('wheel', event => this.#wheel(event), { passive: false });
    this.element.addEventListener('keydown', event => this.#key(event));
    this.#body.addEventListener('click', event => this.#click(event));
    this.#body.addEventListener('dblclick', () => this.#open());
    new ResizeObserver(() => this.#draw()).observe(this.element);
  }

  /** Shows other rows, from the first on. */
  show(shown: ShownRows): void {
    this.#cache = this.#newCache();
    this.#active = 0;
    this.#position = 0;
    this.element.scrollTop = 0;
    this.#take(shown);
  }

  /** More rows have come, or another column: what is seen stays. */
  grow(shown: ShownRows): void {
    this.#cache.grow();
    this.#take(shown);
  }

  get active(): TableRow | undefined {
    return this.#shown.rows === 0 ? undefined : this.#cache.row(this.#active);
  }

  #take(shown: ShownRows): void {
    this.#shown = shown;
    this.element.ariaRowCount = String(shown.rows + 1);
    this.element.ariaColCount = String(shown.columns.length);
    this.#drawHead();
    this.#draw();
  }

  #newCache(): RowCache {
    const cache: RowCache = new RowCache(
      (from, count) => this.#events.fetch(from, count),
      () => {
        if (cache === this.#cache) this.#draw();
      },
    );
    return cache;
  }

  get #viewport(): number {
    return Math.max(this.element.clientHeight - ROW_HEIGHT, ROW_HEIGHT);
  }

  #drawHead(): void {
    const focused = document.activeElement;
    const before = focused instanceof HTMLElement ? focused.dataset['sort'] : undefined;
    this.#head.replaceChildren(...this.#shown.columns.map(column => this.#heading(column)));
    if (before === undefined) return;
    this.#head.querySelector<HTMLElement>(`[data-sort="${before}"]`)?.focus();
  }

  #heading(column: Column): HTMLElement {
    const { sort, sortable } = this.#shown;
    const made = element('span', { role: 'columnheader', class: column });
    const by = sortable.find(one => one === column);
    if (by === undefined) {
      // The marks below that of the status are seen: its name is for a screen reader.
      const seen = column === 'status' ? { class: 'unseen' } : { title: text(column) };
      made.append(element('span', seen, text(column)));
      return made;
    }
    const isSorted = sort?.by === by;
    const control = element('button', { onclick: () => this.#sort(by) }, text(column));
    control.type = 'button';
    control.dataset['sort'] = by;
    made.ariaSort = isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none';
    made.append(control);
    return made;
  }

  /** Up, down, and as the report has it. */
  #sort(by: Sort['by']): void {
    const { sort } = this.#shown;
    if (sort?.by !== by) this.#events.onSort({ by, descending: false });
    else this.#events.onSort(sort.descending ? undefined : { by, descending: true });
  }

  #draw(): void {
    const { rows, columns } = this.#shown;
    this.#map = scrollMap(rows, ROW_HEIGHT, this.#viewport);
    this.#body.style.height = `${this.#map.height}px`;
    const drawn = rowsToDraw(this.#position, {
      ...{ rows, rowHeight: ROW_HEIGHT },
      viewport: this.#viewport,
    });
    // Where the stage is shorter than its rows, they go along with what is seen of it.
    const shift = this.element.scrollTop - this.#position;
    const made = Array.from({ length: drawn.to - drawn.from }, (_, at) => {
      const index = drawn.from + at;
      const row = rowElement(index, this.#cache.row(index), columns, index === this.#active);
      row.style.top = `${index * ROW_HEIGHT + shift}px`;
      return row;
    });
    this.#body.replaceChildren(...made);
    this.#updateActiveRow();
  }

  #updateActiveRow(): void {
    const { rows } = this.#shown;
    const isDrawn = this.#body.querySelector(`#${rowId(this.#active)}`) !== null;
    if (isDrawn) this.element.setAttribute('aria-activedescendant', rowId(this.#active));
    else this.element.removeAttribute('aria-activedescendant');
    const row = this.active;
    const told = `${rows} ${this.#active} ${JSON.stringify(row)}`;
    if (told === this.#told) return;
    this.#told = told;
    this.#events.onActive(this.#active, row);
  }

  #scrolled(): void {
    const { scale } = this.#map;
    const { scrollTop } = this.element;
    // Our own steps have said where they go, to the row.
    if (Math.abs(scrollTop - this.#position / scale) >= 1) this.#position = scrollTop * scale;
    this.#draw();
  }

  /** On a shortened stage a pixel is many rows: a wheel moves by what it says all the same. */
  #wheel(event: WheelEvent): void {
    if (this.#map.scale === 1 || event.ctrlKey || event.deltaY === 0) return;
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? ROW_HEIGHT : 1;
    this.#goTo(this.#position + event.deltaY * unit);
  }

  #goTo(position: number): void {
    const last = Math.max(0, this.#shown.rows * ROW_HEIGHT - this.#viewport);
    this.#position = Math.min(Math.max(0, position), last);
    this.element.scrollTop = this.#position / this.#map.scale;
    this.#draw();
  }

  #activate(index: number): void {
    this.#active = Math.min(Math.max(0, index), Math.max(0, this.#shown.rows - 1));
    const sizes = { rowHeight: ROW_HEIGHT, viewport: this.#viewport };
    this.#goTo(positionShowing(this.#active, this.#position, sizes));
  }

  #key(event: KeyboardEvent): void {
    if (event.target !== this.element || event.altKey) return;
    const isCommand = event.ctrlKey || event.metaKey;
    if (isCommand && event.key.toLowerCase() === 'c') this.#copy();
    else if (event.key === 'Enter') this.#open();
    else {
      const to = this.#target(event.key);
      if (to === undefined) return;
      this.#activate(to);
    }
    event.preventDefault();
  }

  #target(key: string): number | undefined {
    const page = Math.max(1, Math.floor(this.#viewport / ROW_HEIGHT) - 1);
    switch (key) {
      case 'ArrowDown':
        return this.#active + 1;
      case 'ArrowUp':
        return this.#active - 1;
      case 'PageDown':
        return this.#active + page;
      case 'PageUp':
        return this.#active - page;
      case 'Home':
        return 0;
      case 'End':
        return this.#shown.rows - 1;
      default:
        return undefined;
    }
  }

  /** What was marked with the mouse is copied, not the row. */
  #copy(): void {
    const marked = getSelection()?.toString() ?? '';
    const row = this.active;
    if (marked === '' && row !== undefined) this.#events.onCopy(row);
  }

  #open(): void {
    const row = this.active;
    if (row !== undefined) this.#events.onOpen(row);
  }

  #click({ target }: MouseEvent): void {
    const row = target instanceof Element ? target.closest<HTMLElement>('.row') : null;
    const index = Number(row?.dataset['row']);
    if (row !== null && Number.isInteger(index)) this.#activate(index);
  }
}
