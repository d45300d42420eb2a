import { l10n } from 'vscode';
import { conflictsOf, isDone } from '../../aws/deployment/step.ts';
import { BrigadeError } from '../../aws/errors.ts';
import { applyDeployment } from '../../aws/resizeDeployment/applyDeployment.ts';
import type { DeploymentPlan } from '../../aws/resizeDeployment/deploymentPlan.ts';
import { findDeployment } from '../../aws/resizeDeployment/findDeployment.ts';
import { planDeployment } from '../../aws/resizeDeployment/planDeployment.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Session } from '../../services.ts';
import { readBundledZip } from '../../vscode/bundledZip.ts';
import { capacity } from '../../vscode/deployment/capacity.ts';
import {
  actionText,
  conflictText,
  kindText,
  warningText,
} from '../../vscode/deployment/planTexts.ts';
import { completed, draftOf } from '../../vscode/deployment/resizeDraft.ts';
import { escapeMarkdown, table } from '../../vscode/markdown.ts';
import type { ActingTool, ToolCall, ToolServices } from '../tool.ts';

interface DeployInput {
  readonly bucket: string;
  readonly destinationBucket?: string;
  readonly functionName?: string;
  readonly prefix?: string;
}

/**
 * Deploys the resize function for a bucket that has none, by a plan that creates and changes nothing that is
 * there: **Remove Resize Function…** undoes it.
 */
export const deployResize: ActingTool = {
  kind: 'acting',
  async plan({ session, input, signal, services }: ToolCall<DeployInput>) {
    const plan = await planOf(session, input, services, signal);
    assertCreatesOnly(plan);
    const { bucket, destinationBucket } = plan.target;
    const steps = plan.steps.map(({ kind, action, subject }) => [
      ...[
        escapeMarkdown(kindText(kind)),
        escapeMarkdown(actionText(action)),
        escapeMarkdown(subject),
      ],
    ]);
    return {
      title: l10n.t('Deploy the resize function for {0}?', bucket),
      paragraphs: [
        table([l10n.t('Step'), l10n.t('Action'), l10n.t('Resource')], steps),
        ...plan.warnings.map(warning => escapeMarkdown(`⚠ ${warningText(warning)}`)),
        escapeMarkdown(
          l10n.t(
            'New images in {0} are then resized into {1}. To undo this, use “Remove Resize Function…”. Region: {2}',
            ...[formatS3Uri({ bucket, key: plan.target.prefix }), destinationBucket, plan.region],
          ),
        ),
      ],
      act: async now => {
        const done = await applyDeployment(now.session.clients, plan, { signal: now.signal });
        const { region, functionArn, roleArn } = done;
        const notes = ['The resize function was deployed. “Remove Resize Function…” undoes it.'];
        const steps = done.done.map(({ kind, action, subject }) => ({ kind, action, subject }));
        const changed = { place: { bucket } };
        return { region, notes, rows: [{ functionArn, roleArn }, ...steps], changed };
      },
    };
  },
};

async function planOf(
  { clients }: Session,
  { bucket, ...more }: DeployInput,
  services: ToolServices,
  signal: AbortSignal,
): Promise<DeploymentPlan> {
  const deployed = await findDeployment(clients, { bucket }, { signal });
  if (deployed.function !== undefined) {
    const sentence = l10n.t(
      '{0} is already deployed for this bucket. To change it, use “Change Resize Settings…”.',
      deployed.function.name,
    );
    throw new BrigadeError('Conflict', sentence, { subject: formatS3Uri({ bucket }) });
  }
  const answers = completed(draftOf({ bucket, ...more }, {}, capacity()));
  if (answers === undefined) throw new Error('A plan was made without its answers');
  const zip = await readBundledZip(services, answers.architecture);
  return await planDeployment(
    clients,
    { ...answers, code: { kind: 'zipFile', ...zip } },
    { signal },
  );
}

/** @throws BrigadeError `Conflict` for a plan that can't be applied, or that removing would not undo */
function assertCreatesOnly(plan: DeploymentPlan): void {
  const subject = formatS3Uri({ bucket: plan.target.bucket });
  const [conflict] = conflictsOf(plan);
  if (conflict !== undefined) {
    const { conflict: why, reason = '' } = conflict;
    throw new BrigadeError('Conflict', why === undefined ? reason : conflictText(why), { subject });
  }
  if (isDone(plan) || plan.steps.some(({ action }) => action === 'change')) {
    const sentence = l10n.t(
      'The assistant can only make new deployments. To change this one, use “Deploy Resize Function…”.',
    );
    throw new BrigadeError('Conflict', sentence, { subject });
  }
}
