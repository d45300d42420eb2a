import type {
  ReportHead,
  ReportState,
  RowQuery,
  TableRow,
} from '../../src/jobs/report/protocol.ts';
import { element } from '../dom.ts';
import { isCancelled, messageOf } from '../requests.ts';
import { formatNumber, text } from '../texts.ts';
import { Details } from './details.ts';
import { headElement } from './head.ts';
import { ask, keepState } from './host.ts';
import { columnsOf } from './rowElement.ts';
import { ReportTable, type ShownRows } from './table.ts';
import { Toolbar } from './toolbar.ts';

/** All that is seen of a report. */
export class ReportPage {
  readonly element = element('div', { class: 'report' });
  readonly #top = element('div', { class: 'top' });
  readonly #problem = element('p', { class: 'error', role: 'alert' });
  readonly #toolbar: Toolbar;
  readonly #table: ReportTable;
  readonly #details: Details;
  #state: ReportState;
  #head: ReportHead | undefined;
  #view = 0;
  #rows = 0;
  #asking: AbortController | undefined;

  constructor(state: ReportState) {
    this.#state = state;
    const open = (row: TableRow): void => this.#do('openObject', addressOf(row));
    const copy = (copied: string): void => this.#do('copyText', { text: copied });
    const copyRow = (row: TableRow): void => copy(lineOf(row));
    this.#toolbar = new Toolbar({
      onQuery: query => void this.#query(query),
      onExport: () => void this.#export(),
    });
    this.#details = new Details({
      onOpen: open,
      onReveal: row => this.#do('revealObject', addressOf(row)),
      onCopyKey: ({ key }) => copy(key),
      onCopyRow: copyRow,
    });
    this.#table = new ReportTable({
      fetch: (from, count) => ask('rows', { view: this.#view, from, count }),
      onActive: (index, row) => this.#details.show(index, this.#rows, row),
      onOpen: open,
      onCopy: copyRow,
      onSort: sort => void this.#query({ ...this.#state.query, sort }),
    });
    // Without it VS Code would not bring the page back after a reload of the window.
    keepState(state);
    this.#top.tabIndex = -1;
    this.element.append(this.#top, this.#problem);
    this.element.append(this.#toolbar.element, this.#table.element, this.#details.element);
  }

  /** Shows what the host has read; more of it may come. */
  showHead(head: ReportHead): void {
    const wasComplete = this.#head?.isComplete ?? false;
    const isFirst = this.#head === undefined;
    this.#head = head;
    this.#drawTop(head);
    this.#toolbar.show(this.#state.query, head);
    if (head.isComplete && !wasComplete && !isWhole(this.#state.query)) {
      void this.#query(this.#state.query);
      return;
    }
    if (this.#view !== 0) return;
    this.#rows = head.rows;
    if (isFirst) this.#table.show(this.#shown());
    else this.#table.grow(this.#shown());
    this.#say();
  }

  focusSearch(): void {
    this.#toolbar.focusSearch();
  }

  #drawTop(head: ReportHead): void {
    const focused = document.activeElement;
    const action = focused instanceof HTMLElement ? focused.dataset['action'] : undefined;
    this.#top.replaceChildren(
      headElement(head, {
        act: (id, pressed) => void this.#act(id, pressed),
        showGroup: group =>
          void this.#query({ ...this.#state.query, status: undefined, groups: [group] }),
      }),
    );
    if (action === undefined) return;
    this.#top.querySelector<HTMLElement>(`[data-action="${CSS.escape(action)}"]`)?.focus();
  }

  #shown(): ShownRows {
    const head = this.#head;
    const isComplete = head?.isComplete === true;
    return {
      rows: this.#rows,
      columns: columnsOf(head ?? { showsVersions: false, showsBuckets: false }),
      sort: this.#state.query.sort,
      sortable: [
        ...(isComplete && head.canSortByKey ? (['key'] as const) : []),
        ...(isComplete && head.groups.length > 0 ? (['error'] as const) : []),
      ],
    };
  }

  async #query(query: RowQuery): Promise<void> {
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    this.#state = { ...this.#state, query };
    keepState(this.#state);
    if (this.#head !== undefined) this.#toolbar.show(query, this.#head);
    this.#toolbar.say(text('searching'));
    try {
      const { view, rows } = await ask('query', { query }, asking.signal);
      if (asking.signal.aborted) return;
      this.#problem.textContent = '';
      this.#view = view;
      this.#rows = rows;
      this.#table.show(this.#shown());
    } catch (error) {
      if (asking.signal.aborted) return;
      this.#fail(error);
    }
    this.#say();
  }

  #say(): void {
    const { rows, isComplete = true } = this.#head ?? { rows: 0 };
    const [shown, all] = [formatNumber(this.#rows), formatNumber(rows)];
    if (!isComplete) this.#toolbar.say(text('soFar', all));
    else if (this.#rows === rows) this.#toolbar.say(text('rows', all));
    else this.#toolbar.say(text('rowsOf', shown, all));
  }

  async #export(): Promise<void> {
    try {
      const done = await ask('exportRows', { view: this.#view });
      if (done !== null) this.#toolbar.say(done.text);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #act(id: string, pressed: HTMLButtonElement): Promise<void> {
    if (pressed.ariaDisabled === 'true') return;
    pressed.ariaDisabled = 'true';
    try {
      await ask('act', { id });
    } catch (error) {
      this.#fail(error);
    } finally {
      pressed.ariaDisabled = null;
    }
  }

  #do<M extends 'openObject' | 'revealObject' | 'copyText'>(
    method: M,
    params: Parameters<typeof ask<M>>[1],
  ): void {
    ask(method, params).catch((error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    if (!isCancelled(error)) this.#problem.textContent = messageOf(error);
  }
}

function addressOf({ bucket, key }: TableRow) {
  return { bucket, key };
}

/** For a spreadsheet. */
function lineOf({ bucket, key, versionId, succeeded, ...row }: TableRow): string {
  const status = succeeded ? 'succeeded' : 'failed';
  const cells = [bucket, key, versionId ?? '', status, row.httpStatus ?? '', row.errorCode];
  return [...cells, row.message].join('\t');
}

function isWhole({ status, groups, text: wanted = '', sort }: RowQuery): boolean {
  return status === undefined && groups === undefined && wanted === '' && sort === undefined;
}
