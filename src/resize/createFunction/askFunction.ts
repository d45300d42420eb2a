import { env, l10n, type QuickPickItem } from 'vscode';
import { looksLikeZip } from '../../aws/objects/objectKind.ts';
import { parseObjectAddress, type ObjectAddress } from '../../aws/objects/objectUrl.ts';
import { roleName } from '../../aws/roles/roleNames.ts';
import { RUNTIME } from '../../aws/deployment/runtime.ts';
import { formatS3Uri } from '../../aws/s3Uri.ts';
import type { Session } from '../../services.ts';
import { addressProblem } from '../../vscode/describeAddress.ts';
import { askText, pick, runSteps, type PromptPosition, type Step } from '../../vscode/prompts.ts';
import { reviewAnswers, type ReviewedAnswer } from '../../vscode/reviewAnswers.ts';
import { askForRole } from '../askRole.ts';
import { askFunctionName } from '../functionName.ts';
import { capacity } from '../../vscode/deployment/capacity.ts';
import {
  isHandler,
  isRuntime,
  RUNTIMES,
  suggestedFunctionName,
  usualHandler,
  type FunctionDraft,
  type FunctionQuestion,
} from './draft.ts';

/**
 * Asks the questions that are left, then shows all answers with the defaults of the others, until the
 * function is to be created; the answers are put into the draft.
 *
 * @throws BrigadeError `Cancelled`
 */
export async function askFunction(
  session: Session,
  draft: FunctionDraft,
  left: readonly FunctionQuestion[],
): Promise<void> {
  const title = l10n.t('Create Lambda Function from Zip');
  // URLs and ARNs are copied from elsewhere.
  const within = (position: Parameters<Step>[0]) => ({ ...position, title, keepOpen: true });
  const steps = left.map((question): Step => {
    return async position => {
      await ask(question, within(position), session, draft);
      return undefined;
    };
  });
  const review: Step = async position => {
    withDefaults(draft);
    await reviewAnswers({
      position: within(position),
      placeholder: session.clients.functionsRunHere
        ? l10n.t(
            'Create the function? Its code runs on this computer with your permissions. Use only code that you trust.',
          )
        : l10n.t('Create the function? It runs only when something invokes it.'),
      actions: [{ label: l10n.t('Create Function'), icon: 'check', value: 'create' }],
      answers: () => answersOf(session, draft),
    });
    return undefined;
  };
  await runSteps([...steps, review]);
}

/** What is not asked for is as the lab has it. */
export function withDefaults(draft: FunctionDraft): void {
  draft.functionName ??= suggestedFunctionName(draft.code?.key ?? '');
  draft.runtime ??= RUNTIME;
  draft.handler ??= usualHandler(draft.runtime);
  draft.architecture ??= capacity().architecture;
}

function answersOf(session: Session, draft: FunctionDraft): ReviewedAnswer[] {
  const { memoryMegabytes, timeoutSeconds } = capacity();
  const answer = (question: FunctionQuestion, label: string, value = ''): ReviewedAnswer => ({
    label,
    value,
    change: position => ask(question, position, session, draft),
  });
  return [
    ...(session.clients.functionsRunHere ? [runsHere()] : []),
    answer('code', l10n.t('Code'), draft.code && formatS3Uri(draft.code)),
    answer('functionName', l10n.t('Name'), draft.functionName),
    answer('role', l10n.t('Execution role'), roleText(draft.role)),
    answer('runtime', l10n.t('Runtime'), draft.runtime),
    answer('handler', l10n.t('Handler'), draft.handler),
    answer('architecture', l10n.t('Architecture'), draft.architecture),
    {
      label: l10n.t('Memory and timeout'),
      value: l10n.t('{0} MB, {1} s, from the settings', memoryMegabytes, timeoutSeconds),
    },
  ];
}

/** At AWS the code is shut in; here it is a program like any other. */
function runsHere(): ReviewedAnswer {
  return {
    label: l10n.t('Runs on this computer'),
    value: l10n.t(
      'with your permissions: it can read and change your files. Use only code that you trust.',
    ),
  };
}

function roleText(role: FunctionDraft['role']): string {
  if (role === undefined) return '';
  return 'arn' in role
    ? roleName(role.arn)
    : l10n.t('{0}, a new role that can only write logs', role.name);
}

async function ask(
  question: FunctionQuestion,
  position: PromptPosition,
  session: Session,
  draft: FunctionDraft,
): Promise<void> {
  switch (question) {
    case 'code':
      draft.code = await askCode(position, session, draft.code);
      return;
    case 'functionName': {
      const suggested = suggestedFunctionName(draft.code?.key ?? '');
      draft.functionName = await askFunctionName(position, draft.functionName ?? suggested);
      return;
    }
    case 'role': {
      const newRole = `${draft.functionName ?? 'function'}-role`.slice(0, 64);
      const newRoleMay = l10n.t('can only write the function’s logs');
      draft.role = await askForRole(position, session, { before: draft.role, newRole, newRoleMay });
      return;
    }
    case 'runtime': {
      const before = draft.runtime;
      draft.runtime = await askRuntime(position, before);
      // The usual handler of one runtime is none of another's.
      if (draft.handler === usualHandler(before ?? '')) draft.handler = usualHandler(draft.runtime);
      return;
    }
    case 'handler':
      draft.handler = await askHandler(position, draft);
      return;
    case 'architecture':
      draft.architecture = await askArchitecture(position, draft.architecture);
  }
}

async function askCode(
  position: PromptPosition,
  { clients }: Session,
  before: ObjectAddress | undefined,
): Promise<ObjectAddress> {
  const read = (text: string) => parseObjectAddress(text, clients.endpoint);
  const text = await askText({
    ...position,
    prompt: l10n.t('S3 URI, URL or ARN of the zip'),
    placeholder: 's3://bucket/function.zip',
    value: before === undefined ? await copiedZip(read) : formatS3Uri(before),
    validate: typed =>
      read(typed) === undefined
        ? (addressProblem(typed, clients.endpoint) ??
          l10n.t('For example: {0}', 's3://my-bucket/function.zip'))
        : undefined,
  });
  const code = read(text);
  if (code === undefined) throw new Error('The address was not checked');
  return code;
}

/** What was copied to name a zip a moment ago, as the lab has one do. */
async function copiedZip(read: (text: string) => ObjectAddress | undefined): Promise<string> {
  const copied = (await env.clipboard.readText()).trim();
  const address = read(copied);
  return address !== undefined && looksLikeZip(address.key) ? copied : '';
}

async function askRuntime(position: PromptPosition, before: string | undefined): Promise<string> {
  const { label } = await pick<QuickPickItem>({
    ...position,
    placeholder: l10n.t('Select a runtime, or enter another'),
    items: RUNTIMES.map(label => ({ label })),
    active: item => item.label === before,
    itemFor: typed =>
      isRuntime(typed) && !RUNTIMES.includes(typed) ? { label: typed } : undefined,
  });
  return label;
}

async function askHandler(
  position: PromptPosition,
  { handler, runtime = '' }: FunctionDraft,
): Promise<string> {
  return await askText({
    ...position,
    prompt: l10n.t('Handler: the file in the zip and the function in it'),
    value: handler ?? usualHandler(runtime),
    validate: text =>
      isHandler(text) ? undefined : l10n.t('For example: {0}', usualHandler(runtime)),
  });
}

async function askArchitecture(
  position: PromptPosition,
  before = capacity().architecture,
): Promise<'x86_64' | 'arm64'> {
  const { label } = await pick({
    ...position,
    placeholder: l10n.t('Lambda architecture'),
    items: [{ label: 'x86_64' as const }, { label: 'arm64' as const }],
    active: item => item.label === before,
  });
  return label;
}
