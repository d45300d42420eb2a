import { l10n, window } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { conflictsOf, isDone } from '../../aws/deployment/step.ts';
import {
  roleArn,
  taggerArn,
  taggerJobRoleName,
  type TaggerPlan,
} from '../../aws/taggerDeployment/tagger.ts';
import type { ReportPlace } from '../../aws/taggerFunction/taggerRolePolicy.ts';
import type { Services, Session } from '../../services.ts';
import { isCancellation } from '../../vscode/cancellation.ts';
import { readTaggerZip } from '../../vscode/bundledZip.ts';
import { confirmPlan } from '../../vscode/deployment/confirmPlan.ts';
import {
  conflictText,
  countsText,
  failureText,
  progressText,
  type DeploymentFailure,
} from '../../vscode/deployment/planTexts.ts';
import type { PlanStage } from '../../vscode/deployment/stepBlocks.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { taggerDocument } from './taggerDocument.ts';

/** The services needed to show and deploy a tagger. */
export type TaggerServices = Pick<Services, 'context' | 'documents'>;

/** What the roles of the tagger must allow. */
export interface TaggerNeeds {
  /** Whose objects are tagged: buckets of one Region. */
  readonly buckets: readonly string[];
  /** Where the job's report, its manifest and its records go. */
  readonly report: ReportPlace;
}

/** A tagger that jobs can use. */
export interface ReadyTagger {
  readonly region: string;
  readonly functionArn: string;
  /** Of the jobs. */
  readonly roleArn: string;
  /** The role was made just now, so that S3 may not know it yet. */
  readonly roleIsNew: boolean;
  /** Whether anything was made or changed. */
  readonly changed: boolean;
}

export interface EnsureOptions {
  /** Of the questions; that of the command. */
  readonly title: string;
  /** Shows and asks nothing. */
  readonly isSilent?: boolean;
}

/**
 * Has a Region's tagger ready for objects of these buckets: where something is missing the plan is shown,
 * and done once it is agreed to. What fails or is cancelled on the way is undone.
 *
 * @throws BrigadeError `Cancelled` when it is not agreed to; `InvalidInput` when nothing is asked and the
 *   plan has a conflict; whatever a step fails with
 */
export async function ensureTagger(
  services: TaggerServices,
  session: Session,
  needs: TaggerNeeds,
  { title, isSilent = false }: EnsureOptions,
): Promise<ReadyTagger> {
  const plan = await planFor(services, session, needs);
  const { region } = plan.target;
  const { clients } = session;
  if (isDone(plan)) {
    const role = roleArn(clients, taggerJobRoleName(region));
    const functionArn = taggerArn(clients, region);
    return { region, functionArn, roleArn: role, roleIsNew: false, changed: false };
  }
  if (isSilent) assertApplicable(plan);
  else {
    await show(services, plan, 'planned');
    await confirm(title, plan);
  }
  const applied = await apply(services, session, plan, isSilent);
  return { region, ...applied, changed: true };
}

async function planFor(
  services: TaggerServices,
  { clients }: Session,
  { buckets, report }: TaggerNeeds,
): Promise<TaggerPlan> {
  const { planTagger } = await import('../../aws/taggerDeployment/planTagger.ts');
  const title = l10n.t('Looking for the tagger');
  return await withCancellableProgress({ title }, async signal => {
    const [bucket = report.bucket] = buckets;
    const region = await clients.regionOfBucket(bucket, signal);
    const code = await readTaggerZip(services);
    return await planTagger(clients, { region, buckets, reports: [report], code }, { signal });
  });
}

/** @throws BrigadeError `InvalidInput` naming the first conflict */
function assertApplicable(plan: TaggerPlan): void {
  const [first] = conflictsOf(plan);
  if (first === undefined) return;
  const { conflict, reason = '', subject } = first;
  const sentence = conflict === undefined ? reason : conflictText(conflict);
  throw new BrigadeError('InvalidInput', sentence, { subject });
}

async function confirm(title: string, plan: TaggerPlan): Promise<void> {
  const counts = countsText(plan.steps);
  const choice =
    conflictsOf(plan).length > 0
      ? { placeholder: l10n.t('This plan can’t be applied. See the document.'), counts }
      : {
          placeholder: l10n.t('Deploy the tagger with the plan shown in the editor?'),
          apply: l10n.t('Apply'),
          counts,
        };
  await confirmPlan({ title }, choice);
}

async function apply(
  services: TaggerServices,
  { clients }: Session,
  plan: TaggerPlan,
  isSilent: boolean,
) {
  const { applyTagger } = await import('../../aws/taggerDeployment/applyTagger.ts');
  const title = l10n.t('Deploying the tagger');
  let undone = false;
  let failure: DeploymentFailure | undefined;
  const applied = await withCancellableProgress({ title }, async (signal, report) => {
    try {
      return await applyTagger(clients, plan, {
        signal,
        onProgress: progress => {
          undone ||= progress.state === 'undone';
          report({ message: progressText(progress) });
        },
      });
    } catch (error) {
      // Kept from the progress, which would take whatever follows a cancellation for that.
      failure = { error, undone };
      return undefined;
    }
  });
  if (applied === undefined) {
    const { error } = failure ?? { error: new Error('Nothing was applied') };
    const text = failureText({ error, undone });
    if (!isSilent) await show(services, plan, { failure: text });
    if (isCancellation(error)) window.setStatusBarMessage(text, 10_000);
    throw error;
  }
  if (!isSilent) await show(services, plan, 'applied');
  return applied;
}

async function show(services: TaggerServices, plan: TaggerPlan, stage: PlanStage): Promise<void> {
  const { region } = plan.target;
  const name = l10n.t('Tagger in {0}', region);
  const options = { preserveFocus: stage === 'planned' };
  const text = taggerDocument(plan, stage);
  await services.documents.show(`tagger/${region}`, `${name}.md`, text, options);
}
