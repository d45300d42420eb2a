import { l10n } from 'vscode';
import { describeJob, runJob as awsRunJob } from '../../aws/batchJobs/batchJobs.ts';
import type { Job } from '../../aws/batchJobs/job.ts';
import { canRun } from '../../aws/batchJobs/jobStatus.ts';
import { DEPLOYMENT_TAG } from '../../aws/deployment/deploymentTag.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { functionAccount, functionRegion, plainFunctionName } from '../../aws/functionArn.ts';
import { getFunction } from '../../aws/functions/functions.ts';
import { DESTINATION_VARIABLE } from '../../aws/resizeFunction/resizeSettings.ts';
import type { Session } from '../../services.ts';
import { formatObjects } from '../../vscode/formats.ts';
import { escapeMarkdown } from '../../vscode/markdown.ts';
import type { ActingTool, ToolCall } from '../tool.ts';
import { assertAsConfirmed } from './asConfirmed.ts';
import { copiesText, objectsText } from './whatAndWhere.ts';

interface JobAddress {
  readonly jobId: string;
  readonly region?: string;
}

/**
 * Runs a job that waits, if what it does can be undone: it makes resized copies by our function, or changes
 * tags by the tagger, whose report **Undo Job…** puts back. Any other is left to the user.
 */
export const runJob: ActingTool = {
  kind: 'acting',
  async plan({ session, input, signal }: ToolCall<JobAddress>) {
    const job = await describeJob(session.clients, input, { signal });
    const { jobId, region, total, manifest = job.generator } = job;
    assertWaits(job);
    const work = await undoableWork(session, job, signal);
    return {
      title: l10n.t('Run the batch job on {0}?', formatObjects(total)),
      paragraphs: [
        escapeMarkdown(l10n.t('Job: {0} ({1})', job.description ?? jobId, jobId)),
        ...(manifest ? [escapeMarkdown(l10n.t('Objects: {0}', objectsText(manifest)))] : []),
        ...work.texts.map(escapeMarkdown),
        escapeMarkdown(l10n.t('Region: {0}', region)),
      ],
      act: async now => {
        const { clients } = now.session;
        const before = await describeJob(clients, { jobId, region }, { signal: now.signal });
        assertWaits(before);
        const again = await undoableWork(now.session, before, now.signal);
        assertAsConfirmed({ total, work }, { total: before.total, work: again }, jobId);
        await awsRunJob(clients, { jobId, region }, { signal: now.signal });
        const notes = [`The job runs. Objects: ${total}. Read the job to see how far it is.`];
        return { region, notes, rows: [{ jobId }], changed: { jobs: true } };
      },
    };
  },
};

function assertWaits({ jobId, status }: Job): void {
  if (canRun(status)) return;
  throw new BrigadeError(
    'Conflict',
    l10n.t('The job isn’t awaiting confirmation: its status is {0}.', status),
    {
      subject: jobId,
    },
  );
}

/** What a job does to its objects, and the code and settings that do it. */
interface UndoableWork {
  readonly texts: readonly string[];
  readonly codeSha256: string;
  /** They say where it writes, and what. */
  readonly environment: Readonly<Record<string, string>>;
}

/** @throws BrigadeError `InvalidInput` for what nothing can undo */
async function undoableWork(
  session: Session,
  job: Job,
  signal: AbortSignal,
): Promise<UndoableWork> {
  const { invocation, report, jobId } = job;
  if (invocation !== undefined) {
    const { functionArn, userArguments = {} } = invocation;
    const name = plainFunctionName(functionArn);
    const region = functionRegion(functionArn) ?? job.region;
    const { tags, codeSha256, environment } = await getFunction(
      session.clients,
      { functionName: functionArn, region },
      { signal },
    );
    // Another account puts on its functions whatever tags it likes.
    const isOwn = functionAccount(functionArn) === session.identity.accountId;
    const isOurs = isOwn && tags?.[DEPLOYMENT_TAG] !== undefined;
    const isTagger = Object.hasOwn(userArguments, 'tagger');
    if (isOurs && !isTagger) {
      const text = l10n.t('{0} writes resized copies; the originals aren’t changed.', name);
      const destination = environment[DESTINATION_VARIABLE];
      const where = destination === undefined ? [] : [copiesText(destination)];
      return { texts: [text, ...where], codeSha256, environment };
    }
    if (isOurs && report?.scope === 'AllTasks') {
      const text = l10n.t('{0} changes tags. “Undo Job…” can restore the previous tags.', name);
      return { texts: [text], codeSha256, environment };
    }
  }
  const sentence = l10n.t(
    'The assistant can run only jobs that can be undone. Run this one in the Batch Jobs view.',
  );
  throw new BrigadeError('InvalidInput', sentence, { subject: jobId });
}
