import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  ListFunctionsCommand,
  type FunctionConfiguration,
} from '@aws-sdk/client-lambda';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { logGroupOf } from '../functionArn.ts';

/** A function as Lambda describes it; its own words for states and runtimes. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly runtime: string;
  readonly handler: string;
  /** ARN. */
  readonly role: string;
  /** MB. */
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /** `x86_64`, `arm64`. */
  readonly architecture: string;
  /** Base64. */
  readonly codeSha256: string;
  /** Bytes of the zip. */
  readonly codeSize: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Lambda left it out: the caller may not use the key it is encrypted with. */
  readonly hasHiddenEnvironment: boolean;
  /** `Pending`, `Active`, `Inactive`, `Failed` … */
  readonly state: string;
  /** `Successful`, `InProgress`, `Failed`. */
  readonly lastUpdateStatus: string;
  /** Why it is in its state, or why the last update failed. */
  readonly reason: string;
  /** Changes with every change of the function; a write can name the one it is for. */
  readonly revisionId: string | undefined;
  readonly lastModified: string;
  /** Where its log lines go. */
  readonly logGroup: string;
}

export interface FunctionDetails extends LambdaFunction {
  /** Undefined when the caller may not read them (lambda:ListTags). */
  readonly tags: Readonly<Record<string, string>> | undefined;
  /** A presigned URL of its zip, good for ten minutes; a secret. */
  readonly codeLocation: string | undefined;
}

/** Which function: its name or ARN, and the Region it lives in (the connection's own by default). */
export interface FunctionAddress {
  readonly functionName: string;
  readonly region?: string;
}

/**
 * One function with its tags.
 *
 * @throws BrigadeError `NotFound`, `AccessDenied` (lambda:GetFunction) …
 */
export async function getFunction(
  clients: AwsClients,
  { functionName, region }: FunctionAddress,
  options: CallOptions = {},
): Promise<FunctionDetails> {
  const command = new GetFunctionCommand({ FunctionName: functionName });
  const output = await call(functionName, options, () =>
    clients.lambda(region).send(command, { abortSignal: options.signal }),
  );
  return {
    ...functionOf(output.Configuration ?? {}),
    tags: output.TagsError === undefined ? (output.Tags ?? {}) : undefined,
    codeLocation: output.Code?.Location,
  };
}

/** One function without its tags: the cheaper question. @throws BrigadeError `NotFound` … */
export async function getFunctionConfiguration(
  clients: AwsClients,
  { functionName, region }: FunctionAddress,
  options: CallOptions = {},
): Promise<LambdaFunction> {
  const command = new GetFunctionConfigurationCommand({ FunctionName: functionName });
  const output = await call(functionName, options, () =>
    clients.lambda(region).send(command, { abortSignal: options.signal }),
  );
  return functionOf(output);
}

/**
 * The functions of a Region, every page, by name.
 *
 * @throws BrigadeError `AccessDenied` (lambda:ListFunctions) …
 */
export async function listFunctions(
  clients: AwsClients,
  { region }: { readonly region?: string } = {},
  options: CallOptions = {},
): Promise<LambdaFunction[]> {
  const functions: LambdaFunction[] = [];
  let marker: string | undefined;
  do {
    const command = new ListFunctionsCommand({ Marker: marker, MaxItems: 50 });
    const output = await call('lambda', options, () =>
      clients.lambda(region).send(command, { abortSignal: options.signal }),
    );
    functions.push(...(output.Functions ?? []).map(functionOf));
    marker = output.NextMarker === '' ? undefined : output.NextMarker;
  } while (marker !== undefined);
  return functions.sort((a, b) => a.name.localeCompare(b.name));
}

/** What the SDK answers of a function, without its undefined fields. */
export function functionOf(configuration: FunctionConfiguration): LambdaFunction {
  const name = configuration.FunctionName ?? '';
  const status = configuration.LastUpdateStatus ?? 'Successful';
  return {
    name,
    arn: configuration.FunctionArn ?? '',
    description: configuration.Description ?? '',
    runtime: configuration.Runtime ?? '',
    handler: configuration.Handler ?? '',
    role: configuration.Role ?? '',
    memoryMegabytes: configuration.MemorySize ?? 128,
    timeoutSeconds: configuration.Timeout ?? 3,
    architecture: configuration.Architectures?.[0] ?? 'x86_64',
    codeSha256: configuration.CodeSha256 ?? '',
    codeSize: configuration.CodeSize ?? 0,
    environment: configuration.Environment?.Variables ?? {},
    hasHiddenEnvironment: configuration.Environment?.Error !== undefined,
    state: configuration.State ?? 'Active',
    lastUpdateStatus: status,
    reason:
      (status === 'Failed' ? configuration.LastUpdateStatusReason : configuration.StateReason) ??
      '',
    revisionId: configuration.RevisionId,
    lastModified: configuration.LastModified ?? '',
    logGroup: configuration.LoggingConfig?.LogGroup ?? logGroupOf(name),
  };
}
