import { l10n } from 'vscode';
import { recoverFrom } from '../../aws/call.ts';
import type { AwsClients } from '../../aws/clients.ts';
import { logGroupOf, plainFunctionName } from '../../aws/functionArn.ts';
import type { FunctionLogsArguments } from '../../commands.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import type { Resize } from '../resize.ts';
import { spanText } from './logText.ts';

/** A function and a span, both given. */
type Target = FunctionLogsArguments &
  Required<Pick<FunctionLogsArguments, 'functionName' | 'span'>>;

/** Lines that are read at most; more would make the editor slow. */
const MAX_LINES = 5_000;

/**
 * Shows the log lines of what was invoked in a span, those of errors first. It has no more lines than
 * these, so it is no log that the buttons of others could read on.
 *
 * @throws BrigadeError `AccessDenied` (logs:FilterLogEvents) …
 */
export async function showSpan(
  { connections, documents }: Resize,
  { functionName, region: given, span }: Target,
): Promise<void> {
  const { clients } = await connections.session();
  const region = given ?? clients.region;
  const name = plainFunctionName(functionName);
  const title = l10n.t('Reading the log lines of {0}', name);
  const text = await withCancellableProgress({ title }, async signal => {
    const { readSpanLines } = await import('../../aws/functions/spanLogLines.ts');
    const logGroup = await findLogGroup(clients, functionName, region, signal);
    const start = new Date(span.start * 1000);
    const end = new Date(span.end * 1000);
    const query = { functionName: name, region, logGroup, start, end, maxLines: MAX_LINES };
    const read = await readSpanLines(clients, query, { signal });
    return spanText({ functionName: name, logGroup, start, end, ...read });
  });
  await documents.show(`spans/${region}/${span.start}-${span.end}`, `${name}.log`, text);
}

/** The log outlives the function, and who may read it may not see the function's settings. */
async function findLogGroup(
  clients: AwsClients,
  functionName: string,
  region: string,
  signal: AbortSignal,
): Promise<string> {
  const { getFunctionConfiguration } = await import('../../aws/functions/functions.ts');
  const found = await recoverFrom(['NotFound', 'AccessDenied'], undefined, () =>
    getFunctionConfiguration(clients, { functionName, region }, { signal }),
  );
  return found?.logGroup ?? logGroupOf(functionName);
}
