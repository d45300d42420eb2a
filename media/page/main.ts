import './page.css';
import type { FromPage, PageTexts, ToPage } from '../../src/vscode/page/protocol.ts';
import { element } from '../dom.ts';
import { blockElement } from './blocks.ts';
import { patch } from './patch.ts';

interface VsCodeApi {
  postMessage(message: FromPage): void;
  setState(state: Kept): void;
  getState(): Kept | undefined;
}

/** What stays of a page behind another tab, which VS Code destroys, and over a restart. */
interface Kept {
  readonly scrolled: number;
  /** By which the extension opens it again. */
  readonly kept?: unknown;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** Milliseconds for which a button says that it has copied. */
const SAID_MS = 2000;

const api = acquireVsCodeApi();
const shown = document.querySelector('#panel') ?? document.body;
let texts: PageTexts | undefined;

window.addEventListener('message', (event: MessageEvent<ToPage>) => show(event.data));
document.addEventListener('click', ({ target }) => {
  if (target instanceof Element) press(target);
});
window.addEventListener('scroll', () => keep({ scrolled: window.scrollY }));
api.postMessage({ kind: 'ready' });

function keep(changed: Partial<Kept>): void {
  api.setState({ scrolled: 0, ...api.getState(), ...changed });
}

function show({ model, busy, texts: given, kept }: ToPage): void {
  const isFirst = texts === undefined;
  if (kept !== undefined) keep({ kept });
  texts = given;
  const drawing = { texts: given, busy: new Set(busy) };
  const { title, subtitle, blocks } = model;
  const heading = element('h1', {}, title);
  heading.tabIndex = -1;
  const wanted = shown.cloneNode(false) as Element;
  wanted.append(
    element('header', {}, heading, element('p', { class: 'text muted' }, subtitle)),
    ...blocks.map(block => blockElement(block, drawing)),
  );
  keepingFocus(heading, () => patch(shown, wanted));
  if (isFirst) window.scrollTo(0, api.getState()?.scrolled ?? 0);
}

/** The focus stays with its action; where that is gone, it begins again at the heading. */
function keepingFocus(heading: HTMLElement, change: () => void): void {
  const before = document.activeElement;
  const action = before instanceof HTMLElement ? before.dataset['action'] : undefined;
  change();
  if (action === undefined) return;
  const now = document.activeElement;
  if (now instanceof HTMLElement && now.dataset['action'] === action) return;
  const same = shown.querySelector<HTMLElement>(`[data-action="${CSS.escape(action)}"]`);
  (same ?? shown.querySelector<HTMLElement>('h1') ?? heading).focus();
}

function press(target: Element): void {
  const pressed = target.closest<HTMLElement>('[data-action], [data-copy]');
  if (pressed === null || pressed.getAttribute('aria-disabled') === 'true') return;
  const { action } = pressed.dataset;
  if (action !== undefined) api.postMessage({ kind: 'action', id: action });
  else copyFrom(pressed);
}

function copyFrom(pressed: HTMLElement): void {
  const text = pressed.closest('.code')?.querySelector('code')?.textContent ?? '';
  api.postMessage({ kind: 'copy', text });
  pressed.textContent = texts?.copied ?? '';
  setTimeout(() => (pressed.textContent = texts?.copy ?? ''), SAID_MS);
}
