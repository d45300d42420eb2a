import { l10n, MarkdownString, StatusBarAlignment, window, type Disposable } from 'vscode';
import { formatCount } from '../../vscode/formats.ts';
import { visible } from '../../vscode/visibleText.ts';
import type { Transfer } from './transfer.ts';
import type { TransferList } from './transferList.ts';
import { transferDescription, transferLabel } from './transferText.ts';

/** Milliseconds after which speeds are shown again, though nothing has come. */
const TICK_MS = 1000;

/** Says in the status bar that transfers run, as long as some do; a click shows them. */
export class TransferStatus implements Disposable {
  readonly #item = window.createStatusBarItem('bucketBrigade.transfers', StatusBarAlignment.Left);
  readonly #list: TransferList;
  readonly #redraw: (transfers: readonly Transfer[]) => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param redraw draws their rows again: a speed falls while nothing happens */
  constructor(list: TransferList, redraw: (transfers: readonly Transfer[]) => void) {
    this.#list = list;
    this.#redraw = redraw;
    this.#item.name = l10n.t('Bucket Brigade Transfers');
    this.#item.command = 'bucketBrigade.transfers.show';
    list.onDidChange(() => this.update());
    this.update();
  }

  update(): void {
    const active = this.#list.transfers.filter(({ isOver }) => !isOver);
    const running = active.filter(({ state }) => state === 'running');
    this.#tick(running.length > 0);
    if (active.length === 0) {
      this.#item.hide();
      return;
    }
    const text =
      active.length === 1
        ? l10n.t('1 transfer')
        : l10n.t('{0} transfers', formatCount(active.length));
    this.#item.text = `$(${running.length > 0 ? 'sync~spin' : 'debug-pause'}) ${text}`;
    this.#item.accessibilityInformation = {
      label:
        running.length > 0
          ? l10n.t('Bucket Brigade: {0} running', text)
          : l10n.t('Bucket Brigade: {0} paused', text),
      role: 'button',
    };
    this.#item.tooltip = tooltip(active);
    this.#item.show();
  }

  #tick(isRunning: boolean): void {
    if (!isRunning) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    if (isRunning) this.#timer ??= setInterval(() => this.#again(), TICK_MS);
  }

  #again(): void {
    this.#redraw(this.#list.transfers.filter(({ state }) => state === 'running'));
    this.update();
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#item.dispose();
  }
}

function tooltip(transfers: readonly Transfer[]): MarkdownString {
  const text = new MarkdownString();
  for (const transfer of transfers.slice(0, 10)) {
    text.appendText(visible(`${transferLabel(transfer)} · ${transferDescription(transfer)}`));
    text.appendMarkdown('\n\n');
  }
  return text;
}
