/** The middle of several rounds with its lowest and highest round. */
export interface Sample {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Summarizes the rounds of one measurement. Throws a RangeError when there are none. */
export function summarize(rounds: readonly number[]): Sample {
  const sorted = rounds.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  const min = sorted[0];
  const max = sorted.at(-1);
  if (upper === undefined || lower === undefined || min === undefined || max === undefined) {
    throw new RangeError('No rounds to summarize');
  }
  return { median: (lower + upper) / 2, min, max };
}
