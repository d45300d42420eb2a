import type { Sample } from './statistics.ts';

/** One line of the table: what was measured, beside its peer and its aim. */
export interface Row {
  readonly group: string;
  readonly measure: string;
  readonly unit:
    | 'requests/s'
    | 'images/s'
    | 's'
    | 'tasks/s'
    | 'objects/s'
    | 'MB'
    | 'MB/s'
    | 'ms'
    | 'kB'
    | 'frames'
    | 'metrics';
  readonly ours: Sample;
  readonly peer?: { readonly name: string; readonly sample: Sample } | undefined;
  /** Times better than the peer, at most so much of the unit, or at most so much more than the peer. */
  readonly aim?:
    { readonly ratio: number } | { readonly atMost: number } | { readonly moreThanPeer: number };
}

/** Units of which less is better. */
const LESS_IS_BETTER = new Set(['s', 'MB', 'ms', 'kB', 'frames', 'metrics']);

/** How many times better than the peer a row is, of the medians; undefined without a peer, or of zeros. */
export function ratioOf(row: Row): number | undefined {
  if (!row.peer) return undefined;
  const [ours, theirs] = [row.ours.median, row.peer.sample.median];
  if (ours === 0 || theirs === 0) return undefined;
  return LESS_IS_BETTER.has(row.unit) ? theirs / ours : ours / theirs;
}

/** Whether the aim is met; undefined where there is no aim or no peer to tell. */
export function isMet(row: Row): boolean | undefined {
  if (!row.aim) return undefined;
  if ('atMost' in row.aim) return row.ours.median <= row.aim.atMost;
  if ('moreThanPeer' in row.aim) {
    if (!row.peer) return undefined;
    return row.ours.median - row.peer.sample.median <= row.aim.moreThanPeer;
  }
  const ratio = ratioOf(row);
  return ratio === undefined ? undefined : ratio >= row.aim.ratio;
}

/** The rows as a table of text: medians, in brackets the lowest and highest round. */
export function toTable(rows: readonly Row[]): string {
  const head = ['', 'unit', 'ours', 'peer', 'ratio', 'aim', ''];
  const lines = rows.map(row => {
    const ratio = ratioOf(row);
    return [
      `${row.group}: ${row.measure}`,
      row.unit,
      sampleText(row.ours),
      row.peer ? `${row.peer.name} ${sampleText(row.peer.sample)}` : '–',
      ratio === undefined ? '–' : `${number(ratio)}×`,
      aimText(row),
      { true: 'met', false: 'not met', undefined: '' }[`${isMet(row)}`],
    ];
  });
  const widths = head.map((title, at) =>
    Math.max(title.length, ...lines.map(line => line[at]?.length ?? 0)),
  );
  return [head, ...lines]
    .map(line => line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '))
    .map(line => line.trimEnd())
    .join('\n');
}

function aimText({ aim, unit }: Row): string {
  if (!aim) return '–';
  if ('moreThanPeer' in aim) return `≤ ${aim.moreThanPeer} ${unit} more`;
  return 'ratio' in aim ? `${aim.ratio}×` : `≤ ${aim.atMost} ${unit}`;
}

function sampleText({ median, min, max }: Sample): string {
  return min === max ? number(median) : `${number(median)} (${number(min)}–${number(max)})`;
}

function number(value: number): string {
  const digits = value < 1000 ? { maximumSignificantDigits: 3 } : { maximumFractionDigits: 0 };
  return value.toLocaleString('en', digits);
}
