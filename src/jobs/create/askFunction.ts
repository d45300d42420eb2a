import { QuickPickItemKind, ThemeIcon, l10n, type QuickPickItem } from 'vscode';
import { jobRegion } from '../../aws/batchJobs/jobRegion.ts';
import type { AwsClients } from '../../aws/clients.ts';
import { BrigadeError, isCancelled } from '../../aws/errors.ts';
import { functionName, functionRegion, isFunctionArn } from '../../aws/functionArn.ts';
import type { ExecutionCheck, ExecutionFault } from '../../aws/resizeFunction/executionFaults.ts';
import { bundledHashes } from '../../vscode/bundledZip.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { BackPressed, askText, pick, type PromptPosition } from '../../vscode/prompts.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { showError } from '../../vscode/showError.ts';
import {
  describeFunction,
  findFunctions,
  type CalledFunction,
  type FoundFunction,
} from './findFunctions.ts';
import { targetsOf, type PromptContext } from './draft.ts';

interface FunctionItem extends QuickPickItem {
  readonly called?: CalledFunction;
  /** An ARN that is on no list. */
  readonly entered?: string;
  /** There is none yet: the function that comes with the extension can be deployed first. */
  readonly deploysFor?: string;
}

/**
 * Asks which function the job invokes: one that the bucket invokes on an upload, another one, or any
 * ARN. Of which it is not known whether it answers batch jobs, that is said before it is taken.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askForFunction(
  position: PromptPosition,
  { session, draft, context }: PromptContext,
  before: string | undefined,
): Promise<CalledFunction> {
  const { clients } = session;
  const bucket = draft.manifest && targetsOf(draft.manifest)[0]?.bucket;
  const ours = await bundledHashes({ context });
  const region = draft.manifest && (await jobRegion(clients, draft.manifest));
  const place = {
    bucket,
    region,
  };
  for (;;) {
    const { called, entered, deploysFor } = await pick<FunctionItem>({
      ...position,
      placeholder: l10n.t('Select the function that the job invokes for each object'),
      items: async signal =>
        functionItems(await findFunctions(clients, place, ours, signal), before, bucket),
      active: item => before !== undefined && (item.called?.arn ?? item.entered) === before,
      itemFor: typed => (isFunctionArn(typed) ? arnItem(typed) : undefined),
    });
    if (deploysFor !== undefined) {
      // Once it is deployed, its message leads back here.
      void runCommandFor(session, 'bucketBrigade.resize.deploy', { bucket: deploysFor });
      throw cancelled();
    }
    const inside = { ...position, canGoBack: true };
    try {
      const chosen = called ?? (await enteredFunction(inside, clients, { entered, before }, ours));
      assertInRegion(chosen, region);
      const warning = functionWarningOf(chosen, bucket, await executionOf(clients, chosen, bucket));
      if (warning === undefined || (await confirmUnverified(inside, warning))) return chosen;
    } catch (error) {
      if (error instanceof BackPressed) continue;
      // A function that is not there loses none of the answers: another one may be.
      if (!(error instanceof BrigadeError) || isCancelled(error)) throw error;
      void showError(error, { doing: 'choosing a function' });
    }
  }
}

/** Only what ours reads and writes is known. */
async function executionOf(
  clients: AwsClients,
  { arn, name, answersBatch }: CalledFunction,
  bucket: string | undefined,
): Promise<ExecutionCheck | undefined> {
  if (bucket === undefined || answersBatch !== 'yes') return undefined;
  const { checkExecution } = await import('../../aws/resizeFunction/executionFaults.ts');
  const title = l10n.t('Checking the permissions of {0}', name);
  return await withCancellableProgress({ title }, signal =>
    checkExecution(clients, { functionArn: arn, bucket }, { signal }),
  );
}

/** S3 invokes no function of another Region. */
function assertInRegion({ arn }: CalledFunction, region: string | undefined): void {
  const found = functionRegion(arn);
  if (region === undefined || found === undefined || found === region) return;
  const sentence = l10n.t(
    'The function is in {0}, but the job must be in {1}, where its objects are.',
    found,
    region,
  );
  throw new BrigadeError('InvalidInput', sentence, { subject: functionName(arn) });
}

function functionItems(
  found: readonly FoundFunction[],
  before: string | undefined,
  bucket: string | undefined,
): FunctionItem[] {
  const listed = before === undefined || found.some(({ called }) => called.arn === before);
  return [
    ...(listed ? [] : [arnItem(before)]),
    ...(found.length === 0 && bucket !== undefined ? [deployItem(bucket)] : []),
    ...found.map(({ called, wired }) => ({
      label: called.name,
      description: describe(wired, called.deployedFor),
      detail: called.arn,
      iconPath: new ThemeIcon('symbol-function'),
      called,
    })),
    { label: l10n.t('Other'), kind: QuickPickItemKind.Separator },
    { label: l10n.t('Enter Function ARN…'), iconPath: new ThemeIcon('edit') },
  ];
}

function deployItem(bucket: string): FunctionItem {
  return {
    label: l10n.t('Deploy Resize Function…'),
    description: l10n.t('no function yet'),
    iconPath: new ThemeIcon('add'),
    deploysFor: bucket,
  };
}

function describe(wired: boolean, deployedFor: string | undefined): string {
  if (wired) return l10n.t('invoked on uploads to the bucket');
  return deployedFor === undefined ? '' : l10n.t('deployed for {0}', deployedFor);
}

/** Of which nothing is known yet but its ARN. */
function arnItem(arn: string): FunctionItem {
  return {
    label: functionName(arn),
    detail: arn,
    iconPath: new ThemeIcon('symbol-function'),
    entered: arn,
  };
}

/** Typed in the list, or now. */
async function enteredFunction(
  position: PromptPosition,
  clients: AwsClients,
  { entered, before }: { entered: string | undefined; before: string | undefined },
  ours: ReadonlySet<string>,
): Promise<CalledFunction> {
  const arn = entered ?? (await askArn(position, before));
  const title = l10n.t('Looking for the function {0}', functionName(arn));
  return await withCancellableProgress({ title }, signal =>
    describeFunction(clients, arn, ours, signal),
  );
}

async function askArn(position: PromptPosition, value: string | undefined): Promise<string> {
  const example = 'arn:aws:lambda:us-east-1:123456789012:function:name';
  const arn = await askText({
    ...position,
    prompt: l10n.t(
      'ARN of a function in the Region of the job, with a version or alias or without',
    ),
    placeholder: example,
    ...(value !== undefined && { value }),
    validate: text =>
      isFunctionArn(text.trim()) ? undefined : l10n.t('For example: {0}', example),
  });
  return arn.trim();
}

/** Something that may make a job fail for every object, which AWS would report only afterwards. */
export interface FunctionWarning {
  readonly question: string;
  readonly label: string;
  readonly detail: string;
}

/**
 * Why a function may not fit a job on the objects of a bucket; undefined if nothing is known.
 *
 * @param execution what its own role may do there, where that was asked
 */
function functionWarningOf(
  { name, answersBatch, deployedFor }: CalledFunction,
  bucket: string | undefined,
  execution?: ExecutionCheck,
): FunctionWarning | undefined {
  if (answersBatch === 'unknown') {
    return {
      question: l10n.t('{0} may not support S3 Batch Operations. Use it anyway?', name),
      label: l10n.t('It isn’t the function that Bucket Brigade deploys'),
      detail: l10n.t('A function written only for upload events fails for every object.'),
    };
  }
  const [fault, ...more] = execution?.faults ?? [];
  if (fault) {
    return {
      question: l10n.t('{0} would fail for every object', name),
      label: faultText(fault),
      detail: more.map(faultText).join(' '),
    };
  }
  if (execution?.checked === true) return undefined;
  if (deployedFor === undefined || bucket === undefined || deployedFor === bucket) return undefined;
  return {
    question: l10n.t('{0} may not be able to read {1}. Use it anyway?', name, bucket),
    label: l10n.t('It was deployed for {0}', deployedFor),
    detail: l10n.t('The function’s execution role can’t read another bucket.'),
  };
}

function faultText(fault: ExecutionFault): string {
  return fault.kind === 'denied'
    ? l10n.t('Its execution role lacks {0} on {1}.', fault.action, fault.resource)
    : l10n.t('Its destination bucket {0} doesn’t exist.', fault.bucket);
}

/** Asks whether to use the function despite a warning. @throws BrigadeError `Cancelled`, BackPressed */
async function confirmUnverified(
  position: PromptPosition,
  warning: FunctionWarning,
): Promise<boolean> {
  const { question, label, detail } = warning;
  const other = {
    label: l10n.t('Choose Another Function…'),
    iconPath: new ThemeIcon('arrow-left'),
  };
  const use = { label: l10n.t('Use It'), iconPath: new ThemeIcon('check') };
  const chosen = await pick<QuickPickItem>({
    ...position,
    placeholder: question,
    items: [{ label, detail, iconPath: new ThemeIcon('warning') }, other, use],
    active: item => item === other,
  });
  return chosen === use;
}
