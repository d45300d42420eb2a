import type { Cell, PageAction } from '../../src/vscode/page/protocol.ts';
import { button, element } from '../dom.ts';

/** A row of buttons; those of which the action runs wait. */
export function actionRow(actions: readonly PageAction[], busy: ReadonlySet<string>): HTMLElement {
  return element('div', { class: 'actions' }, ...actions.map(each => actionButton(each, busy)));
}

/** The page listens for all of them at once, as a patched button keeps no listener of its own. */
function actionButton(
  { id, label, isPrimary = false, isDisabled = false, tooltip }: PageAction,
  busy: ReadonlySet<string>,
): HTMLButtonElement {
  const made = button(label, () => undefined, tooltip);
  made.dataset['action'] = id;
  if (isPrimary) made.className = 'primary';
  // Not `disabled`: that would take the focus away from whoever pressed it.
  if (isDisabled || busy.has(id)) made.setAttribute('aria-disabled', 'true');
  if (busy.has(id)) made.setAttribute('aria-busy', 'true');
  return made;
}

/** A text, or a button that looks like a link. */
export function cellContent(cell: Cell): Node | string {
  if (typeof cell === 'string') return cell;
  const made = button(cell.text, () => undefined);
  made.className = 'link';
  made.dataset['action'] = cell.action;
  return made;
}
