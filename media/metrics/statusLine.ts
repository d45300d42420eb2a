import { button, element, showLines } from '../dom.ts';
import { text } from '../texts.ts';
import { formatAge, formatTime } from './texts.ts';

/** What is to be said of a function beside its charts. */
export interface Status {
  /** What is wrong, a sentence each. */
  readonly problems: readonly string[];
  /** What is worth knowing. */
  readonly notes: readonly string[];
  /** When what is shown was read, in seconds, where it is no longer the newest. */
  readonly keptSince?: number;
  /** When it is tried again by itself, in seconds. */
  readonly nextTry?: number;
}

/** The lines above the charts: what is wrong, how old what is shown is, and a way to try again. */
export class StatusLine {
  readonly element = element('div', { class: 'status' });
  // Only this is read out: an age that grows by itself is not.
  readonly #said = element('span', { role: 'status' });
  readonly #age = element('span', { class: 'age' });
  readonly #retry: HTMLButtonElement;
  #shown: Status = { problems: [], notes: [] };
  #utc = false;

  constructor(onRetry: () => void) {
    this.#retry = button(text('retry'), onRetry);
    this.#retry.hidden = true;
    this.element.append(this.#said, ' ', this.#age, ' ', this.#retry);
  }

  show(status: Status, utc: boolean): void {
    this.#shown = status;
    this.#utc = utc;
    const { problems, notes, nextTry } = status;
    const next = nextTry === undefined ? [] : [text('nextTry', formatTime(nextTry, utc, 'medium'))];
    showLines(this.#said, [
      ...problems.map(each => element('span', { class: 'error' }, each)),
      ...[...notes, ...next].map(each => element('span', { class: 'note' }, each)),
    ]);
    this.#retry.hidden = problems.length === 0;
    this.tick();
  }

  /** Says the age of what is shown as it is now. */
  tick(): void {
    const { keptSince } = this.#shown;
    this.#age.textContent =
      keptSince === undefined
        ? ''
        : text('kept', formatTime(keptSince, this.#utc), formatAge(keptSince, Date.now() / 1000));
  }
}
