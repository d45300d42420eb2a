import type { Json } from './yamlText.ts';

/** An expression that is not a value: `aws_iam_role.resize.arn`. */
export class Hcl {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type HclValue = Json | Hcl | readonly HclValue[] | { readonly [key: string]: HclValue };

/** A block's lines: its arguments, lined up as `terraform fmt` does, and blocks in it. */
export type HclBody = readonly (readonly [string, HclValue] | HclBlock)[];

export interface HclBlock {
  /** `resource "aws_iam_role" "resize"`. */
  readonly header: string;
  readonly body: HclBody;
}

/** A block in the form of `terraform fmt`. */
export function hclBlock({ header, body }: HclBlock, indent = 0): string {
  const pad = ' '.repeat(indent);
  if (body.length === 0) return `${pad}${header} {}`;
  const lines: string[] = [];
  let group: (readonly [string, HclValue])[] = [];
  const flush = (): void => {
    lines.push(...argumentLines(group, indent + 2));
    group = [];
  };
  body.forEach((item, at) => {
    if ('header' in item) {
      flush();
      if (at > 0) lines.push('');
      lines.push(hclBlock(item, indent + 2));
      return;
    }
    if (group.length === 0 && at > 0) lines.push('');
    group.push(item);
  });
  flush();
  return [`${pad}${header} {`, ...lines, `${pad}}`].join('\n');
}

/** Names are as wide as the widest of the lines around them; a value of several lines stands alone. */
function argumentLines(group: readonly (readonly [string, HclValue])[], indent: number): string[] {
  const pad = ' '.repeat(indent);
  const texts = group.map(([name, value]) => [name, hclValue(value, indent)] as const);
  const lines: string[] = [];
  let run: (readonly [string, string])[] = [];
  const flush = (): void => {
    const width = Math.max(0, ...run.map(([name]) => name.length));
    lines.push(...run.map(([name, text]) => `${pad}${name.padEnd(width)} = ${text}`));
    run = [];
  };
  for (const [name, text] of texts) {
    if (!text.includes('\n')) {
      run.push([name, text]);
      continue;
    }
    flush();
    lines.push(`${pad}${name} = ${text}`);
  }
  flush();
  return lines;
}

function hclValue(value: HclValue, indent: number): string {
  if (value instanceof Hcl) return value.text;
  if (typeof value === 'string') return hclString(value);
  if (typeof value !== 'object') return String(value);
  const pad = ' '.repeat(indent + 2);
  const end = ' '.repeat(indent);
  if (Array.isArray(value)) {
    const items = value.map(item => hclValue(item as HclValue, indent + 2));
    if (items.every(item => !item.includes('\n'))) return `[${items.join(', ')}]`;
    return `[\n${items.map(item => `${pad}${item},`).join('\n')}\n${end}]`;
  }
  const entries = Object.entries(value as { readonly [key: string]: HclValue });
  if (entries.length === 0) return '{}';
  const named = entries.map(([key, item]) => [keyText(key), item] as const);
  return `{\n${argumentLines(named, indent + 2).join('\n')}\n${end}}`;
}

function keyText(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? key : hclString(key);
}

/** A text as a quoted template that stands for exactly it: `${` and `%{` would begin an expression. */
export function hclString(text: string): string {
  const escaped = JSON.stringify(text)
    .replace(/\\[bf]/g, escape => (escape === '\\b' ? '\\u0008' : '\\u000c'))
    .replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, unit => {
      return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
    });
  return escaped.replace(/[$%](?=\{)/g, sign => sign + sign);
}
