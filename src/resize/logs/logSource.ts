import { l10n, window, type QuickPickItem } from 'vscode';
import { functionRegion } from '../../aws/functions/functionArn.ts';
import type { LambdaFunction } from '../../aws/functions/functions.ts';
import type { FunctionLogsArguments } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { cancelled } from '../../vscode/cancellation.ts';
import { offerDeployment } from '../../vscode/offerDeployment.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { pick } from '../../vscode/prompts.ts';
import { functionsOf, pickFunction } from '../bucketFunction.ts';
import type { LogSource } from './functionLog.ts';

/**
 * Whose log lines: the function of that name or ARN, that of a bucket, or one of the Region's that
 * the user chooses.
 *
 * @returns undefined when there is none, which is said
 * @throws BrigadeError `Cancelled`, `NotFound` …
 */
export async function logSourceOrAsk(
  session: Session,
  target: FunctionLogsArguments | undefined,
): Promise<LogSource | undefined> {
  const found =
    target?.functionName !== undefined
      ? await functionOf(session, target.functionName)
      : target?.bucket !== undefined
        ? await functionOfBucket(session, target.bucket)
        : await anyFunction(session);
  if (found === undefined) return undefined;
  const { name, arn, logGroup } = found;
  const region = functionRegion(arn) ?? session.clients.region;
  const requestId = target?.requestId;
  return { functionName: name, region, logGroup, ...(requestId !== undefined && { requestId }) };
}

async function functionOf(session: Session, functionName: string): Promise<LambdaFunction> {
  const { getFunctionConfiguration } = await import('../../aws/functions/functions.ts');
  const address = { functionName, region: functionRegion(functionName) };
  return await withCancellableProgress({ title: title() }, signal =>
    getFunctionConfiguration(session.clients, address, { signal }),
  );
}

async function functionOfBucket(
  session: Session,
  bucket: string,
): Promise<LambdaFunction | undefined> {
  const functions = await functionsOf(session, bucket);
  if (functions.length > 1) return await pickFunction({ title: title() }, functions, bucket);
  if (functions[0] === undefined) void offerDeployment(bucket);
  return functions[0];
}

async function anyFunction(session: Session): Promise<LambdaFunction> {
  const { listFunctions } = await import('../../aws/functions/functions.ts');
  const { found } = await pick<QuickPickItem & { found: LambdaFunction }>({
    title: title(),
    placeholder: l10n.t('Which function’s log lines?'),
    items: async signal => {
      const functions = await listFunctions(session.clients, {}, { signal });
      if (functions.length === 0) {
        const { region } = session.clients;
        void window.showInformationMessage(l10n.t('There are no functions in {0}.', region));
        throw cancelled();
      }
      return functions.map(found => ({
        label: `$(symbol-function) ${found.name}`,
        description: found.runtime,
        detail: found.description,
        found,
      }));
    },
  });
  return found;
}

function title(): string {
  return l10n.t('Show Function Logs');
}
