/** Points in the order of time; a period without a point is not in it. */
export interface TimeSeries {
  readonly label: string;
  /** Starts of periods, in seconds since 1970, ascending. */
  readonly times: readonly number[];
  /** Of the same length. */
  readonly values: readonly number[];
  /** Seconds. */
  readonly period: number;
  /** Whether the metric was ever observed: what never was, FILL leaves empty. */
  readonly known: boolean;
}

/** A copy with other points; values that are no number are left out. */
export function withPoints(
  series: TimeSeries,
  points: Iterable<readonly [time: number, value: number | undefined]>,
): TimeSeries {
  const times: number[] = [];
  const values: number[] = [];
  for (const [time, value] of points) {
    if (value === undefined || !Number.isFinite(value)) continue;
    times.push(time);
    values.push(value);
  }
  return { ...series, times, values };
}

/** The points of a series, each changed; what becomes no number is dropped. */
export function mapValues(series: TimeSeries, change: (value: number) => number): TimeSeries {
  return withPoints(
    series,
    series.times.map((time, index) => [time, change(series.values[index] ?? 0)]),
  );
}

/**
 * Walks several series side by side, over every time that one of them has.
 * @returns the time, and each one's value there or undefined
 */
export function* sideBySide(
  series: readonly TimeSeries[],
): Generator<readonly [time: number, values: (number | undefined)[]]> {
  const positions = series.map(() => 0);
  for (;;) {
    let time = Infinity;
    for (const [index, { times }] of series.entries()) {
      time = Math.min(time, times[positions[index] ?? 0] ?? Infinity);
    }
    if (time === Infinity) return;
    const values = series.map((one, index) => {
      const position = positions[index] ?? 0;
      if (one.times[position] !== time) return undefined;
      positions[index] = position + 1;
      return one.values[position];
    });
    yield [time, values];
  }
}

/** One series of several: at each time that one of them has, `join` of all values. */
export function joinSeries(
  series: readonly TimeSeries[],
  join: (values: readonly (number | undefined)[]) => number | undefined,
): TimeSeries {
  const points = sideBySide(series);
  const joined: (readonly [number, number | undefined])[] = [];
  for (const [time, values] of points) joined.push([time, join(values)]);
  return withPoints(
    {
      label: series[0]?.label ?? '',
      times: [],
      values: [],
      period: Math.min(...series.map(({ period }) => period)),
      known: series.some(({ known }) => known),
    },
    joined,
  );
}
