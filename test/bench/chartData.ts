import { METRIC_IDS } from '../../src/aws/metrics/metricSeries.ts';
import type { MetricsReply, PanelState, SeriesId } from '../../src/metrics/protocol.ts';

const PERIOD = 60;
/** 14 days at one minute: CloudWatch has no more of that period than 15. */
export const POINTS = 14 * 24 * 60;

/** What a page of chartPages.ts is to show. */
export interface ChartData {
  /** For the panel: as its host answers. */
  readonly state: PanelState;
  readonly reply: MetricsReply;
  /** For its peers: ready to be drawn. */
  readonly times: readonly number[];
  readonly columns: Readonly<Partial<Record<SeriesId, readonly number[]>>>;
  /** Pixels of a chart. */
  readonly width: number;
  readonly height: number;
}

/** Busy days and quiet nights, with noise of the same kind in every run. */
export function chartData(size: Pick<ChartData, 'width' | 'height'>): ChartData {
  const today = Math.floor(Date.now() / 86_400_000) * 86_400;
  const start = today - POINTS * PERIOD;
  const times = Array.from({ length: POINTS }, (_, index) => start + index * PERIOD);
  const columns = Object.fromEntries(
    [...METRIC_IDS, 'successRate' as const].map((id, index) => [id, valuesOf(id, index + 1)]),
  ) as Record<SeriesId, number[]>;
  const span = { start, end: today };
  const totals = { invocations: 1, errors: 0, successRate: 100, durationP95: 1 };
  return {
    state: {
      functions: ['ImageResizeFunction'],
      region: 'us-east-1',
      range: span,
      period: PERIOD,
      refreshEvery: 0,
      timeZone: 'utc',
      view: 'charts',
    },
    reply: {
      reading: 1,
      series: Object.fromEntries(
        Object.entries(columns).map(([id, values]) => [id, { times, values }]),
      ),
      problems: [],
      span,
      period: PERIOD,
      totals,
      before: totals,
      asked: 0,
      readAt: span.end,
    },
    times,
    columns,
    ...size,
  };
}

/** What hardly ever happens. */
const RARE: ReadonlySet<SeriesId> = new Set([
  'errors',
  'throttles',
  'asyncDropped',
  'deadLetterErrors',
]);

function valuesOf(id: SeriesId, seed: number): number[] {
  let state = seed;
  return Array.from({ length: POINTS }, (_, index) => {
    // Numerical Recipes' linear congruential generator.
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    const random = state / 2 ** 32;
    if (RARE.has(id)) return random < 0.98 ? 0 : Math.round(100 * random) - 97;
    if (id === 'successRate') return random < 0.98 ? 100 : 100 * random - 3;
    const ofDay = Math.sin((index / 1440) * 2 * Math.PI - 2);
    return Math.round((40 + 30 * ofDay) * (0.5 + random));
  });
}
