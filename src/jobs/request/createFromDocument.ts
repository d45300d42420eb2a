import { createHash, randomUUID } from 'node:crypto';
import { l10n, window, type TextDocument } from 'vscode';
import { operationOf, warningsOf } from '../../aws/batchJobs/operations/operations.ts';
import { parseS3Arn, formatS3Uri } from '../../aws/s3Uri.ts';
import { roleName } from '../../aws/roles/roleNames.ts';
import type { DocumentUri } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { ownerLabel } from '../../vscode/ownerLabel.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { runCommand } from '../../vscode/runCommand.ts';
import { sessionForTarget } from '../../vscode/sessionOwner.ts';
import { followCreated, showCreated } from '../showCreated.ts';
import type { Jobs } from '../jobs.ts';
import { operationLabel } from '../operations/operationLabel.ts';
import { operationQuestion } from '../operations/operationText.ts';
import { warningText } from '../operations/warningText.ts';
import { documentOf } from './documentOf.ts';
import { readDocument, type JobRequestDocument } from './readDocument.ts';
import { ownerOfRequest } from './requestDocument.ts';

/**
 * Creates the job that a `*.s3job.json` document asks for, after it was agreed to.
 *
 * @param given the document; the one in front when absent
 * @returns the id of the job; undefined where its checks are looked at instead
 * @throws BrigadeError `InvalidInput` with the first thing that is wrong, which is then selected
 */
export async function createFromDocument(
  jobs: Jobs,
  given: DocumentUri | undefined,
): Promise<string | undefined> {
  const document = documentOf(given);
  const session = await sessionForTarget(jobs.connections, ownerOfRequest(document));
  const { request } = await readDocument(document);
  if ((await confirm(jobs, session, request)) === 'check') {
    const { scheme, path } = document.uri;
    await runCommand('bucketBrigade.jobs.checkDocument', { scheme, path });
    return undefined;
  }
  const { createRequestedJob } = await import('../../aws/batchJobs/createRequestedJob.ts');
  const token = request.ClientRequestToken ?? tokenOf(document, session.key);
  const title = l10n.t('Creating the batch job');
  const created = await withCancellableProgress({ title }, signal =>
    createRequestedJob(
      session.clients,
      { request: { ...request, ClientRequestToken: token } },
      { signal },
    ),
  );
  tokens.delete(document.uri.toString());
  const resolved = await followCreated(jobs, session, created);
  const operation = operationOf(request.Operation);
  const description = request.Description ?? operationLabel(operation?.name ?? '');
  const waits = request.ConfirmationRequired !== false;
  void showCreated(jobs, resolved, { description, waits });
  return created.jobId;
}

/** What was sent last of a document: an answer that was lost must not make a second job. */
const tokens = new Map<string, { readonly digest: string; readonly token: string }>();

function tokenOf(document: TextDocument, session: string): string {
  const key = document.uri.toString();
  const digest = createHash('sha256').update(`${session}\n${document.getText()}`).digest('hex');
  const sent = tokens.get(key);
  if (sent?.digest === digest) return sent.token;
  const token = randomUUID();
  tokens.set(key, { digest, token });
  return token;
}

/**
 * Says what the job does and what would make it fail, and asks.
 *
 * @throws BrigadeError `Cancelled`
 */
async function confirm(
  { check }: Jobs,
  session: Session,
  request: JobRequestDocument['request'],
): Promise<'create' | 'check'> {
  const title = l10n.t('Checking the job');
  const failures = await withCancellableProgress({ title }, signal =>
    check.failures(session, request, signal),
  );
  const operation = operationOf(request.Operation);
  const question =
    operation === undefined
      ? l10n.t('Create Job?')
      : operationQuestion(operation, objectsText(request));
  const detail = [
    ...(failures.length === 0
      ? []
      : [l10n.t('The job would fail or not do what you want'), ...failures, '']),
    request.ConfirmationRequired === false
      ? l10n.t('It runs immediately, without a confirmation.')
      : l10n.t('Nothing is changed until you run the job.'),
    l10n.t('Account: {0}', ownerLabel(session) ?? session.clients.accountId),
    l10n.t('Role: {0}', roleName(request.RoleArn ?? '')),
    '',
    ...(operation ? warningsOf(operation) : []).map(warning => `• ${warningText(warning)}`),
  ];
  const create = failures.length === 0 ? l10n.t('Create Job') : l10n.t('Create Anyway');
  const show = l10n.t('Show Checks');
  const options = { modal: true, detail: detail.join('\n') };
  const buttons = failures.length === 0 ? [create, show] : [show, create];
  const chosen = await window.showWarningMessage(question, options, ...buttons);
  if (chosen === undefined) throw cancelled();
  return chosen === create ? 'create' : 'check';
}

function objectsText({ Manifest, ManifestGenerator }: JobRequestDocument['request']): string {
  const { ObjectArn } = Manifest?.Location ?? {};
  if (ObjectArn !== undefined) return l10n.t('the objects of {0}', uriOf(ObjectArn));
  const { SourceBucket, Filter } = ManifestGenerator?.S3JobManifestGenerator ?? {};
  const [prefix = ''] = Filter?.KeyNameConstraint?.MatchAnyPrefix ?? [];
  return l10n.t('the objects in {0}', `${uriOf(SourceBucket ?? '')}${prefix}`);
}

function uriOf(arn: string): string {
  const address = parseS3Arn(arn);
  return address === undefined ? arn : formatS3Uri(address);
}
