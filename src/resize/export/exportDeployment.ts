import { env, l10n, languages, window, workspace } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import type { CodeFacts, DeploymentFacts } from '../../aws/export/deploymentFacts.ts';
import type { BucketFunction } from '../../aws/notifications/bucketFunction.ts';
import type { Architecture } from '../../aws/resizeDeployment/target.ts';
import type { BucketTarget, DocumentUri } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { bundledZipPath, readBundledZip } from '../../vscode/bundledZip.ts';
import { titleWithOwner } from '../../vscode/ownerLabel.ts';
import { pickS3Location } from '../../vscode/pickS3Location.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { sessionOf } from '../../vscode/sessionOwner.ts';
import { resizeFunctionOf } from '../bucketFunction.ts';
import { assertApplicable } from '../deploy/runDeployment.ts';
import { shownPlan } from '../deploy/shownPlans.ts';
import type { Resize } from '../resize.ts';

/** As what a deployment is exported: the ends of the commands' ids. */
export type ExportFormat = 'copyCliCommands' | 'exportCloudFormation' | 'exportTerraform';

/** What is exported, and with whose connection it was read. */
interface Export {
  readonly session: Session;
  readonly facts: DeploymentFacts;
}

/**
 * Writes down, for a repository, what is deployed for a bucket or what the plan of a document would
 * deploy.
 *
 * @throws BrigadeError `InvalidInput` for a plan that can't be applied …
 */
export async function exportDeployment(
  resize: Resize,
  format: ExportFormat,
  from?: BucketTarget | DocumentUri,
): Promise<void> {
  const exported =
    from !== undefined && 'path' in from
      ? await ofPlan(resize, from.path)
      : await ofBucket(resize, format, from?.bucket);
  await give(format, exported);
}

async function ofPlan(resize: Resize, path: string): Promise<Export> {
  const shown = shownPlan(path);
  if (shown === undefined) {
    const text = l10n.t(
      'VS Code was restarted since this plan was made. Run Deploy Resize Function… again, then export.',
    );
    throw new BrigadeError('InvalidInput', text);
  }
  const { plan, owner } = shown;
  assertApplicable(plan);
  const session = await sessionOf(resize.connections, owner);
  const { planFacts } = await import('../../aws/export/planFacts.ts');
  const code = bundledCode(resize, plan.target.architecture);
  const facts = await reading(signal => planFacts(session.clients, plan, code, { signal }));
  return { session, facts };
}

async function ofBucket(
  resize: Resize,
  format: ExportFormat,
  given: string | undefined,
): Promise<Export> {
  const session = await resize.connections.session();
  const title = titleWithOwner(session, titleText(format));
  const bucket = given ?? (await pickS3Location(session.clients, { title, kind: 'bucket' })).bucket;
  const found = await resizeFunctionOf(resize, session, { title }, { bucket });
  const { deployedFacts } = await import('../../aws/export/deployedFacts.ts');
  const code = await codeOf(resize, found);
  const facts = await reading(signal =>
    deployedFacts(session.clients, bucket, found, code, { signal }),
  );
  return { session, facts };
}

function titleText(format: ExportFormat): string {
  switch (format) {
    case 'copyCliCommands':
      return l10n.t('Copy Deployment as AWS CLI Commands');
    case 'exportCloudFormation':
      return l10n.t('Export as CloudFormation Template');
    case 'exportTerraform':
      return l10n.t('Export as Terraform');
  }
}

async function reading<T>(read: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const title = l10n.t('Reading the deployment');
  return await withCancellableProgress({ title }, read);
}

function bundledCode(resize: Resize, architecture: Architecture): CodeFacts {
  return { name: `resize-${architecture}.zip`, path: bundledZipPath(resize, architecture) };
}

/** The zip of a function is known where it is the one that comes with the extension. */
async function codeOf(
  resize: Resize,
  { name, architecture, codeSha256 }: BucketFunction,
): Promise<CodeFacts> {
  const known = architecture === 'arm64' ? 'arm64' : 'x86_64';
  const { sha256 } = await readBundledZip(resize, known);
  return sha256 === codeSha256 ? bundledCode(resize, known) : { name: `${name}.zip` };
}

async function give(format: ExportFormat, { session, facts }: Export): Promise<void> {
  switch (format) {
    case 'copyCliCommands': {
      const { cliScript } = await import('../../aws/export/cliScript.ts');
      const profile = /^profile:(.+)$/s.exec(session.connection.id)?.[1];
      await env.clipboard.writeText(cliScript(facts, profile));
      window.setStatusBarMessage(l10n.t('AWS CLI commands copied for sh, bash or zsh'), 3_000);
      return;
    }
    case 'exportCloudFormation': {
      const { cloudFormation } = await import('../../aws/export/cloudFormation.ts');
      await open(cloudFormation(facts), ['yaml']);
      return;
    }
    case 'exportTerraform': {
      const { terraform } = await import('../../aws/export/terraform.ts');
      await open(terraform(facts), ['terraform', 'hcl']);
    }
  }
}

/**
 * Opens a text as a document that is not saved yet.
 *
 * @param wanted its languages, best first; an extension may bring them
 */
async function open(content: string, wanted: readonly string[]): Promise<void> {
  const known = await languages.getLanguages();
  const language = wanted.find(id => known.includes(id)) ?? 'plaintext';
  await window.showTextDocument(await workspace.openTextDocument({ content, language }), {
    preview: false,
  });
}
