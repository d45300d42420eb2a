import type { ReportAction, ReportHead, ShownGroup } from '../../src/jobs/report/protocol.ts';
import { button, element } from '../dom.ts';
import { text } from '../texts.ts';

export interface HeadActions {
  act(id: string, pressed: HTMLButtonElement): void;
  showGroup(group: number): void;
}

/** Groups that are seen at once; a report that is none may have a thousand. */
const FIRST_GROUPS = 4;

/** What stands above the table: how it went, why tasks failed, and what helps. */
export function headElement(head: ReportHead, actions: HeadActions): HTMLElement {
  const title = element('h1', {}, head.title);
  const verdict = head.verdict.map(({ tone, text: said }) =>
    element('span', { class: `verdict ${tone}` }, said),
  );
  return element(
    'header',
    {},
    title,
    element('p', { class: 'subtitle' }, head.subtitle),
    element(
      'div',
      { class: 'line' },
      element('p', { class: 'verdicts' }, ...verdict),
      buttons(head.actions, actions),
    ),
    damageElement(head.damage),
    groupsElement(head.groups, actions),
  );
}

function damageElement(damage: readonly string[]): HTMLElement | undefined {
  const [first, ...others] = damage;
  if (first === undefined) return undefined;
  return element(
    'section',
    { class: 'damage', label: text('damage') },
    element('h2', {}, text('damage')),
    element('p', { class: 'warning' }, first),
    ...(others.length === 0
      ? []
      : [element('ul', {}, ...others.map(each => element('li', {}, each)))]),
  );
}

function groupsElement(
  groups: readonly ShownGroup[],
  actions: HeadActions,
): HTMLElement | undefined {
  if (groups.length === 0) return undefined;
  const items = groups.map(group => groupElement(group, actions));
  const rest = items.slice(FIRST_GROUPS);
  return element(
    'section',
    { label: text('failures') },
    element('h2', {}, text('failures')),
    element('ul', { class: 'groups' }, ...items.slice(0, FIRST_GROUPS)),
    rest.length === 0
      ? undefined
      : element(
          'details',
          {},
          element('summary', {}, text('moreKinds', rest.length)),
          element('ul', { class: 'groups' }, ...rest),
        ),
  );
}

function groupElement(
  { group, title, cause, message, samples, actions: offered }: ShownGroup,
  actions: HeadActions,
): HTMLElement {
  const show = button(text('show'), () => actions.showGroup(group));
  show.setAttribute('aria-label', text('showGroup', title));
  const row = buttons(offered, actions);
  row.prepend(show);
  const examples = text('forExample', samples.join(', '));
  return element(
    'li',
    {},
    element('h3', {}, title),
    element('p', {}, cause),
    message === '' ? undefined : element('p', { class: 'said', title: message }, message),
    element('p', { class: 'samples', title: examples }, examples),
    row,
  );
}

/** A row of buttons; one that was pressed waits for what it does. */
export function buttons(
  offered: readonly ReportAction[],
  { act }: Pick<HeadActions, 'act'>,
): HTMLElement {
  const made = offered.map(({ id, label }) => {
    const each = button(label, () => act(id, each));
    each.dataset['action'] = id;
    return each;
  });
  return element('div', { class: 'actions' }, ...made);
}
