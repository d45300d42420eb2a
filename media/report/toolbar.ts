import type { ReportHead, RowQuery } from '../../src/jobs/report/protocol.ts';
import { button, element, select } from '../dom.ts';
import { text } from '../texts.ts';

/** Milliseconds after the last key before it is searched. */
const PAUSE = 250;

export interface ToolbarEvents {
  onQuery(query: RowQuery): void;
  onExport(): void;
}

/** What is looked for, and how much of it there is. */
export class Toolbar {
  readonly element: HTMLElement;
  readonly #events: ToolbarEvents;
  readonly #search = element('input', { label: text('search') });
  readonly #filters = element('div', { class: 'filters' });
  readonly #count = element('span', { class: 'count', role: 'status' });
  readonly #export: HTMLButtonElement;
  #query: RowQuery = {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(events: ToolbarEvents) {
    this.#events = events;
    this.#search.type = 'search';
    this.#search.placeholder = text('search');
    this.#search.addEventListener('input', () => this.#typed());
    this.#export = button(text('export'), () => events.onExport());
    const bar = { class: 'toolbar', role: 'search', label: text('searchAndFilter') };
    this.element = element('div', bar, this.#search, this.#filters, this.#export, this.#count);
  }

  /** @param head tells which kinds of failures there are, and whether it can be searched yet */
  show(query: RowQuery, { groups, isComplete }: ReportHead): void {
    this.#query = query;
    if (document.activeElement !== this.#search) this.#search.value = query.text ?? '';
    this.#search.disabled = !isComplete;
    this.#export.disabled = !isComplete;
    const [group] = query.groups ?? [];
    const chosen = group === undefined ? (query.status ?? '') : `group ${group}`;
    const choices = [
      { value: '', text: text('allRows') },
      { value: 'failed', text: text('failed') },
      { value: 'succeeded', text: text('succeeded') },
      ...groups.map(each => ({ value: `group ${each.group}`, text: each.title })),
    ];
    const made = select(text('showing'), choices, chosen, value => this.#filter(value));
    const control = made.querySelector('select');
    if (control !== null) control.disabled = !isComplete;
    const isFocused = this.#filters.contains(document.activeElement);
    if (!this.#filters.firstElementChild?.isEqualNode(made) || chosen !== this.#chosen()) {
      this.#filters.replaceChildren(made);
      if (isFocused) control?.focus();
    }
  }

  /** Says how many rows there are. */
  say(count: string): void {
    if (this.#count.textContent !== count) this.#count.textContent = count;
  }

  focusSearch(): void {
    this.#search.focus();
    this.#search.select();
  }

  #chosen(): string | undefined {
    return this.#filters.querySelector('select')?.value;
  }

  #typed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const typed = this.#search.value;
      const wanted = typed === '' ? undefined : typed;
      this.#events.onQuery({ ...this.#query, text: wanted });
    }, PAUSE);
  }

  #filter(value: string): void {
    const rest = { ...this.#query, status: undefined, groups: undefined };
    if (value === 'failed' || value === 'succeeded') {
      this.#events.onQuery({ ...rest, status: value });
    } else if (value === '') this.#events.onQuery(rest);
    else this.#events.onQuery({ ...rest, groups: [Number(value.slice('group '.length))] });
  }
}
