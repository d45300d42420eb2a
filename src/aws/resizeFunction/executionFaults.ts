import type { CallOptions } from '../call.ts';
import { recoverFrom } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { functionRegion } from '../functionArn.ts';
import { getFunctionConfiguration } from '../functions/functions.ts';
import { bucketRegion } from '../bucketRegion.ts';
import { simulate, type Decision } from '../roles/simulate.ts';
import { bucketArn } from '../s3Uri.ts';
import { DESTINATION_VARIABLE, defaultDestination } from './resizeSettings.ts';

/** Why the resize function would fail for every object of a bucket. */
export type ExecutionFault =
  | { readonly kind: 'denied'; readonly action: string; readonly resource: string }
  | { readonly kind: 'noDestination'; readonly bucket: string };

export interface ExecutionCheck {
  readonly faults: readonly ExecutionFault[];
  /** False where the caller may not ask IAM: then nothing is known. */
  readonly checked: boolean;
}

/**
 * Whether a resize function can work on the objects of a bucket: its execution role reads there and
 * writes to its destination, and the destination exists. Bucket policies are not weighed.
 *
 * @throws BrigadeError `NotFound` when there is no such function, `Network` …
 */
export async function checkExecution(
  clients: AwsClients,
  { functionArn, bucket }: { readonly functionArn: string; readonly bucket: string },
  options: CallOptions = {},
): Promise<ExecutionCheck> {
  const region = functionRegion(functionArn);
  const found = await recoverFrom(['AccessDenied'], undefined, () =>
    getFunctionConfiguration(clients, { functionName: functionArn, region }, options),
  );
  if (found === undefined) return { faults: [], checked: false };
  const destination = found.environment[DESTINATION_VARIABLE] ?? defaultDestination(bucket);
  const ask = async (action: string, name: string): Promise<[ExecutionFault, Decision]> => {
    const pattern = `${bucketArn(clients.partition, name)}/*`;
    const asked = { roleArn: found.role, actions: [action], pattern };
    const { decisions } = await simulate(clients, asked, options);
    return [{ kind: 'denied', action, resource: pattern }, decisions.get(action) ?? 'unknown'];
  };
  const answers = [await ask('s3:GetObject', bucket), await ask('s3:PutObject', destination)];
  const denied = answers.flatMap(([fault, decision]) =>
    decision === 'explicitDeny' || decision === 'implicitDeny' ? [fault] : [],
  );
  const isThere = await exists(clients, destination, options);
  return {
    faults: [
      ...denied,
      ...(isThere ? [] : [{ kind: 'noDestination', bucket: destination } as const]),
    ],
    checked: answers.every(([, decision]) => decision !== 'unknown'),
  };
}

async function exists(clients: AwsClients, bucket: string, options: CallOptions): Promise<boolean> {
  const region = await recoverFrom(['NotFound'], undefined, () =>
    bucketRegion(clients.s3(), bucket, clients.region, options),
  );
  return region !== undefined;
}
