import type { FunctionSettings } from '../functions/functionWrites.ts';
import type { FunctionDetails, LambdaFunction } from '../functions/functions.ts';
import { sha256Text, type WantedCode } from './functionCode.ts';
import { changed } from './plannedStep.ts';
import type { StepDetail } from './step.ts';

/** The settings that a function must have. */
export interface WantedSettings extends FunctionSettings {
  readonly runtime: string;
  readonly handler: string;
  readonly role: string;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
}

/** The settings of a function as it is: what an undo puts back. */
export function settingsOf(found: LambdaFunction): WantedSettings {
  const { runtime, handler, role, memoryMegabytes, timeoutSeconds, environment } = found;
  return { runtime, handler, role, memoryMegabytes, timeoutSeconds, environment };
}

/** `Timeout: 30` … of a function that will be made. */
export function settingsDetails(
  settings: WantedSettings,
  architecture: string,
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

/**
 * What changes of a function's settings, empty when nothing does.
 *
 * @param defaultOf what a variable means that is not set
 */
export function settingsChanges(
  before: WantedSettings,
  after: WantedSettings,
  defaultOf: (variable: string) => string | undefined = () => undefined,
): StepDetail[] {
  const number = (name: string, one: number, other: number): string[] =>
    changed(name, String(one), String(other));
  const names = new Set([...Object.keys(before.environment), ...Object.keys(after.environment)]);
  return [
    ...changed('Runtime', before.runtime, after.runtime),
    ...changed('Handler', before.handler, after.handler),
    ...changed('Role', before.role, after.role),
    ...number('MemorySize', before.memoryMegabytes, after.memoryMegabytes),
    ...number('Timeout', before.timeoutSeconds, after.timeoutSeconds),
    ...[...names].flatMap(name => variableChange(name, before, after, defaultOf(name))),
  ];
}

function variableChange(
  name: string,
  { environment: before }: WantedSettings,
  { environment: after }: WantedSettings,
  fallback: string | undefined,
): StepDetail[] {
  const [old, now] = [before[name], after[name]];
  if (fallback !== undefined && old === undefined && now !== undefined) {
    return [{ kind: 'defaultBefore', name, before: fallback, after: now }];
  }
  if (fallback !== undefined && old !== undefined && now === undefined) {
    return [{ kind: 'defaultAfter', name, before: old, after: fallback }];
  }
  return changed(name, old ?? '–', now ?? '–');
}

/** What changes of a function's code, empty when nothing does. */
export function codeChanges(
  found: FunctionDetails,
  architecture: string,
  code: WantedCode,
): string[] {
  if (code.withZip === undefined) return [];
  return [
    ...(code.isIn(found) ? [] : [`Code: ${sha256Text(found.codeSha256)} → ${code.text}`]),
    ...changed('Architectures', found.architecture, architecture),
  ];
}
