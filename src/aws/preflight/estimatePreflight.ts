import { estimateDirect } from '../cost/estimateDirect.ts';
import { estimateJob, type InvokedFunction } from '../cost/estimateJob.ts';
import type { Estimate } from '../cost/estimate.ts';
import { functionDuration } from '../cost/functionDuration.ts';
import { measuredRate } from '../cost/measuredRate.ts';
import type { Prices } from '../cost/prices.ts';
import { recoverFrom, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { functionRegion, plainFunctionName } from '../functionArn.ts';
import { getFunctionConfiguration, type LambdaFunction } from '../functions/functions.ts';
import { directChange } from './directChange.ts';
import { partsOf, type JobRequest } from './jobParts.ts';
import type { Preflight } from './preflight.ts';

export interface PreflightCost {
  readonly job: Estimate;
  /** Of direct requests in place of the job, where they do the same. */
  readonly direct?: Estimate;
  /** Seconds of an invocation that nobody has measured are taken for these. */
  readonly assumedSeconds?: number;
}

/** Seconds of an invocation of which nobody knows how long it takes. */
const ASSUMED_SECONDS = 0.2;
/** Objects up to which direct requests are done in a minute or two. */
const MAX_DIRECT = 20_000;
/** Functions that are looked at for what they cost. */
const MAX_FUNCTIONS = 3;

/**
 * Estimates the cost of a job from what its preflight found.
 *
 * @returns undefined where nobody has counted its objects
 */
export async function estimatePreflight(
  clients: AwsClients,
  request: JobRequest,
  { objects, invoked, checks, region }: Preflight,
  prices: Prices,
  options: CallOptions = {},
): Promise<PreflightCost | undefined> {
  if (objects === undefined) return undefined;
  const { operation, operationName, generator } = partsOf(request);
  const timed = new Timed(clients, options);
  const events = checks.flatMap(({ reason }) =>
    reason.kind === 'events' && isFunction(reason.event.destination) && !reason.event.isReport
      ? [{ arn: reason.event.destination, invocations: reason.event.count ?? objects }]
      : [],
  );
  const [called, ...setOff] = await Promise.all([
    invoked && timed.cost(invoked, objects),
    ...events.slice(0, MAX_FUNCTIONS).map(event => timed.costOf(event.arn, event.invocations)),
  ]);
  const rate =
    region === undefined
      ? undefined
      : await measuredRate(clients, { operation: operationName, region }, options);
  const job = estimateJob(
    {
      ...{ operation, objects },
      ...(generator && { objectsSearched: objects }),
      ...(called && { invoked: called }),
      events: setOff.filter(one => one !== undefined),
      ...(rate !== undefined && { measuredRate: rate }),
    },
    prices,
  );
  const direct = objects <= MAX_DIRECT && directChange(request) !== undefined;
  return {
    job,
    ...(direct && { direct: estimateDirect(objects, prices) }),
    ...(timed.hasAssumed && { assumedSeconds: ASSUMED_SECONDS }),
  };
}

function isFunction(arn: string | undefined): arn is string {
  return arn?.split(':')[2] === 'lambda';
}

/** Functions with how long they run. */
class Timed {
  hasAssumed = false;
  readonly #clients: AwsClients;
  readonly #options: CallOptions;

  constructor(clients: AwsClients, options: CallOptions) {
    this.#clients = clients;
    this.#options = options;
  }

  /** Undefined for one that is gone, or that may not be looked at. */
  async costOf(arn: string, invocations: number): Promise<InvokedFunction | undefined> {
    const address = { functionName: arn, region: functionRegion(arn) };
    const found = await recoverFrom(['NotFound', 'AccessDenied'], undefined, () =>
      getFunctionConfiguration(this.#clients, address, this.#options),
    );
    return found && (await this.cost(found, invocations));
  }

  async cost(
    { arn, memoryMegabytes, architecture }: LambdaFunction,
    invocations: number,
  ): Promise<InvokedFunction> {
    const address = { functionName: plainFunctionName(arn), region: functionRegion(arn) };
    const measured = await functionDuration(this.#clients, address, this.#options);
    if (measured === undefined) this.hasAssumed = true;
    return {
      ...{ invocations, megabytes: memoryMegabytes },
      seconds: measured ?? ASSUMED_SECONDS,
      architecture: architecture === 'arm64' ? 'arm64' : 'x86_64',
    };
  }
}
