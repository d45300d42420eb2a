import { BrigadeError } from '../errors.ts';
import type { FunctionDetails, LambdaFunction } from '../functions/functions.ts';
import type { FunctionSettings } from '../functions/functionChanges.ts';
import {
  defaultOf,
  DESTINATION_VARIABLE,
  SETTING_VARIABLES,
  toEnvironment,
} from '../resizeFunction/resizeSettings.ts';
import { changed, roleArnOf, type DeploymentContext } from './context.ts';
import { sha256Text, type WantedCode } from './functionCode.ts';
import { HANDLER, RUNTIME, type DeploymentTarget } from './target.ts';

/** What Lambda shall run the function with. */
export interface WantedSettings extends FunctionSettings {
  readonly runtime: string;
  readonly handler: string;
  readonly role: string;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
}

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

/** The same, of a function as it is: what an undo puts back. */
export function settingsOf(found: LambdaFunction): WantedSettings {
  const { runtime, handler, role, memoryMegabytes, timeoutSeconds, environment } = found;
  return { runtime, handler, role, memoryMegabytes, timeoutSeconds, environment };
}

/** `Timeout: 30` … of a function that will be made. */
export function settingsDetails(
  settings: WantedSettings,
  { architecture }: DeploymentTarget,
  code: WantedCode,
): string[] {
  const environment = Object.entries(settings.environment);
  return [
    `Code: ${code.text}`,
    `Architectures: ${architecture}`,
    `Runtime: ${settings.runtime}`,
    `Handler: ${settings.handler}`,
    `Role: ${settings.role}`,
    `MemorySize: ${settings.memoryMegabytes}`,
    `Timeout: ${settings.timeoutSeconds}`,
    ...environment.map(([name, value]) => `${name}: ${value}`),
  ];
}

/** What changes of a function's settings, empty when nothing does. */
export function settingsChanges(before: WantedSettings, after: WantedSettings): string[] {
  const number = (name: string, one: number, other: number): string[] =>
    changed(name, String(one), String(other));
  const names = new Set([...Object.keys(before.environment), ...Object.keys(after.environment)]);
  return [
    ...changed('Runtime', before.runtime, after.runtime),
    ...changed('Handler', before.handler, after.handler),
    ...changed('Role', before.role, after.role),
    ...number('MemorySize', before.memoryMegabytes, after.memoryMegabytes),
    ...number('Timeout', before.timeoutSeconds, after.timeoutSeconds),
    ...[...names].flatMap(name =>
      changed(name, variableText(before, name), variableText(after, name)),
    ),
  ];
}

function variableText({ environment }: WantedSettings, name: string): string {
  const fallback = defaultOf(name);
  return environment[name] ?? (fallback === undefined ? '–' : `${fallback} (default)`);
}

/** What changes of a function's code, empty when nothing does. */
export function codeChanges(
  found: FunctionDetails,
  { architecture, code: { kind } }: DeploymentTarget,
  code: WantedCode,
): string[] {
  if (kind === 'deployed') return [];
  return [
    ...(code.isIn(found) ? [] : [`Code: ${sha256Text(found.codeSha256)} → ${code.text}`]),
    ...changed('Architectures', found.architecture, architecture),
  ];
}
