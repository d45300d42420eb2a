import { l10n } from 'vscode';
import { recoverFrom } from '../../aws/call.ts';
import { isDeployedFor } from '../../aws/notifications/bucketFunction.ts';
import { DEPLOYMENT_TAG } from '../../aws/deployment/deploymentTag.ts';
import { isBucketName } from '../../aws/s3Uri.ts';
import { defaultDestination } from '../../aws/resizeFunction/resizeSettings.ts';
import type { Session } from '../../services.ts';
import { pickS3Location } from '../../vscode/pickS3Location.ts';
import { askText, runSteps, type PromptPosition, type Step } from '../../vscode/prompts.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { askForRole } from '../askRole.ts';
import { askFunctionName } from '../functionName.ts';
import { conflictText } from '../../vscode/deployment/planTexts.ts';
import { askOptions } from '../options/askOptions.ts';
import {
  completed,
  DEFAULT_FUNCTION_NAME,
  suggestedRoleName,
  type DeploymentDraft,
  type Question,
} from '../../vscode/deployment/resizeDraft.ts';

export interface PromptContext {
  readonly session: Session;
  /** The answers are put here. */
  readonly draft: DeploymentDraft;
  readonly left: readonly Question[];
  /** They have their answers, from before: the plan comes first, and Back leads to them. */
  readonly isAnswered: boolean;
  /** Called once the bucket is known, for what is deployed there already. */
  readonly onBucket: (bucket: string) => Promise<void>;
  readonly title: string;
  /** Which options are asked. */
  readonly options: 'all' | 'settings';
}

/**
 * Asks the questions that are left; the plan is the step after them.
 *
 * @param first the question to begin with; those before it have their answers, and Back leads to them
 * @throws BrigadeError `Cancelled` when one is dismissed
 */
export async function askDeployment(asking: PromptContext, first: number): Promise<void> {
  const { title, left } = asking;
  const steps = left.map((question): Step => {
    return async position => {
      const totalSteps = left.length + 1;
      await ask(question, { ...position, totalSteps, title, keepOpen: true }, asking);
      return undefined;
    };
  });
  await runSteps(steps, first);
}

async function ask(
  question: Question,
  position: PromptPosition,
  asking: PromptContext,
): Promise<void> {
  const { draft, session } = asking;
  switch (question) {
    case 'bucket': {
      const { bucket } = await pickS3Location(session.clients, { ...position, kind: 'bucket' });
      draft.bucket = bucket;
      await asking.onBucket(bucket);
      return;
    }
    case 'functionName':
      draft.functionName = await askFreeName(position, session, draft);
      return;
    case 'destinationBucket':
      draft.destinationBucket = await askDestination(position, draft);
      return;
    case 'role':
      draft.role = await askForRole(position, session, {
        before: draft.role,
        newRole: suggestedRoleName(draft.functionName ?? DEFAULT_FUNCTION_NAME),
      });
      return;
    case 'options': {
      const before = completed(draft);
      if (before === undefined) throw new Error('The options were asked before the bucket');
      const { settings, prefix, suffixes, ...capacity } = await askOptions(
        position,
        before,
        asking.options,
      );
      const { architecture, memoryMegabytes, timeoutSeconds } = capacity;
      Object.assign(draft, { settings, prefix, suffixes });
      Object.assign(draft, { architecture, memoryMegabytes, timeoutSeconds });
    }
  }
}

/** A name that is taken is said at once, not in the plan after all questions. */
async function askFreeName(
  position: PromptPosition,
  session: Session,
  { bucket = '', functionName = DEFAULT_FUNCTION_NAME }: DeploymentDraft,
): Promise<string> {
  let name = await askFunctionName(position, functionName);
  for (;;) {
    const problem = await takenText(session, bucket, name);
    if (problem === undefined) return name;
    name = await askFunctionName(position, name, problem);
  }
}

/** Nothing is said where the caller may not look: the plan says so then. */
async function takenText(
  { clients }: Session,
  bucket: string,
  functionName: string,
): Promise<string | undefined> {
  const { getFunction } = await import('../../aws/functions/functions.ts');
  const title = l10n.t('Looking for {0}', functionName);
  const found = await withCancellableProgress({ title }, async signal => {
    const region = await clients.regionOfBucket(bucket, signal);
    return await recoverFrom(['NotFound', 'AccessDenied'], undefined, () =>
      getFunction(clients, { functionName, region }, { signal }),
    );
  });
  if (found === undefined || isDeployedFor(found, bucket)) return undefined;
  const other = found.tags?.[DEPLOYMENT_TAG];
  return conflictText(
    other === undefined
      ? { code: 'notOurs', names: [functionName] }
      : { code: 'otherDeployment', names: [functionName, other] },
  );
}

async function askDestination(position: PromptPosition, draft: DeploymentDraft): Promise<string> {
  return await askText({
    ...position,
    prompt: l10n.t('Bucket for the resized images. It is created if it doesn’t exist.'),
    value: draft.destinationBucket ?? defaultDestination(draft.bucket ?? ''),
    validate: name =>
      isBucketName(name)
        ? undefined
        : l10n.t('Use 3 to 63 lowercase letters, digits, periods and hyphens.'),
  });
}
