import { l10n } from 'vscode';
import { functionRegion } from '../../aws/functionArn.ts';
import type { LambdaFunction } from '../../aws/functions/functions.ts';
import type { FunctionLogsArguments } from '../../commands.ts';
import type { Session } from '../../services.ts';
import { pickFunction } from '../../vscode/functionItems.ts';
import { offerDeployment } from '../../vscode/offerDeployment.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { functionsOf, pickBucketFunction } from '../bucketFunction.ts';
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
      ? await functionOf(session, target.functionName, target.region)
      : target?.bucket !== undefined
        ? await functionOfBucket(session, target.bucket)
        : await anyFunction(session);
  if (found === undefined) return undefined;
  const { name, arn, logGroup } = found;
  const region = functionRegion(arn) ?? session.clients.region;
  const requestId = target?.requestId;
  return { functionName: name, region, logGroup, requestId };
}

async function functionOf(
  session: Session,
  functionName: string,
  region?: string,
): Promise<LambdaFunction> {
  const { getFunctionConfiguration } = await import('../../aws/functions/functions.ts');
  const address = { functionName, region: region ?? functionRegion(functionName) };
  return await withCancellableProgress({ title: title() }, signal =>
    getFunctionConfiguration(session.clients, address, { signal }),
  );
}

async function functionOfBucket(
  session: Session,
  bucket: string,
): Promise<LambdaFunction | undefined> {
  const functions = await functionsOf(session, bucket);
  if (functions.length > 1) return await pickBucketFunction({ title: title() }, functions, bucket);
  if (functions[0] === undefined) void offerDeployment(session, bucket);
  return functions[0];
}

async function anyFunction(session: Session): Promise<LambdaFunction> {
  const { clients } = session;
  const placeholder = l10n.t('Select a function, or enter the name of one that isn’t listed');
  const question = { placeholder, region: clients.region };
  return await functionOf(session, await pickFunction({ title: title() }, clients, question));
}

function title(): string {
  return l10n.t('Show Function Logs');
}
