import type { Query, Store } from '../store.ts';

/** One observation, or `count` equal ones. */
export interface MetricDatum {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** AWS's word, e.g. `Count`, `Milliseconds`; nothing: `None`. */
  readonly unit?: string;
  readonly timestamp: Date;
  readonly value: number;
  /** How many times the value was observed; 1 when left out. */
  readonly count?: number;
  /** Seconds: 60, or 1 for a metric of high resolution. */
  readonly storageResolution?: 1 | 60;
}

/** What was observed before it came here: no percentile can be told from it. */
export interface StatisticSet extends Omit<MetricDatum, 'value' | 'count'> {
  readonly samples: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** A metric of one unit: what points belong to. */
export interface Series {
  readonly id: number;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: string;
}

/** What was observed from `time` on, for one period. */
export interface Aggregate {
  /** The start of the period, in seconds since 1970. */
  readonly time: number;
  readonly samples: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** How often a value was observed in the period that begins at `time`. */
export interface ValueCount {
  readonly time: number;
  readonly value: number;
  readonly count: number;
}

/** Whole seconds: `start` is in it, `end` is not. */
export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

interface SeriesRow {
  readonly id: number;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: string;
  readonly unit: string;
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS metric_series (
    id INTEGER PRIMARY KEY, namespace TEXT NOT NULL, name TEXT NOT NULL, dimensions TEXT NOT NULL,
    unit TEXT NOT NULL, UNIQUE (namespace, name, dimensions, unit)) STRICT;
  CREATE TABLE IF NOT EXISTS metric_point (
    series INTEGER NOT NULL, time INTEGER NOT NULL, samples REAL NOT NULL, sum REAL NOT NULL,
    minimum REAL NOT NULL, maximum REAL NOT NULL, PRIMARY KEY (series, time)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS metric_value (
    series INTEGER NOT NULL, time INTEGER NOT NULL, value REAL NOT NULL, count REAL NOT NULL,
    PRIMARY KEY (series, time, value)) STRICT, WITHOUT ROWID;`;

/**
 * The metrics of the account. For every minute (every second, where the resolution is high) it keeps
 * the statistics and each distinct value with its count, so that percentiles are exact.
 */
export class MetricStore {
  private readonly store: Store;
  private readonly known = new Map<string, number>();
  private readonly insertSeries: Query<{ id: number }>;
  private readonly findSeries: Query<SeriesRow>;
  private readonly upsertPoint: Query<never>;
  private readonly upsertValue: Query<never>;
  private readonly selectPoints: Query<Aggregate>;
  private readonly selectValues: Query<ValueCount>;

  constructor(store: Store) {
    this.store = store;
    store.define(TABLES);
    this.insertSeries = store.prepare(
      `INSERT INTO metric_series (namespace, name, dimensions, unit) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET unit = unit RETURNING id`,
    );
    this.findSeries = store.prepare(
      'SELECT * FROM metric_series WHERE namespace = ? AND name = ? AND dimensions = ?',
    );
    this.upsertPoint = store.prepare(
      `INSERT INTO metric_point VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
         samples = samples + excluded.samples, sum = sum + excluded.sum,
         minimum = min(minimum, excluded.minimum), maximum = max(maximum, excluded.maximum)`,
    );
    this.upsertValue = store.prepare(
      `INSERT INTO metric_value VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET count = count + excluded.count`,
    );
    this.selectPoints = store.prepare(
      `SELECT time - (time % ?1) AS time, sum(samples) AS samples, sum(sum) AS sum,
         min(minimum) AS minimum, max(maximum) AS maximum
       FROM metric_point WHERE series = ?2 AND time >= ?3 AND time < ?4 GROUP BY 1 ORDER BY 1`,
    );
    this.selectValues = store.prepare(
      `SELECT time - (time % ?1) AS time, value, sum(count) AS count
       FROM metric_value WHERE series = ?2 AND time >= ?3 AND time < ?4 GROUP BY 1, 2 ORDER BY 1, 2`,
    );
  }

  /** Adds observations: all of them or, when one fails, none. */
  put(data: readonly MetricDatum[]): void {
    this.store.transaction(() => {
      for (const datum of data) {
        const { value, count = 1 } = datum;
        const series = this.seriesId(datum);
        const time = bucketOf(datum);
        this.upsertPoint.run(series, time, count, value * count, value, value);
        this.upsertValue.run(series, time, value, count);
      }
    });
  }

  /** Adds what is known by its statistics only. */
  putStatistics({ samples, sum, minimum, maximum, ...metric }: StatisticSet): void {
    this.store.transaction(() => {
      this.upsertPoint.run(this.seriesId(metric), bucketOf(metric), samples, sum, minimum, maximum);
    });
  }

  /** A metric's series, one for each unit it was observed in. Dimensions must be exactly these. */
  series({
    namespace,
    metricName,
    dimensions,
  }: Pick<Series, 'namespace' | 'metricName' | 'dimensions'>): Series[] {
    return this.findSeries.all(namespace, metricName, canonical(dimensions)).map(toSeries);
  }

  /** Statistics by period, in the order of time; periods without observations are not there. */
  aggregates(series: Series, period: number, { start, end }: TimeRange): Aggregate[] {
    return this.selectPoints.all(period, series.id, start, end);
  }

  /** Values with their counts by period, in the order of time and then of the value. */
  values(series: Series, period: number, { start, end }: TimeRange): ValueCount[] {
    return this.selectValues.all(period, series.id, start, end);
  }

  private seriesId(metric: Omit<MetricDatum, 'value' | 'count'>): number {
    const { namespace, metricName, unit = 'None' } = metric;
    const dimensions = canonical(metric.dimensions);
    const key = JSON.stringify([namespace, metricName, dimensions, unit]);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const row = this.insertSeries.get(namespace, metricName, dimensions, unit);
    if (row === undefined) throw new Error('A metric could not be recorded.');
    const { id } = row;
    // A transaction that is rolled back takes the row with it.
    this.store.afterCommit(() => this.known.set(key, id));
    return id;
  }
}

/** The start of the minute or second that a datum belongs to, in seconds since 1970. */
function bucketOf({ timestamp, storageResolution = 60 }: Omit<MetricDatum, 'value'>): number {
  const seconds = Math.floor(timestamp.getTime() / 1000);
  return seconds - (seconds % storageResolution);
}

/** Dimensions as text that is the same for the same ones in any order. */
function canonical(dimensions: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(sorted));
}

function toSeries({ id, namespace, name, dimensions, unit }: SeriesRow): Series {
  const parsed = JSON.parse(dimensions) as Record<string, string>;
  return { id, namespace, metricName: name, dimensions: parsed, unit };
}
