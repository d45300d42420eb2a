type Child = Node | string | undefined;

interface Properties {
  readonly class?: string;
  readonly title?: string;
  readonly role?: string;
  readonly label?: string;
  readonly onclick?: (event: MouseEvent) => void;
}

/** Makes an element. Text is always text: names and log lines are of others. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (properties.class !== undefined) made.className = properties.class;
  if (properties.title !== undefined) made.title = properties.title;
  if (properties.role !== undefined) made.setAttribute('role', properties.role);
  if (properties.label !== undefined) made.setAttribute('aria-label', properties.label);
  if (properties.onclick) made.addEventListener('click', properties.onclick as EventListener);
  made.append(...children.filter(child => child !== undefined));
  return made;
}

/** Shows lines in place of others; the same again are not read out again, and keep the focus. */
export function showLines(target: HTMLElement, lines: readonly HTMLElement[]): void {
  const isSame =
    lines.length === target.children.length &&
    lines.every((line, index) => target.children[index]?.isEqualNode(line));
  if (!isSame) target.replaceChildren(...lines);
}

export function button(text: string, onclick: () => void, title?: string): HTMLButtonElement {
  const made = element('button', { onclick, title }, text);
  made.type = 'button';
  return made;
}

export interface Choice {
  readonly value: string;
  readonly text: string;
}

/** A labelled drop-down. */
export function select(
  label: string,
  choices: readonly Choice[],
  value: string,
  onchange: (value: string) => void,
): HTMLElement {
  const made = element('select');
  for (const choice of choices) {
    const option = element('option', {}, choice.text);
    option.value = choice.value;
    made.append(option);
  }
  made.value = value;
  made.addEventListener('change', () => onchange(made.value));
  return element('label', { class: 'field' }, element('span', {}, label), made);
}
