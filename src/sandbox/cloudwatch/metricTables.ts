/** The tables of CloudWatch: points and values by series and time. */
export const METRIC_TABLES = `
  CREATE TABLE IF NOT EXISTS metric_series (
    id INTEGER PRIMARY KEY, namespace TEXT NOT NULL, name TEXT NOT NULL, dimensions TEXT NOT NULL,
    unit TEXT NOT NULL, UNIQUE (namespace, name, dimensions, unit)) STRICT;
  CREATE TABLE IF NOT EXISTS metric_point (
    series INTEGER NOT NULL, time INTEGER NOT NULL, samples REAL NOT NULL, sum REAL NOT NULL,
    minimum REAL NOT NULL, maximum REAL NOT NULL, PRIMARY KEY (series, time)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS metric_value (
    series INTEGER NOT NULL, time INTEGER NOT NULL, value REAL NOT NULL, count REAL NOT NULL,
    PRIMARY KEY (series, time, value)) STRICT, WITHOUT ROWID;`;

/** What makes a metric: other dimensions, another metric. */
export interface MetricName {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** One observation, or `count` equal ones. */
export interface MetricDatum extends MetricName {
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
export interface Series extends MetricName {
  readonly id: number;
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

/** A metric as its rows name it; dimensions as JSON. */
export interface MetricRow {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: string;
}

export interface SeriesRow extends MetricRow {
  readonly id: number;
  readonly unit: string;
}
