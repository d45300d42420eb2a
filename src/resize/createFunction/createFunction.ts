import { l10n, window } from 'vscode';
import { BrigadeError } from '../../aws/errors.ts';
import { parseObjectAddress, type ObjectAddress } from '../../aws/objects/objectUrl.ts';
import type { CreateFunctionArguments, S3Location } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { runCommandFor } from '../../vscode/runCommand.ts';
import { neutralizeLinks } from '../../vscode/neutralizeLinks.ts';
import type { Resize } from '../resize.ts';
import { capacity } from '../../vscode/deployment/capacity.ts';
import { askFunction, withDefaults } from './askFunction.ts';
import { FUNCTION_QUESTIONS, type CompleteFunctionDraft, type FunctionDraft } from './draft.ts';

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
  else await askFunction(session, draft, questionsLeft(draft));
  const complete = completed(draft);
  if (complete === undefined) throw cancelled();
  const arn = await create(session, complete);
  if (!isSilent) void showCreated(session, complete.functionName, arn);
  return arn;
}

/** What was given is not asked; the review shows it. */
function questionsLeft(draft: FunctionDraft) {
  return FUNCTION_QUESTIONS.filter(question => draft[question] === undefined);
}

function draftOf(session: Session, given: CreateFunctionArguments): FunctionDraft {
  const { functionName, roleArn, newRole, runtime, handler, architecture } = given;
  const code = given.code === undefined ? undefined : codeOf(session, given.code);
  return {
    code,
    functionName,
    ...(newRole !== undefined && { role: { name: newRole } }),
    ...(roleArn !== undefined && { role: { arn: roleArn } }),
    runtime,
    handler,
    architecture,
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
  throw new BrigadeError('InvalidInput', l10n.t('Enter the location of an object in a bucket.'), {
    subject: code,
  });
}

function completed(draft: FunctionDraft): CompleteFunctionDraft | undefined {
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

async function create({ clients }: Session, draft: CompleteFunctionDraft): Promise<string> {
  const { code, role, ...rest } = draft;
  const { createFunction } = await import('../../aws/functions/functionWrites.ts');
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
async function showCreated(
  session: Session,
  functionName: string,
  destinationArn: string,
): Promise<void> {
  const add = l10n.t('Add Event Notification…');
  const text = l10n.t('{0} is active. No bucket invokes it yet.', functionName);
  if ((await window.showInformationMessage(neutralizeLinks(text), add)) === add) {
    await runCommandFor(session, 'bucketBrigade.notifications.add', { destinationArn });
  }
}
