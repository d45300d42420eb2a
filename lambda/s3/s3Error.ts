/** What S3 answered instead of what was asked for; its name is S3's code. */
export class S3Error extends Error {
  /** The HTTP status. */
  readonly status: number;
  /** S3's code. */
  override readonly name: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = code;
    this.status = status;
  }
}

/** Reads an error of S3: `<Error><Code>…</Code><Message>…</Message>…</Error>`. */
export function readError(status: number, body: string): S3Error {
  const code = element(body, 'Code');
  const message = element(body, 'Message');
  return new S3Error(
    status,
    code ?? `Http${status}`,
    message ?? `S3 answered with status ${status}`,
  );
}

/** The text of the first element of a name, in a document that has no attributes with such texts. */
function element(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text === undefined ? undefined : unescape(text);
}

/** The texts of all elements of two names that stand one after the other, as tags do. */
export function pairs(xml: string, name: string, value: string): (readonly [string, string])[] {
  const pattern = new RegExp(`<${name}>([^<]*)</${name}>\\s*<${value}>([^<]*)</${value}>`, 'g');
  // An empty element may be written short.
  const long = xml.replaceAll(`<${value}/>`, `<${value}></${value}>`);
  return [...long.matchAll(pattern)].map(([, a = '', b = '']) => [unescape(a), unescape(b)]);
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
};

function unescape(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(parseInt(String(hex), 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return ENTITIES[String(name)] ?? all;
  });
}
