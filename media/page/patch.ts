/** What a person did to a page: it stays as they left it. */
const THEIRS = new Set(['open']);

/**
 * Makes what is shown like what is wanted and touches nothing that is so already: the focus, the
 * scrolling and what a screen reader has said stay.
 */
export function patch(shown: Element, wanted: Element): void {
  patchAttributes(shown, wanted);
  const children = [...wanted.childNodes];
  children.forEach((child, at) => patchChild(shown, shown.childNodes[at], child));
  while (shown.childNodes.length > children.length) shown.lastChild?.remove();
}

function patchChild(parent: Element, shown: ChildNode | undefined, wanted: ChildNode): void {
  if (shown === undefined) parent.append(wanted);
  else if (shown instanceof Element && wanted instanceof Element && isSameKind(shown, wanted)) {
    patch(shown, wanted);
  } else if (shown instanceof Text && wanted instanceof Text) {
    if (shown.data !== wanted.data) shown.data = wanted.data;
  } else shown.replaceWith(wanted);
}

function isSameKind(shown: Element, wanted: Element): boolean {
  return (
    shown.tagName === wanted.tagName && shown.getAttribute('role') === wanted.getAttribute('role')
  );
}

function patchAttributes(shown: Element, wanted: Element): void {
  for (const { name } of [...shown.attributes]) {
    if (!wanted.hasAttribute(name) && !THEIRS.has(name)) shown.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (shown.getAttribute(name) !== value) shown.setAttribute(name, value);
  }
}
