import { createHash } from 'node:crypto';
import { AwsError } from '../errors.ts';
import { authorize } from '../iam/authorize.ts';
import type { Input } from '../input.ts';
import type { Output } from '../output.ts';
import { Double, Timestamp } from '../output.ts';
import type { MetricsOperation } from './metricsContext.ts';
import { cutPage, readToken, writeToken } from './dataPage.ts';
import type { PagedResult, ScanBy } from './dataPage.ts';
import { isExpression, readQueries, validationError } from './dataQueries.ts';
import { computeResults } from './dataResults.ts';
import type { DataRequest, DataResult } from './dataResults.ts';
import type { MetricStore } from './metricStore.ts';

const MAX_POINTS = 100_800;

/** Points of many metrics and of expressions over them, page by page. */
export const getMetricData: MetricsOperation = (context, { caller }, input) => {
  authorize(context, caller, 'cloudwatch:GetMetricData', '*');
  input.only(
    ...['MetricDataQueries', 'StartTime', 'EndTime', 'NextToken', 'ScanBy', 'MaxDatapoints'],
    'LabelOptions',
  );
  const request = asValidationError(() => readRequest(input));
  const token = input.text('NextToken');
  const hash = hashOf(request);
  const from = token === undefined ? undefined : readToken(token, hash);
  const results =
    (token === undefined ? undefined : snapshotOf(context.metrics, hash)) ??
    computeResults(context.metrics, request, context.clock.now());
  const page = cutPage(results, request.scanBy, request.limit, from);
  // "NextToken is not returned if you are performing a math expression" (MetricDataResult, StatusCode).
  const next = request.queries.some(isExpression) ? undefined : page.next;
  if (next === undefined) snapshots.delete(context.metrics);
  else snapshots.set(context.metrics, { hash, results });
  return {
    MetricDataResults: page.results.map(toOutput),
    NextToken: next === undefined ? undefined : writeToken(next, hash),
    Messages: [],
  };
};

interface Snapshot {
  readonly hash: string;
  readonly results: readonly DataResult[];
}

/** What the request with the latest page is cut of until its last one: computed once for all pages. */
const snapshots = new WeakMap<MetricStore, Snapshot>();

function snapshotOf(metrics: MetricStore, hash: string): readonly DataResult[] | undefined {
  const snapshot = snapshots.get(metrics);
  return snapshot?.hash === hash ? snapshot.results : undefined;
}

interface PagedRequest extends DataRequest {
  readonly scanBy: ScanBy;
  readonly limit: number;
}

function readRequest(input: Input): PagedRequest {
  const queries = readQueries(input);
  const [start, end] = [input.requiredTime('StartTime'), input.requiredTime('EndTime')];
  if (start > end) {
    throw validationError('The parameter EndTime must be greater than StartTime.');
  }
  if (start.getTime() === end.getTime()) {
    throw validationError('The parameter StartTime must not equal parameter EndTime.');
  }
  checkLabelOptions(input.child('LabelOptions'));
  return { queries, start, end, scanBy: readScanBy(input), limit: readLimit(input) };
}

function readScanBy(input: Input): ScanBy {
  const scanBy = input.text('ScanBy') ?? 'TimestampDescending';
  if (scanBy === 'TimestampAscending' || scanBy === 'TimestampDescending') return scanBy;
  throw validationError(
    `The value ${scanBy} for parameter ScanBy must be TimestampAscending or TimestampDescending.`,
  );
}

function readLimit(input: Input): number {
  const limit = input.wholeNumber('MaxDatapoints') ?? MAX_POINTS;
  if (limit >= 1 && limit <= MAX_POINTS) return limit;
  throw validationError(`The parameter MaxDatapoints must be between 1 and ${MAX_POINTS}.`);
}

/** The time zone is for dynamic labels only. */
function checkLabelOptions(options: Input | undefined): void {
  options?.only('Timezone');
  const timezone = options?.text('Timezone') ?? '+0000';
  if (/^[+-]\d{4}$/.test(timezone)) return;
  throw validationError(
    `The value ${timezone} for parameter LabelOptions.Timezone must be + or - and four digits.`,
  );
}

/** GetMetricData has one code for what the older operations have several for. */
function asValidationError<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const known = ['InvalidParameterValue', 'MissingParameter'];
    if (!(error instanceof AwsError) || !known.includes(error.code)) throw error;
    throw validationError(error.message);
  }
}

/** Pages of one request only fit together when everything else in it stays. */
function hashOf({ queries, start, end, scanBy }: PagedRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([queries, start, end, scanBy]))
    .digest('base64url');
}

function toOutput({ result, times, values, partial }: PagedResult): Output {
  return {
    Id: result.id,
    Label: result.series.label,
    Timestamps: times.map(time => new Timestamp(time)),
    Values: values.map(value => new Double(value)),
    StatusCode: partial ? 'PartialData' : 'Complete',
  };
}
