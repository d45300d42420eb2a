import { createHash } from 'node:crypto';
import { linesOf } from './lines.ts';
import type { RawAnswer } from './wire.ts';

/** An answer without anything that differs from account to account and from run to run. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** `path = value`, in the answer's order. */
  readonly body: readonly string[];
}

/** Of the connection, not of the answer. */
const CONNECTION = [
  ...['date', 'connection', 'keep-alive', 'transfer-encoding', 'server', 'x-amzn-trace-id'],
  ...['strict-transport-security', 'vary', 'via'],
];
/** Named by a placeholder, whatever they are; a header or element of another name keeps its value. */
const REQUEST_IDS = new Set([
  ...['x-amz-request-id', 'x-amz-id-2', 'x-amzn-requestid', 'requestid', 'hostid'],
]);
/** Made up by the server, but the same thing wherever the same one comes again. */
const IDS = new Set([
  ...['versionid', 'x-amz-version-id', 'x-amz-copy-source-version-id', 'uploadid', 'jobid'],
  ...['revisionid', 'roleid', 'policyid', 'x-amz-abort-rule-id', 'nextversionidmarker'],
  ...['nextcontinuationtoken', 'continuationtoken', 'nextuploadidmarker', 'nexttoken'],
  ...['deletemarkerversionid', 'versionidmarker', 'uploadidmarker', 'eventid'],
  ...['nextforwardtoken', 'nextbackwardtoken', 'nextsequencetoken', 'uploadsequencetoken'],
]);
/** They quote what was signed, with the key, or the server's clock. */
const OMITTED = new Set([
  ...['stringtosign', 'canonicalrequest', 'stringtosignbytes', 'canonicalrequestbytes'],
  ...[
    'signatureprovided',
    'awsaccesskeyid',
    'servertime',
    'requesttime',
    'expires',
    'x-amz-expires',
  ],
]);

/** A stack's lines below the first have the paths of the function's and the runtime's files. */
const RUNTIME_FRAME = /^trace\[(?!1\])/;
/** What the buckets' names make different. */
const OF_NAMES = /Manifest\/Location\/ETag$/;

/** Turns what one side answers in one scenario into what can be compared; it remembers ids. */
export class Normaliser {
  private readonly known = new Map<string, string>();
  private readonly counts = new Map<string, number>();
  private readonly names: readonly (readonly [string, string])[];

  /** @param names what stands for what, such as an account's id; the longest is replaced first */
  constructor(names: readonly (readonly [string, string])[]) {
    this.names = names
      .filter(([text]) => text !== '')
      .toSorted(([one], [other]) => other.length - one.length);
  }

  /** @param asked what the request said itself, which is no id of the server's */
  answer({ status, headers, body }: RawAnswer, asked: string): Answer {
    const lines = linesOf(body, headers['content-type']);
    const isText = lines.length > 0 && !isDocument(lines);
    const isBytes = isText && (lines.length > 40 || /[\0\ufffd]/.test(body.toString()));
    const plain = Object.entries(headers)
      .filter(([name]) => !CONNECTION.includes(name))
      .filter(([name]) => name !== 'content-length' || !isDocument(lines))
      .map(([name, value]) => [name, this.value(name, value, asked)] as const)
      .sort(([one], [other]) => (one < other ? -1 : 1));
    const kept = isBytes ? [digest(body)] : lines.filter(line => !RUNTIME_FRAME.test(line));
    return {
      status,
      headers: Object.fromEntries(plain),
      body: kept.map(line => this.line(line, asked)),
    };
  }

  private line(line: string, asked: string): string {
    const [, path = '', value = ''] = /^(.*?) = (.*)$/s.exec(line) ?? [];
    const name = /([^/[\]]+)(?:\[\d+\])?$/.exec(path)?.[1] ?? '';
    const quoted = /^"(.*)"$/s.exec(value)?.[1];
    const plain = this.value(name, quoted ?? value, asked, path);
    return `${this.named(path)} = ${quoted === undefined ? plain : `"${plain}"`}`;
  }

  private value(name: string, value: string, asked: string, path = ''): string {
    const lower = name.toLowerCase();
    if (REQUEST_IDS.has(lower)) return '<request id>';
    if (OMITTED.has(lower)) return '<omitted>';
    if (/^(Owner|Initiator|Grantee)\/ID$/.test(path.split('/').slice(-2).join('/')))
      return '<owner>';
    if (/^\d{10,13}(\.\d+)?$/.test(value)) return '<epoch>';
    if (OF_NAMES.test(path)) return '<hash>';
    if (path === 'Code/Location') return '<presigned URL>';
    if (lower === 'uri') return this.named(value).replace(/^\/[^/]*<run>(?=\/|$)/, '');
    if (IDS.has(lower)) this.remember(lower, value, asked);
    return this.named(value);
  }

  private remember(kind: string, value: string, asked: string): void {
    if (value.length < 8 || this.known.has(value)) return;
    if (asked.includes(value) || asked.includes(encodeURIComponent(value))) return;
    const plainKind = kind.replace(/^(x-amz-|next|deletemarker)/, '').replaceAll('-', '');
    const count = (this.counts.get(plainKind) ?? 0) + 1;
    this.counts.set(plainKind, count);
    this.known.set(value, `<${plainKind} ${count}>`);
  }

  private named(text: string): string {
    let named = text;
    for (const [id, name] of this.known) named = named.replaceAll(id, name);
    for (const [id, name] of this.names) named = named.replaceAll(id, name);
    return named
      .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+0000|\+00:00)/g, timeShape)
      .replace(/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/g, '<HTTP date>')
      .replace(/\b[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\b/g, '<uuid>');
  }
}

/** Clients parse times, so that their form counts. */
function timeShape(_: string, fraction = '', zone = ''): string {
  return `<time${fraction.replace(/\d/g, '0')}${zone}>`;
}

function isDocument(lines: readonly string[]): boolean {
  return lines.length > 0 && !lines[0]!.startsWith('text = ');
}

function digest(body: Buffer): string {
  return `${body.length} bytes = SHA-256 ${createHash('sha256').update(body).digest('hex')}`;
}
