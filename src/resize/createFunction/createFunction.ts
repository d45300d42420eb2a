import { l10n, window } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { roleName } from '../../aws/batchJobs/jobRules.ts';
import { parseObjectAddress, type ObjectAddress } from '../../aws/objects/objectUrl.ts';
import { HANDLER, RUNTIME } from '../../aws/resizeDeployment/target.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { CreateFunctionArguments, S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { runCommand } from '../../vscode/runCommand.ts';
import { withoutLinks } from '../../vscode/withoutLinks.ts';
import type { Resize } from '../resize.ts';
import { capacity } from '../settings.ts';
import { askFunction } from './askFunction.ts';
import { FUNCTION_QUESTIONS, suggestedFunctionName, type FunctionDraft } from './draft.ts';

/**
 * Makes a function of a zip in a bucket, in the bucket's Region, and waits until it is Active.
 *
 * @returns its ARN
 */
export async function createFunctionFromZip(
  resize: Resize,
  from: S3Location | CreateFunctionArguments = {},
): Promise<string> {
  const session = await resize.connections.session();
  const given = 'bucket' in from ? { code: from } : from;
  const draft = draftOf(session, given);
  const isSilent = given.skipConfirmation === true;
  if (isSilent) withDefaults(draft);
  const left = FUNCTION_QUESTIONS.filter(question => draft[question] === undefined);
  await askFunction(session, draft, left);
  const complete = completed(draft);
  if (complete === undefined) throw cancelled();
  if (!isSilent) await confirm(complete);
  const arn = await create(session, complete);
  if (!isSilent) void announce(complete.functionName, arn);
  return arn;
}

type CompleteDraft = Required<FunctionDraft>;

function draftOf(session: Session, given: CreateFunctionArguments): FunctionDraft {
  const { functionName, roleArn, newRole, runtime, handler, architecture } = given;
  const code = given.code === undefined ? undefined : codeOf(session, given.code);
  return {
    ...(code !== undefined && { code }),
    ...(functionName !== undefined && { functionName }),
    ...(newRole !== undefined && { role: { name: newRole } }),
    ...(roleArn !== undefined && { role: { arn: roleArn } }),
    ...(runtime !== undefined && { runtime }),
    ...(handler !== undefined && { handler }),
    ...(architecture !== undefined && { architecture }),
  };
}

/** A bucket or prefix has no code in it: it is asked then. */
function codeOf(session: Session, code: S3Location | string): ObjectAddress | undefined {
  if (typeof code !== 'string') {
    const { bucket, key } = code;
    return key === undefined || key.endsWith('/') ? undefined : { bucket, key };
  }
  const address = parseObjectAddress(code, session.clients.endpoint);
  if (address !== undefined) return address;
  throw new BrigadeError('InvalidInput', l10n.t('This does not name an object in a bucket.'), {
    subject: code,
  });
}

/** What is not asked for is as the lab has it. */
function withDefaults(draft: FunctionDraft): void {
  draft.functionName ??= suggestedFunctionName(draft.code?.key ?? '');
  draft.runtime ??= RUNTIME;
  draft.handler ??= HANDLER;
  draft.architecture ??= capacity().architecture;
}

function completed(draft: FunctionDraft): CompleteDraft | undefined {
  const { code, functionName, role, runtime, handler, architecture } = draft;
  if (
    code === undefined ||
    functionName === undefined ||
    role === undefined ||
    runtime === undefined ||
    handler === undefined ||
    architecture === undefined
  ) {
    return undefined;
  }
  return { code, functionName, role, runtime, handler, architecture };
}

async function confirm(draft: CompleteDraft): Promise<void> {
  const create = l10n.t('Create Function');
  const { memoryMegabytes, timeoutSeconds } = capacity();
  const detail = [
    l10n.t('Code: {0}', formatS3Uri(draft.code)),
    'arn' in draft.role
      ? l10n.t('Role: {0}', roleName(draft.role.arn))
      : l10n.t(
          'Role: {0}, which is made and may write the log only. Give it what else the code needs.',
          draft.role.name,
        ),
    l10n.t('Runtime: {0}, {1}', draft.runtime, draft.architecture),
    l10n.t('Handler: {0}', draft.handler),
    l10n.t('Memory and timeout: {0} MB, {1} s', memoryMegabytes, timeoutSeconds),
    '',
    l10n.t('It runs only when something invokes it, such as an event notification of a bucket.'),
  ].join('\n');
  const question = l10n.t('Create the function “{0}”?', draft.functionName);
  const chosen = await window.showInformationMessage(question, { modal: true, detail }, create);
  if (chosen !== create) throw cancelled();
}

async function create({ clients }: Session, draft: CompleteDraft): Promise<string> {
  const { code, role, ...rest } = draft;
  const { createFunction } = await import('../../aws/functions/functionChanges.ts');
  const { createFunctionWithRole } = await import('../../aws/functions/functionRole.ts');
  const title = l10n.t('Creating {0} and waiting until it is active', draft.functionName);
  const { arn } = await withCancellableProgress({ title }, async (signal, report) => {
    const region = await clients.regionOfBucket(code.bucket, signal);
    const { memoryMegabytes, timeoutSeconds } = capacity();
    const source = { kind: 's3', ...code } as const;
    const input = { ...rest, memoryMegabytes, timeoutSeconds, region, code: source };
    if ('arn' in role)
      return await createFunction(clients, { ...input, role: role.arn }, { signal });
    const onRoleWait = (): void => report({ message: l10n.t('waiting for the new role') });
    const options = { signal, onRoleWait };
    return await createFunctionWithRole(clients, { ...input, newRole: role.name }, options);
  });
  return arn;
}

/** Says that a function is there, and what it lacks; resolves when the message is closed. */
async function announce(functionName: string, destinationArn: string): Promise<void> {
  const add = l10n.t('Add Event Notification…');
  const text = l10n.t('{0} is active. It is not told about any objects yet.', functionName);
  if ((await window.showInformationMessage(withoutLinks(text), add)) === add) {
    await runCommand('bucketBrigade.notifications.add', { destinationArn });
  }
}
