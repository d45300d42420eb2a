import {
  GetFunctionConfigurationCommand,
  type FunctionConfiguration,
} from '@aws-sdk/client-lambda';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import type { FunctionAddress } from '../functions/functions.ts';
import { DESTINATION_VARIABLE, SETTING_VARIABLES } from '../resizeFunction/resizeSettings.ts';
import type { FunctionFacts } from './deploymentFacts.ts';

/**
 * What a function has that an export only names: variables, for their values may be secrets, and what
 * the extension itself never sets.
 *
 * @throws BrigadeError `AccessDenied` (lambda:GetFunctionConfiguration); `InvalidInput` for a function
 *   of a container image, which has no zip
 */
export async function functionHas(
  clients: AwsClients,
  { functionName, region }: FunctionAddress,
  options: CallOptions,
): Promise<Pick<FunctionFacts, 'hiddenVariables' | 'leftOut'>> {
  const command = new GetFunctionConfigurationCommand({ FunctionName: functionName });
  const found = await call(functionName, options, () =>
    clients.lambda(region).send(command, { abortSignal: options.signal }),
  );
  if (found.PackageType === 'Image') {
    const sentence = 'The function is a container image, and has no zip to deploy';
    throw new BrigadeError('InvalidInput', sentence, {
      ...{ subject: functionName, problem: { kind: 'imageFunction' } },
    });
  }
  const variables = Object.keys(found.Environment?.Variables ?? {});
  return {
    hiddenVariables: variables.filter(name => !isSetting(name)).sort(),
    leftOut: leftOut(found),
  };
}

/** Whether a variable is one of the resize function's settings. */
export function isSetting(variable: string): boolean {
  return variable === DESTINATION_VARIABLE || SETTING_VARIABLES.includes(variable);
}

/** What is set besides what Lambda gives every function. */
function leftOut(found: FunctionConfiguration): string[] {
  const set: Record<string, boolean> = {
    VpcConfig: (found.VpcConfig?.SubnetIds?.length ?? 0) > 0,
    Layers: (found.Layers?.length ?? 0) > 0,
    FileSystemConfigs: (found.FileSystemConfigs?.length ?? 0) > 0,
    DeadLetterConfig: found.DeadLetterConfig?.TargetArn !== undefined,
    KMSKeyArn: found.KMSKeyArn !== undefined,
    TracingConfig: found.TracingConfig?.Mode === 'Active',
    EphemeralStorage: (found.EphemeralStorage?.Size ?? 512) !== 512,
    SnapStart: (found.SnapStart?.ApplyOn ?? 'None') !== 'None',
    LoggingConfig: found.LoggingConfig?.LogFormat === 'JSON',
  };
  return Object.keys(set).filter(name => set[name] === true);
}
