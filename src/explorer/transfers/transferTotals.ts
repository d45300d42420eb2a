import { l10n } from 'vscode';
import type { TransferProgress } from '../transferList/transfer.ts';
import { formatSize } from '../../vscode/sizes.ts';

/** How far several transfers at once have come, together. */
export class TransferTotals<T> {
  readonly #count: number;
  readonly #bytes: number;
  readonly #moved = new Map<T, number>();
  #sum = 0;
  #finished = 0;

  /** @param bytes what all of them hold together; 0 where that is not known */
  constructor(count: number, bytes: number) {
    this.#count = count;
    this.#bytes = bytes;
  }

  /** Notes how many bytes of an item have been moved so far. */
  moved(item: T, bytes: number): void {
    this.#sum += bytes - (this.#moved.get(item) ?? 0);
    this.#moved.set(item, bytes);
  }

  /** Notes that an item has come to its end, good or bad. */
  finished(): void {
    this.#finished++;
  }

  get update(): TransferProgress {
    const bytes = this.#sum;
    const size =
      this.#bytes > 0
        ? l10n.t('{0} of {1}', formatSize(bytes), formatSize(this.#bytes))
        : formatSize(bytes);
    const message =
      this.#count === 1
        ? size
        : l10n.t('{0} of {1} files ({2})', this.#finished, this.#count, size);
    const fraction = this.#bytes > 0 ? bytes / this.#bytes : this.#finished / this.#count;
    return { message, fraction, items: this.#finished, bytes };
  }
}
