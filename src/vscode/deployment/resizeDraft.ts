import {
  DEFAULT_SUFFIXES,
  type Architecture,
  type DeploymentTarget,
} from '../../aws/resizeDeployment/target.ts';
import { DEFAULT_SETTINGS, defaultDestination } from '../../aws/resizeFunction/resizeSettings.ts';
import type { DeployResizeArguments } from '../../commands.ts';

/** The answers so far to what a deployment needs to know; its code is none of them. */
export type DeploymentDraft = {
  -readonly [Name in keyof Omit<DeploymentTarget, 'code'>]?: DeploymentTarget[Name];
};

/** What has to be known, in the order it is asked; `options` are many, and all have defaults. */
export const QUESTIONS = [
  'bucket',
  'functionName',
  'destinationBucket',
  'role',
  'options',
] as const;
export type Question = (typeof QUESTIONS)[number];

/** The name that the lab gives the function. */
export const DEFAULT_FUNCTION_NAME = 'ImageResizeFunction';

/** What a function is deployed with where nobody says otherwise. */
export interface Capacity {
  readonly architecture: Architecture;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
}

/** Which questions are left: what is given is not asked, and whoever wants none gets defaults. */
export function questionsLeft(given: DeployResizeArguments): Question[] {
  const { skipConfirmation, settings, prefix, suffixes } = given;
  if (skipConfirmation === true) return given.bucket === undefined ? ['bucket'] : [];
  const optionsGiven = [settings, prefix, suffixes].some(option => option !== undefined);
  return QUESTIONS.filter(question =>
    question === 'options' ? !optionsGiven : given[question] === undefined,
  );
}

/**
 * A draft of what is given, beside what is deployed already and, where neither says anything, what
 * usually fits.
 */
export function draftOf(
  given: DeployResizeArguments,
  deployed: DeploymentDraft,
  capacity: Capacity,
): DeploymentDraft {
  const { bucket, functionName, destinationBucket, role, prefix, suffixes } = given;
  const { architecture, memoryMegabytes, timeoutSeconds } = given;
  return {
    prefix: '',
    suffixes: DEFAULT_SUFFIXES,
    ...capacity,
    ...deployed,
    ...(bucket !== undefined && { bucket }),
    ...(functionName !== undefined && { functionName }),
    ...(destinationBucket !== undefined && { destinationBucket }),
    ...(role !== undefined && { role }),
    ...(prefix !== undefined && { prefix }),
    ...(suffixes !== undefined && { suffixes }),
    ...(architecture !== undefined && { architecture }),
    ...(memoryMegabytes !== undefined && { memoryMegabytes }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    settings: { ...DEFAULT_SETTINGS, ...deployed.settings, ...given.settings },
  };
}

/** The draft with its defaults; the bucket has none. */
export function completed(draft: DeploymentDraft): Omit<DeploymentTarget, 'code'> | undefined {
  const { bucket, functionName = DEFAULT_FUNCTION_NAME } = draft;
  const { settings, prefix, suffixes, architecture, memoryMegabytes, timeoutSeconds } = draft;
  if (
    bucket === undefined ||
    settings === undefined ||
    prefix === undefined ||
    suffixes === undefined ||
    architecture === undefined ||
    memoryMegabytes === undefined ||
    timeoutSeconds === undefined
  ) {
    return undefined;
  }
  return {
    bucket,
    functionName,
    destinationBucket: draft.destinationBucket ?? defaultDestination(bucket),
    role: draft.role ?? { name: suggestedRoleName(functionName) },
    settings,
    prefix,
    suffixes,
    architecture,
    memoryMegabytes,
    timeoutSeconds,
  };
}

/** A name for a role made for a function: what IAM's 64 characters allow. */
export function suggestedRoleName(functionName: string): string {
  return `${functionName.slice(0, 59)}-role`;
}
