import { l10n } from 'vscode';
import { BrigadeError, isCancelled } from '../aws/errors.ts';
import type { AwsClients } from '../aws/clients.ts';
import { describeError } from '../vscode/describeError.ts';
import { errorForLog } from '../vscode/errorLog.ts';
import { log } from '../vscode/log.ts';
import { ChangeHistory } from './changeHistory.ts';
import { annotationsOf } from './changeAnnotations.ts';
import { JobCalls } from './jobCalls.ts';
import type { Annotation, AnnotationsReply, Requests } from './protocol.ts';

type FunctionSpan = Requests['readAnnotations']['params'];
type Changes = Pick<AnnotationsReply, 'annotations' | 'missing'>;

/**
 * Reads for one panel what happened to its functions: deployments, changes of event notifications that
 * invoke them, and batch jobs that called them.
 */
export class AnnotationsReader {
  readonly #history = new ChangeHistory(unread);
  readonly #jobs = new JobCalls();

  /** Ends what is being read. */
  dispose(): void {
    this.#history.dispose();
  }

  /**
   * The annotations of a function in a span. They only explain the charts, so that what can't be read is
   * logged and left out.
   *
   * @throws BrigadeError `Cancelled`
   */
  async read(
    clients: AwsClients,
    asked: FunctionSpan,
    signal: AbortSignal,
  ): Promise<AnnotationsReply> {
    const [last, changes, called] = await Promise.all([
      lastDeployment(clients, asked, signal).catch(undefinedIfMissing),
      this.#changes(clients, asked, signal),
      this.#jobs.annotations(clients, asked, signal).catch(unread),
    ]);
    const untold = (last ?? []).filter(
      ({ time }) => !changes.annotations.some(isDeploymentNear(time)),
    );
    const annotations = [...untold, ...changes.annotations, ...called]
      .filter(({ time }) => time >= asked.start && time < asked.end)
      .sort((one, other) => one.time - other.time);
    return { ...changes, annotations, functionExists: last !== undefined };
  }

  async #changes(clients: AwsClients, asked: FunctionSpan, signal: AbortSignal): Promise<Changes> {
    try {
      const { events, isAll } = await this.#history.events(clients, asked, signal);
      const annotations = annotationsOf(events, asked.functionName);
      if (isAll) return { annotations };
      return {
        annotations,
        missing: l10n.t('CloudTrail has more changes; the oldest aren’t shown.'),
      };
    } catch (error) {
      if (isCancelled(error)) throw error;
      const reason = describeError(error);
      return { annotations: [], missing: l10n.t('Only the last deployment is known: {0}', reason) };
    }
  }
}

/** Lambda and CloudTrail report one deployment by clocks of their own. */
function isDeploymentNear(time: number): (annotation: Annotation) => boolean {
  return annotation => annotation.kind === 'deployment' && Math.abs(annotation.time - time) < 60;
}

/** @returns undefined when Lambda knows no such function */
function undefinedIfMissing(error: unknown): Annotation[] | undefined {
  return error instanceof BrigadeError && error.code === 'NotFound' ? undefined : unread(error);
}

function unread(error: unknown): Annotation[] {
  if (isCancelled(error)) throw error;
  log.info(`annotations of the charts: ${errorForLog(error)}`);
  return [];
}

/** Lambda knows only the last change, but says so at once and without permission for CloudTrail. */
async function lastDeployment(
  clients: AwsClients,
  { functionName, region }: FunctionSpan,
  signal: AbortSignal,
): Promise<Annotation[]> {
  const { getFunctionConfiguration } = await import('../aws/functions/functions.ts');
  const found = await getFunctionConfiguration(clients, { functionName, region }, { signal });
  const time = Math.floor(Date.parse(found.lastModified) / 1000);
  return Number.isNaN(time)
    ? []
    : [{ time, kind: 'deployment', text: l10n.t('{0} was deployed or configured', functionName) }];
}
