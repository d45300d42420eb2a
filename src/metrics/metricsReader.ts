import { isCancelled, type BrigadeError } from '../aws/errors.ts';
import { toBrigadeError } from '../aws/toBrigadeError.ts';
import type { AwsClients } from '../aws/clients.ts';
import {
  alignSpan,
  choosePeriod,
  leastPeriod,
  type EpochSeconds,
  type TimeSpan,
} from '../aws/metrics/metricPeriod.ts';
import type { MetricCallOptions } from '../aws/metrics/functionMetrics.ts';
import type { FunctionMetrics } from '../aws/metrics/metricSeries.ts';
import type { RangeTotals } from '../aws/metrics/rangeTotals.ts';
import { rateOf, successRate } from '../aws/metrics/successRate.ts';
import { MetricCache, MAX_PERIODS, SETTLED_AFTER } from './metricCache.ts';
import type { MetricsReply, MetricsRequest, TimeRange, Totals } from './protocol.ts';

/** The totals of a range are read again after so many seconds, or when they are asked for. */
const TOTALS_LAST = 300;
/** Seconds. A clock that is less wrong than that shows the same. */
const LEAST_PERIOD = 60;
/** Functions at periods, and ranges of functions, that are kept: a person may zoom all day. */
const MAX_KEPT = 24;

/** What a panel shows of a function. */
export interface MetricsReading extends Omit<MetricsReply, 'totalsProblem' | 'reading'> {
  /** Why the percentile and the range before are not there. */
  readonly totalsError?: BrigadeError;
}

interface KeptTotals {
  readonly readAt: EpochSeconds;
  readonly span: TimeSpan;
  readonly durationP95?: number;
  readonly before?: RangeTotals;
  readonly totalsError?: BrigadeError;
}

/**
 * Reads metrics for one panel and one account, and keeps them: a refresh asks CloudWatch only for
 * what is new.
 */
export class MetricsReader {
  readonly #caches = new Map<string, MetricCache>();
  readonly #totals = new Map<string, KeptTotals>();
  readonly #clock: () => EpochSeconds;
  #asked = 0;

  constructor(clock: () => EpochSeconds = () => Math.floor(Date.now() / 1000)) {
    this.#clock = clock;
  }

  /**
   * The points of a range, and its totals where they can be read too.
   *
   * @throws BrigadeError `AccessDenied` (cloudwatch:GetMetricData), `Throttled`, `Network` …
   */
  async read(
    clients: AwsClients,
    request: MetricsRequest,
    signal: AbortSignal,
  ): Promise<MetricsReading> {
    const { clockOffset } = await import('../aws/metrics/clockOffset.ts');
    const options = { signal, onAsked: (metrics: number) => void (this.#asked += metrics) };
    const read = async (): Promise<MetricsReading> => {
      const ahead = clockOffset(clients, request.region);
      const reading = await this.#readAt(this.#clock() + ahead, clients, request, options);
      return { ...reading, readAt: reading.readAt - ahead };
    };
    const offset = clockOffset(clients, request.region);
    const reading = await read();
    const moved = Math.abs(clockOffset(clients, request.region) - offset);
    if (moved <= LEAST_PERIOD) return reading;
    // Only its first answer tells what time it is at CloudWatch: what was read is of another.
    this.#caches.clear();
    this.#totals.clear();
    return await read();
  }

  async #readAt(
    now: EpochSeconds,
    clients: AwsClients,
    request: MetricsRequest,
    options: MetricCallOptions,
  ): Promise<MetricsReading> {
    const { span, period } = spanOf(request, now);
    const key = [request.region, request.functionName, period].join(' ');
    const cache = this.#caches.get(key) ?? new MetricCache(period);
    keepLatest(this.#caches, key, cache);
    const missing = cache.missing(span, now, request.fresh);
    if (missing !== undefined) {
      const { readFunctionMetrics } = await import('../aws/metrics/functionMetrics.ts');
      const query = { ...request, ...missing, period };
      cache.add(missing, await readFunctionMetrics(clients, query, options), now);
    }
    const totals = await this.#totalsOf({ ...request, ...span }, now, clients, options);
    const series = cache.series(span);
    return {
      series: withRate(series),
      problems: cache.problems(span),
      span,
      period,
      totals: withRateOf({ ...countsOf(series), durationP95: totals.durationP95 }),
      before: totals.before && withRateOf(totals.before),
      totalsError: totals.totalsError,
      asked: this.#asked,
      readAt: cache.readAt,
    };
  }

  /** They add to the charts, so that what keeps them from being read is only said. */
  async #totalsOf(
    request: MetricsRequest & TimeSpan,
    now: EpochSeconds,
    clients: AwsClients,
    options: MetricCallOptions,
  ): Promise<KeptTotals> {
    const { region, functionName, range } = request;
    const key = [region, functionName, JSON.stringify(range), request.period].join(' ');
    const kept = this.#totals.get(key);
    if (kept && isCurrent(kept, request, now)) return kept;
    const totals = await readTotals(request, now, clients, options);
    keepLatest(this.#totals, key, totals);
    return totals;
  }
}

async function readTotals(
  { functionName, region, start, end }: MetricsRequest & TimeSpan,
  now: EpochSeconds,
  clients: AwsClients,
  options: MetricCallOptions,
): Promise<KeptTotals> {
  const { readRangeP95, readRangeTotals } = await import('../aws/metrics/rangeTotals.ts');
  const span = { start, end };
  // As a whole of the periods that CloudWatch still has for then.
  const earlierStart = start - (end - start);
  const earlier = alignSpan({ start: earlierStart, end: start }, leastPeriod(earlierStart, now));
  try {
    const [durationP95, before] = await Promise.all([
      readRangeP95(clients, { functionName, region, ...span }, options),
      readRangeTotals(clients, { functionName, region, ...earlier }, options),
    ]);
    return { readAt: now, span, durationP95, before };
  } catch (error) {
    if (isCancelled(error)) throw error;
    return { readAt: now, span, totalsError: toBrigadeError(error, functionName) };
  }
}

/** Whether kept totals still say what is asked for: of the past they do forever. */
function isCurrent(
  { readAt, span, totalsError }: KeptTotals,
  { start, end, fresh }: MetricsRequest & TimeSpan,
  now: EpochSeconds,
): boolean {
  const settled = span.start === start && end <= readAt - SETTLED_AFTER;
  return (settled && totalsError === undefined) || (!fresh && now - readAt < TOTALS_LAST);
}

/** Keeps a value as the latest, and forgets what was not needed for longest. */
function keepLatest<V>(kept: Map<string, V>, key: string, value: V): void {
  kept.delete(key);
  kept.set(key, value);
  for (const oldest of kept.keys()) {
    if (kept.size <= MAX_KEPT) return;
    kept.delete(oldest);
  }
}

/** The whole periods that a request is about, with the period that CloudWatch has for them. */
export function spanOf(
  { range, period }: Pick<MetricsRequest, 'range' | 'period'>,
  now: EpochSeconds,
): { span: TimeSpan; period: number } {
  const wanted = wholeSpan(range, now);
  const asked = Math.max(period, leastPeriod(wanted.start, now));
  const length = wanted.end - wanted.start;
  // A longer period than the range would count what nobody asked for.
  const isFitting = period > 0 && asked <= length && length / asked <= MAX_PERIODS;
  const fitting = isFitting ? asked : choosePeriod(wanted, now);
  return { span: alignSpan(wanted, fitting), period: fitting };
}

function wholeSpan(range: TimeRange, now: EpochSeconds): TimeSpan {
  return 'last' in range ? { start: now - range.last, end: now } : range;
}

function withRate(series: FunctionMetrics['series']): MetricsReply['series'] {
  const { invocations, errors } = series;
  if (invocations === undefined || errors === undefined) return series;
  return { ...series, successRate: successRate(invocations, errors) };
}

/** Counts add up, so that they are as new as the points. */
function countsOf({
  invocations,
  errors,
}: MetricsReply['series']): Omit<RangeTotals, 'durationP95'> {
  const sum = (values: readonly number[] = []): number => values.reduce((a, b) => a + b, 0);
  return { invocations: sum(invocations?.values), errors: sum(errors?.values) };
}

function withRateOf({ invocations, errors, durationP95 }: RangeTotals): Totals {
  return { invocations, errors, successRate: rateOf(invocations, errors), durationP95 };
}
