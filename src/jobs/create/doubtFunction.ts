import { l10n, ThemeIcon, type QuickPickItem } from 'vscode';
import type { ExecutionCheck, ExecutionFault } from '../../aws/resizeFunction/executionFaults.ts';
import { pick, type PromptPosition } from '../../vscode/prompts.ts';
import type { CalledFunction } from './calledFunction.ts';

/** Something that may make a job fail for every object, and AWS says so only afterwards. */
export interface Doubt {
  readonly question: string;
  readonly label: string;
  readonly detail: string;
}

/**
 * What is doubtful about a function for a job on the objects of a bucket; undefined if nothing is.
 *
 * @param execution what its own role may do there, where that was asked
 */
export function doubtOf(
  { name, answersBatch, deployedFor }: CalledFunction,
  bucket: string | undefined,
  execution?: ExecutionCheck,
): Doubt | undefined {
  if (answersBatch === 'unknown') {
    return {
      question: l10n.t('Does {0} answer S3 Batch Operations?', name),
      label: l10n.t('It is not the function that Bucket Brigade deploys'),
      detail: l10n.t('A function written for upload events only would fail for every object.'),
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
    question: l10n.t('May {0} read {1}?', name, bucket),
    label: l10n.t('It was deployed for {0}', deployedFor),
    detail: l10n.t('The function’s own role may not read another bucket.'),
  };
}

function faultText(fault: ExecutionFault): string {
  return fault.kind === 'denied'
    ? l10n.t('Its execution role lacks {0} on {1}.', fault.action, fault.resource)
    : l10n.t('Its destination bucket {0} does not exist.', fault.bucket);
}

/** Asks whether the function is taken nevertheless. @throws BrigadeError `Cancelled`, BackPressed */
export async function acceptsDoubt(position: PromptPosition, doubt: Doubt): Promise<boolean> {
  const { question, label, detail } = doubt;
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
