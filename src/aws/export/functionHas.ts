import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';
import type { FunctionAddress } from '../functions/functions.ts';
import { DESTINATION_VARIABLE, SETTING_VARIABLES } from '../resizeFunction/resizeSettings.ts';
import type { FunctionFacts } from './deploymentFacts.ts';
import { functionSettings, unknownSettings } from './functionSettings.ts';
import { ownTags } from './ownTags.ts';

/**
 * What a function has that the extension itself never sets, and the names of variables whose values may
 * be secrets.
 *
 * @throws BrigadeError `AccessDenied` (lambda:GetFunction); `InvalidInput` for a function of a container
 *   image, which has no zip
 */
export async function functionHas(
  clients: AwsClients,
  { functionName, region }: FunctionAddress,
  options: CallOptions,
): Promise<
  Pick<
    FunctionFacts,
    'hiddenVariables' | 'leftOut' | 'settings' | 'reservedConcurrency' | 'tags' | 'description'
  >
> {
  const command = new GetFunctionCommand({ FunctionName: functionName });
  const output = await call(functionName, options, () =>
    clients.lambda(region).send(command, { abortSignal: options.signal }),
  );
  const { Configuration: found = {}, Concurrency: concurrency, Tags: tags = {} } = output;
  if (found.PackageType === 'Image') {
    const sentence = 'The function is a container image and has no zip to deploy';
    throw new BrigadeError('InvalidInput', sentence, {
      ...{ subject: functionName, problem: { kind: 'imageFunction' } },
    });
  }
  const variables = Object.keys(found.Environment?.Variables ?? {});
  const reserved = concurrency?.ReservedConcurrentExecutions;
  return {
    hiddenVariables: variables.filter(name => !isSetting(name)).sort(),
    leftOut: unknownSettings(found),
    settings: functionSettings(found),
    ...(reserved !== undefined && { reservedConcurrency: reserved }),
    tags: ownTags(tags),
    description: found.Description ?? '',
  };
}

/** Whether a variable is one of the resize function's settings. */
export function isSetting(variable: string): boolean {
  return variable === DESTINATION_VARIABLE || SETTING_VARIABLES.includes(variable);
}
