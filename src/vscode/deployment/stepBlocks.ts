import { l10n } from 'vscode';
import { conflictsOf, isDone, type Step, type StepAction } from '../../aws/deployment/step.ts';
import { escapeMarkdown, table } from '../markdown.ts';
import { code, detailBlocks } from './planMarkdown.ts';
import {
  actionText,
  conflictText,
  countsText,
  doneText,
  kindText,
  type PartKind,
} from './planTexts.ts';

/** How far a plan has come when its document is shown; or why it failed and what happened to it. */
export type PlanStage = 'planned' | 'applied' | { readonly failure: string };

type PlanStep = Step<PartKind>;

/** What keeps a plan from being applied is read before all that it would do. */
export function conflictLine(step: PlanStep): string {
  return `> ✗ ${escapeMarkdown(kindText(step.kind))} ${code(step.subject)}: **${escapeMarkdown(whyOf(step) ?? '')}**`;
}

/** The steps of a plan as a table, then the details of each. */
export function stepBlocks(steps: readonly PlanStep[], stage: PlanStage): string[] {
  return [overview(steps, stage), ...steps.flatMap(step => section(step, stage))];
}

/** What a plan comes to, or what happened to it, in a sentence. */
export function verdict(plan: { readonly steps: readonly PlanStep[] }, stage: PlanStage): string {
  if (stage === 'applied') return l10n.t('✓ Deployed.');
  if (stage !== 'planned') return l10n.t('✗ Not deployed. {0}', stage.failure);
  if (conflictsOf(plan).length > 0) {
    return l10n.t('✗ This can’t be applied: {0}. Nothing was changed.', countsText(plan.steps));
  }
  if (isDone(plan)) return l10n.t('✓ No changes needed: everything is already deployed.');
  return l10n.t('{0}. Nothing was changed yet.', countsText(plan.steps));
}

function whyOf({ conflict, reason }: PlanStep): string | undefined {
  return conflict === undefined ? reason : conflictText(conflict);
}

const SIGNS: Readonly<Record<StepAction, string>> = {
  create: escapeMarkdown('+'),
  change: escapeMarkdown('~'),
  keep: escapeMarkdown('='),
  conflict: '✗',
};

function sign({ action }: PlanStep, stage: PlanStage): string {
  return stage === 'applied' ? '✓' : SIGNS[action];
}

function overview(steps: readonly PlanStep[], stage: PlanStage): string {
  return table(
    ['', l10n.t('Step'), l10n.t('Resource'), l10n.t('Action')],
    steps.map(step => [
      sign(step, stage),
      escapeMarkdown(kindText(step.kind)),
      code(step.subject),
      stage === 'applied'
        ? escapeMarkdown(doneText(step.action))
        : escapeMarkdown(actionText(step.action)),
    ]),
  );
}

/** What the overview does not say already. */
function section(step: PlanStep, stage: PlanStage): string[] {
  const { kind, subject, details } = step;
  if (details.length === 0 && step.action !== 'conflict') return [];
  const heading = `## ${sign(step, stage)} ${escapeMarkdown(kindText(kind))} ${code(subject)}`;
  const why = whyOf(step);
  return [
    heading,
    ...(why === undefined || step.action !== 'conflict' ? [] : [`**${escapeMarkdown(why)}**`]),
    ...detailBlocks(details),
  ];
}
