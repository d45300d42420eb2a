import type { AwsClients } from '../aws/clients.ts';
import { alignSpan, choosePeriod, leastPeriod } from '../aws/metrics/metricPeriod.ts';
import type { EpochSeconds, TimeSpan } from '../aws/metrics/metricPeriod.ts';
import type { FunctionMetrics, MetricProblem } from '../aws/metrics/functionMetrics.ts';
import type { RangeTotals } from '../aws/metrics/rangeTotals.ts';
import { rateOf, successRate } from '../aws/metrics/successRate.ts';
import { MetricCache } from './metricCache.ts';
import type { MetricsReply, MetricsRequest, TimeRange, Totals } from './protocol.ts';

/** The totals of a range are read anew after so many seconds, or when they are asked for. */
const TOTALS_LAST = 300;

interface KeptTotals {
  readonly readAt: EpochSeconds;
  readonly length: number;
  readonly now: RangeTotals;
  readonly before: RangeTotals;
}

/** Reads metrics for one panel, and keeps them: a refresh asks CloudWatch only for what is new. */
export class MetricsReader {
  readonly #caches = new Map<string, MetricCache>();
  readonly #totals = new Map<string, KeptTotals>();
  readonly #problems = new Map<string, readonly MetricProblem[]>();
  readonly #clock: () => EpochSeconds;
  #asked = 0;

  constructor(clock: () => EpochSeconds = () => Math.floor(Date.now() / 1000)) {
    this.#clock = clock;
  }

  /** Forgets everything: it was of another account. How much was asked for is still known. */
  clear(): void {
    this.#caches.clear();
    this.#totals.clear();
    this.#problems.clear();
  }

  /** @throws BrigadeError `AccessDenied`, `Throttled`, `Network` … */
  async read(
    clients: AwsClients,
    request: MetricsRequest,
    signal: AbortSignal,
  ): Promise<MetricsReply> {
    const now = this.#clock();
    const { span, period } = spanOf(request, now);
    const key = [request.region, request.functionName, period].join(' ');
    const cache = this.#caches.get(key) ?? new MetricCache();
    this.#caches.set(key, cache);
    const missing = cache.missing(span, now, request.fresh);
    if (missing !== undefined) {
      const { readFunctionMetrics } = await import('../aws/metrics/functionMetrics.ts');
      const query = { ...request, ...missing, period };
      const read = await readFunctionMetrics(clients, query, { signal });
      this.#asked += read.asked;
      cache.add(missing, read.series, now);
      this.#problems.set(key, read.problems);
    }
    const totals = await this.#readTotals(clients, request, span, signal);
    const series = cache.series(span);
    return {
      series: withRate(series),
      problems: this.#problems.get(key) ?? [],
      span,
      period,
      totals: totalsOf({ ...totals.now, ...countsOf(series) }),
      before: totalsOf(totals.before),
      asked: this.#asked,
      readAt: cache.readAt,
    };
  }

  async #readTotals(
    clients: AwsClients,
    request: MetricsRequest,
    span: TimeSpan,
    signal: AbortSignal,
  ): Promise<KeptTotals> {
    const now = this.#clock();
    const length = span.end - span.start;
    const key = [request.region, request.functionName, JSON.stringify(request.range)].join(' ');
    const kept = this.#totals.get(key);
    if (kept && !request.fresh && kept.length === length && now - kept.readAt < TOTALS_LAST) {
      return kept;
    }
    const { readRangeTotals, TOTALS_ASKED } = await import('../aws/metrics/rangeTotals.ts');
    const { functionName, region } = request;
    const address = { functionName, region };
    const [current, before] = await Promise.all([
      readRangeTotals(clients, { ...address, ...span }, { signal }),
      readRangeTotals(
        clients,
        { ...address, start: span.start - length, end: span.start },
        { signal },
      ),
    ]);
    this.#asked += 2 * TOTALS_ASKED;
    const totals = { readAt: now, length, now: current, before };
    this.#totals.set(key, totals);
    return totals;
  }
}

/** The whole periods that a request is about, with the period that CloudWatch has for them. */
export function spanOf(
  { range, period }: Pick<MetricsRequest, 'range' | 'period'>,
  now: EpochSeconds,
): { span: TimeSpan; period: number } {
  const wanted = wholeSpan(range, now);
  const fitting =
    period === 0 ? choosePeriod(wanted, now) : Math.max(period, leastPeriod(wanted.start, now));
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

function totalsOf({ invocations, errors, durationP95 }: RangeTotals): Totals {
  return { invocations, errors, successRate: rateOf(invocations, errors), durationP95 };
}
