/** An answer's body as lines of `path = value`, in the answer's order, so that two can be compared and read. */
export function linesOf(body: Buffer, type = ''): string[] {
  if (body.length === 0) return [];
  const text = body.toString();
  if (/^\s*<[?\w]/.test(text) && /xml|^$/.test(type)) return xmlLines(text);
  if (/^\s*[{[]/.test(text) && type.includes('json')) {
    return jsonLines(JSON.parse(text) as unknown, '');
  }
  return text.split('\n').map(line => `text = ${line}`);
}

function jsonLines(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null) return [`${path} = ${JSON.stringify(value)}`];
  const children = Array.isArray(value)
    ? value.map((item: unknown, index) => [`${path}[${index + 1}]`, item] as const)
    : Object.entries(value)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([key, item]) => [path === '' ? key : `${path}/${key}`, item as unknown] as const);
  if (children.length === 0) return [`${path} = ${Array.isArray(value) ? '[]' : '{}'}`];
  return children.flatMap(([at, item]) => jsonLines(item, at));
}

interface Element {
  readonly name: string;
  readonly attributes: string;
  readonly children: Element[];
  text: string;
}

/** Servers' answers are well formed; this reads no more of XML than they have. */
function xmlLines(text: string): string[] {
  const root: Element = { name: '', attributes: '', children: [], text: '' };
  const open = [root];
  for (const [, end, name, attributes = '', empty, content = ''] of text.matchAll(
    /<(\/?)([^\s<>/?!]+)([^<>]*?)(\/?)>([^<]*)/g,
  )) {
    const parent = open.at(-1)!;
    if (end === '/') {
      open.pop();
      continue;
    }
    const element = { name: name!, attributes: attributes.trim(), children: [], text: content };
    parent.children.push(element);
    if (empty !== '/') open.push(element);
    else element.text = '';
  }
  return elementLines(root, '');
}

function elementLines({ children }: Element, path: string): string[] {
  return children.flatMap(child => {
    const namesakes = children.filter(({ name }) => name === child.name);
    const index = namesakes.length > 1 ? `[${namesakes.indexOf(child) + 1}]` : '';
    const at = `${path === '' ? '' : `${path}/`}${child.name}${index}`;
    const attributes = child.attributes === '' ? [] : [`${at}/@ = ${child.attributes}`];
    if (child.children.length === 0) return [...attributes, `${at} = ${unescaped(child.text)}`];
    return [...attributes, ...elementLines(child, at)];
  });
}

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" },
};

function unescaped(text: string): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(parseInt(hex as string, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return ENTITIES[name as string] ?? whole;
  });
}
