import { l10n, QuickPickItemKind, ThemeIcon, type QuickPickItem } from 'vscode';
import { isFunctionArn } from '../../aws/functionArn.ts';
import { askText, BackPressed, pick, type PromptPosition } from '../../vscode/prompts.ts';
import { unknownFunction, type CalledFunction } from './calledFunction.ts';
import { targetsOf } from './draft.ts';
import { findFunctions, type FoundFunction } from './findFunctions.ts';
import type { Asking } from './flow.ts';

interface FunctionItem extends QuickPickItem {
  readonly called?: CalledFunction;
}

/**
 * Asks which function the job invokes: one that the bucket invokes on an upload, another one, or any
 * ARN. Of which it is not known whether it answers batch jobs, that is said before it is taken.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askForFunction(
  position: PromptPosition,
  { session, draft }: Asking,
  before: string | undefined,
): Promise<CalledFunction> {
  const bucket = draft.manifest && targetsOf(draft.manifest)[0]?.bucket;
  for (;;) {
    const { called } = await pick<FunctionItem>({
      ...position,
      placeholder: l10n.t('The function that the job invokes for each object'),
      items: async signal => functionItems(await findFunctions(session, bucket, signal), before),
      active: item => item.called !== undefined && item.called.arn === before,
      itemFor: typed => (isFunctionArn(typed) ? arnItem(unknownFunction(typed)) : undefined),
    });
    const inside = { ...position, canGoBack: true };
    try {
      const chosen = called ?? unknownFunction(await askArn(inside, before));
      if (chosen.answersBatch === 'yes' || (await acceptsUnknown(inside, chosen))) return chosen;
    } catch (error) {
      if (!(error instanceof BackPressed)) throw error;
    }
  }
}

function functionItems(
  found: readonly FoundFunction[],
  before: string | undefined,
): FunctionItem[] {
  const listed = before === undefined || found.some(({ called }) => called.arn === before);
  return [
    ...(listed ? [] : [arnItem(unknownFunction(before))]),
    ...found.map(({ called, wired }) => ({
      label: called.name,
      description: wired ? l10n.t('invoked on uploads to the bucket') : '',
      detail: called.arn,
      iconPath: new ThemeIcon('symbol-function'),
      called,
    })),
    { label: l10n.t('Other'), kind: QuickPickItemKind.Separator },
    { label: l10n.t('Enter Function ARN…'), iconPath: new ThemeIcon('edit') },
  ];
}

function arnItem(called: CalledFunction): FunctionItem {
  const iconPath = new ThemeIcon('symbol-function');
  return { label: called.name, detail: called.arn, iconPath, called };
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

/** A function made for upload events only fails for every object, and AWS says so only afterwards. */
async function acceptsUnknown(position: PromptPosition, { name }: CalledFunction) {
  const other = {
    label: l10n.t('Choose Another Function…'),
    iconPath: new ThemeIcon('arrow-left'),
  };
  const use = {
    label: l10n.t('Use It'),
    description: l10n.t('it answers S3 Batch Operations'),
    iconPath: new ThemeIcon('check'),
  };
  const chosen = await pick<QuickPickItem>({
    ...position,
    placeholder: l10n.t('Does {0} answer S3 Batch Operations?', name),
    items: [
      {
        label: l10n.t('It is not the function that Bucket Brigade deploys'),
        detail: l10n.t('A function written for upload events only would fail for every object.'),
        iconPath: new ThemeIcon('warning'),
      },
      use,
      other,
    ],
    active: item => item === other,
  });
  return chosen === use;
}
