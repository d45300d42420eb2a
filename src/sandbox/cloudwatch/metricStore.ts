import type { Query, Store } from '../store.ts';
import { METRIC_TABLES } from './metricTables.ts';
import type {
  Aggregate,
  MetricDatum,
  MetricName,
  MetricRow,
  Series,
  SeriesRow,
  StatisticSet,
  ValueCount,
} from './metricTables.ts';
import { rollUp } from './rollUp.ts';
import type { TimeRange } from './timeRange.ts';

/** Which metrics to list. */
export interface MetricFilter {
  readonly namespace?: string;
  readonly metricName?: string;
  readonly activeSince: Date;
}

type Observed = Omit<MetricDatum, 'value' | 'count'>;

const ROLL_UP_INTERVAL_MS = 60 * 60 * 1000;

/**
 * The metrics of the account. For every minute (every second, where the resolution is high) it keeps
 * the statistics and each distinct value with its count, so that percentiles are exact.
 */
export class MetricStore {
  private readonly store: Store;
  private readonly clock: { now(): Date };
  private readonly delay: () => number;
  private readonly known = new Map<string, number>();
  private readonly insertSeries: Query<{ id: number }>;
  private readonly findSeries: Query<SeriesRow>;
  private readonly upsertPoint: Query<never>;
  private readonly upsertValue: Query<never>;
  private readonly selectPoints: Query<Aggregate>;
  private readonly selectValues: Query<ValueCount>;
  private readonly selectMetrics: Query<MetricRow>;
  private rolledUp = 0;

  /** @param delay after how many milliseconds observations can be read */
  constructor(store: Store, clock: { now(): Date }, delay: () => number = () => 0) {
    this.delay = delay;
    this.store = store;
    this.clock = clock;
    store.define(METRIC_TABLES);
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
    // Numbers are bound as REAL; the remainder makes whole seconds of them again.
    const bucket = 'time - (time - ?3) % ?1';
    const rows = 'series IN (SELECT value FROM json_each(?2)) AND time >= ?3 AND time < ?4';
    this.selectPoints = store.prepare(
      `SELECT ${bucket} AS time, sum(samples) AS samples, sum(sum) AS sum,
         min(minimum) AS minimum, max(maximum) AS maximum
       FROM metric_point WHERE ${rows} GROUP BY 1 ORDER BY 1`,
    );
    this.selectValues = store.prepare(
      `SELECT ${bucket} AS time, value, sum(count) AS count
       FROM metric_value WHERE ${rows} GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    this.selectMetrics = store.prepare(
      `SELECT DISTINCT namespace, name, dimensions FROM metric_series
       WHERE (namespace, name, dimensions) > (?1, ?2, ?3) AND namespace = coalesce(?4, namespace)
         AND name = coalesce(?5, name) AND EXISTS
           (SELECT 1 FROM metric_point WHERE series = metric_series.id AND time >= ?6)
       ORDER BY 1, 2, 3`,
    );
  }

  /** Adds observations: all of them or, when one fails, none. */
  put(data: readonly MetricDatum[]): void {
    this.store.transaction(() => {
      this.rollUpNow();
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
  putStatistics(set: StatisticSet): void {
    const { samples, sum, minimum, maximum } = set;
    if (minimum === maximum && sum === minimum * samples) {
      // All values are known then, so that percentiles are too (PutMetricData).
      this.put([{ ...set, value: minimum, count: samples }]);
      return;
    }
    this.store.transaction(() => {
      this.upsertPoint.run(this.seriesId(set), bucketOf(set), samples, sum, minimum, maximum);
    });
  }

  /** A metric's series, one for each unit it was observed in. Dimensions must be exactly these. */
  series({ namespace, metricName, dimensions }: MetricName): Series[] {
    return this.findSeries.all(namespace, metricName, canonical(dimensions)).map(toSeries);
  }

  /** Statistics by period, in the order of time; periods without observations are not there. */
  aggregates(series: readonly Series[], period: number, { start, end }: TimeRange): Aggregate[] {
    return this.selectPoints.all(period, ids(series), start, this.visibleUntil(end));
  }

  /** Values with their counts by period, in the order of time and then of the value. */
  values(series: readonly Series[], period: number, { start, end }: TimeRange): ValueCount[] {
    return this.selectValues.all(period, ids(series), start, this.visibleUntil(end));
  }

  /**
   * Metrics with data since a time, in the order of namespace, name and dimensions.
   * @param after the last one of the page before
   */
  *list(filter: MetricFilter, after: MetricName | undefined): Generator<MetricName> {
    const position = after
      ? [after.namespace, after.metricName, canonical(after.dimensions)]
      : ['', '', ''];
    const { namespace = null, metricName = null, activeSince } = filter;
    const since = Math.floor(activeSince.getTime() / 1000);
    for (const row of this.selectMetrics.iterate(...position, namespace, metricName, since)) {
      yield toMetric(row);
    }
  }

  /** The time up to which observations can be read, in seconds since 1970. */
  private visibleUntil(end: number): number {
    const delay = this.delay();
    return delay === 0 ? end : Math.min(end, (this.clock.now().getTime() - delay) / 1000);
  }

  /** Old data lose their resolution as on AWS, which also keeps the tables small. */
  private rollUpNow(): void {
    const now = this.clock.now().getTime();
    if (now - this.rolledUp < ROLL_UP_INTERVAL_MS) return;
    this.rolledUp = now;
    rollUp(this.store, Math.floor(now / 1000));
  }

  private seriesId(metric: Observed): number {
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
function bucketOf({ timestamp, storageResolution = 60 }: Observed): number {
  const seconds = Math.floor(timestamp.getTime() / 1000);
  return seconds - (seconds % storageResolution);
}

/** Dimensions as text that is the same for the same ones in any order. */
function canonical(dimensions: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(sorted));
}

function toMetric({ namespace, name, dimensions }: MetricRow): MetricName {
  const parsed = JSON.parse(dimensions) as Record<string, string>;
  return { namespace, metricName: name, dimensions: parsed };
}

function toSeries(row: SeriesRow): Series {
  return { id: row.id, unit: row.unit, ...toMetric(row) };
}

function ids(series: readonly Series[]): string {
  return JSON.stringify(series.map(({ id }) => id));
}
