import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  type Architecture,
  type Runtime,
} from '@aws-sdk/client-lambda';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import type { FunctionAddress, LambdaFunction } from './functions.ts';
import { waitUntilActive } from './functionStates.ts';
import { whenRoleIsReady, type RoleWaitOptions } from '../roles/newRole.ts';

/** A zip: its bytes, or where it lies in a bucket of the function's Region. */
export type ZipSource =
  | { readonly kind: 'zipFile'; readonly bytes: Uint8Array }
  | {
      readonly kind: 's3';
      readonly bucket: string;
      readonly key: string;
      readonly versionId?: string;
    };

/** What can be changed of a function without its code; what is left out stays. */
export interface FunctionSettings {
  readonly description?: string;
  /** `nodejs24.x` … */
  readonly runtime?: string;
  /** `index.handler`. */
  readonly handler?: string;
  /** ARN. */
  readonly role?: string;
  /** MB, 128 to 10240. */
  readonly memoryMegabytes?: number;
  /** 1 to 900. */
  readonly timeoutSeconds?: number;
  /** All variables: the ones that are not named are removed. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface NewFunction extends FunctionSettings {
  readonly functionName: string;
  readonly region?: string;
  readonly runtime: string;
  readonly handler: string;
  readonly role: string;
  readonly code: ZipSource;
  /** `x86_64`, `arm64`. */
  readonly architecture: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** The role was made a moment ago: Lambda may need up to a minute until it can assume it. */
  readonly roleIsNew?: boolean;
}

/** Bytes of a zip in a request; a bigger one goes through a bucket (guide, "Lambda quotas"). */
export const MAX_DIRECT_ZIP_BYTES = 50 * 1024 * 1024;

/**
 * Makes a function and waits until it can be invoked.
 *
 * @throws BrigadeError `Conflict` when there is one of that name, `RoleNotReady`, `FunctionFailed`,
 *   `InvalidInput` for what Lambda refuses (a zip that is none …), `AccessDenied`
 *   (lambda:CreateFunction, iam:PassRole, s3:GetObject on the zip) …
 */
export async function createFunction(
  clients: AwsClients,
  input: NewFunction,
  options: RoleWaitOptions = {},
): Promise<LambdaFunction> {
  await whenRoleIsReady(input.roleIsNew === true, input.role, options, () =>
    send(clients, input, options),
  );
  return waitUntilActive(clients, input, options);
}

async function send(clients: AwsClients, input: NewFunction, options: CallOptions): Promise<void> {
  const command = new CreateFunctionCommand({
    FunctionName: input.functionName,
    ...settingsOf(input),
    Role: input.role,
    Code: codeOf(input.code),
    Architectures: [input.architecture as Architecture],
    PackageType: 'Zip',
    Tags: input.tags && { ...input.tags },
  });
  await call(input.functionName, options, () =>
    clients.lambda(input.region).send(command, { abortSignal: options.signal }),
  );
}

export interface CodeUpdate extends FunctionAddress {
  readonly code: ZipSource;
  readonly architecture: string;
  /** Only this state of the function is changed. */
  readonly revisionId?: string;
}

/**
 * Replaces a function's code and waits until it is in use. Its architecture is changed by the same
 * request, for a zip is made for one.
 *
 * @throws BrigadeError `Conflict` when it is being changed or has another revision, `FunctionFailed`,
 *   `AccessDenied` (lambda:UpdateFunctionCode) …
 */
export async function updateFunctionCode(
  clients: AwsClients,
  input: CodeUpdate,
  options: CallOptions = {},
): Promise<LambdaFunction> {
  const { code } = input;
  const command = new UpdateFunctionCodeCommand({
    FunctionName: input.functionName,
    ...codeOf(code),
    Architectures: [input.architecture as Architecture],
    RevisionId: input.revisionId,
  });
  await call(input.functionName, options, () =>
    clients.lambda(input.region).send(command, { abortSignal: options.signal }),
  );
  return waitUntilActive(clients, input, options);
}

export interface ConfigurationUpdate extends FunctionAddress {
  readonly settings: FunctionSettings;
  readonly revisionId?: string;
  /** See `NewFunction`. */
  readonly roleIsNew?: boolean;
}

/**
 * Changes a function's settings and waits until they are in use.
 *
 * @throws BrigadeError `Conflict` when it is being changed or has another revision, `RoleNotReady`,
 *   `FunctionFailed`, `AccessDenied` (lambda:UpdateFunctionConfiguration, iam:PassRole) …
 */
export async function updateFunctionConfiguration(
  clients: AwsClients,
  input: ConfigurationUpdate,
  options: RoleWaitOptions = {},
): Promise<LambdaFunction> {
  const command = new UpdateFunctionConfigurationCommand({
    FunctionName: input.functionName,
    ...settingsOf(input.settings),
    RevisionId: input.revisionId,
  });
  const role = input.settings.role ?? input.functionName;
  await whenRoleIsReady(input.roleIsNew === true, role, options, async () => {
    await call(input.functionName, options, () =>
      clients.lambda(input.region).send(command, { abortSignal: options.signal }),
    );
  });
  return waitUntilActive(clients, input, options);
}

/** @throws BrigadeError `NotFound`, `AccessDenied` (lambda:DeleteFunction) … */
export async function deleteFunction(
  clients: AwsClients,
  { functionName, region }: FunctionAddress,
  options: CallOptions = {},
): Promise<void> {
  const command = new DeleteFunctionCommand({ FunctionName: functionName });
  await call(functionName, options, () =>
    clients.lambda(region).send(command, { abortSignal: options.signal }),
  );
}

function settingsOf(settings: FunctionSettings) {
  const { environment } = settings;
  return {
    Description: settings.description,
    Runtime: settings.runtime as Runtime | undefined,
    Handler: settings.handler,
    Role: settings.role,
    MemorySize: settings.memoryMegabytes,
    Timeout: settings.timeoutSeconds,
    Environment: environment && { Variables: { ...environment } },
  };
}

function codeOf(code: ZipSource) {
  return code.kind === 'zipFile'
    ? { ZipFile: code.bytes }
    : { S3Bucket: code.bucket, S3Key: code.key, S3ObjectVersion: code.versionId };
}
