import type { WantedSettings } from '../deployment/functionSettings.ts';
import { HANDLER, RUNTIME } from '../deployment/runtime.ts';
import { BrigadeError } from '../errors.ts';
import type { LambdaFunction } from '../functions/functions.ts';
import {
  DESTINATION_VARIABLE,
  SETTING_VARIABLES,
  toEnvironment,
} from '../resizeFunction/resizeSettings.ts';
import { roleArnOf, type DeploymentContext } from './context.ts';
import type { DeploymentTarget } from './target.ts';

/**
 * A function's own variables stay; only those of the resize function are set.
 *
 * @throws BrigadeError `AccessDenied` (kms:Decrypt) where they can't be read: they would be lost
 */
export function wantedSettings(context: DeploymentContext, found?: LambdaFunction): WantedSettings {
  const { target } = context;
  if (found?.hasHiddenEnvironment) {
    throw new BrigadeError('AccessDenied', 'Its environment variables can’t be decrypted', {
      subject: found.name,
      action: 'kms:Decrypt',
    });
  }
  // Code that stays is run as it was.
  const kept = target.code.kind === 'deployed' ? found : undefined;
  return {
    runtime: kept?.runtime ?? RUNTIME,
    handler: kept?.handler ?? HANDLER,
    role: roleArnOf(context),
    memoryMegabytes: target.memoryMegabytes,
    timeoutSeconds: target.timeoutSeconds,
    environment: mergedEnvironment(target, found?.environment ?? {}),
  };
}

function mergedEnvironment(
  { settings, destinationBucket }: DeploymentTarget,
  before: Readonly<Record<string, string>>,
): Record<string, string> {
  const others = Object.entries(before).filter(([name]) => !SETTING_VARIABLES.includes(name));
  return {
    ...Object.fromEntries(others),
    [DESTINATION_VARIABLE]: destinationBucket,
    ...toEnvironment(settings),
  };
}
