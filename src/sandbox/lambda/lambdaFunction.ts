import { createHash } from 'node:crypto';
import { AwsError } from '../errors.ts';

/** The runtimes that the sandbox runs. */
export type Runtime = 'nodejs24.x' | 'nodejs22.x' | 'nodejs20.x';
export type Architecture = 'x86_64' | 'arm64';

export interface LoggingConfig {
  readonly LogFormat: 'Text' | 'JSON';
  readonly ApplicationLogLevel?: string;
  readonly SystemLogLevel?: string;
  readonly LogGroup: string;
}

/** What UpdateFunctionConfiguration can change. */
export interface FunctionSettings {
  readonly description: string;
  readonly role: string;
  readonly handler: string;
  readonly runtime: Runtime;
  /** Seconds. */
  readonly timeout: number;
  /** MB. */
  readonly memorySize: number;
  readonly environment: Readonly<Record<string, string>> | undefined;
  /** MB. */
  readonly ephemeralStorage: number;
  readonly logging: LoggingConfig;
}

export interface FunctionCode {
  /** Hexadecimal: the name of the code's folder. */
  readonly sha256: string;
  /** Of the zip, in bytes. */
  readonly size: number;
  readonly architecture: Architecture;
}

/** One statement of a function's resource policy, as AddPermission makes it. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: string | Readonly<Record<string, string>>;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What PutFunctionEventInvokeConfig sets; what is left out has AWS's default. */
export interface EventInvokeConfig {
  /** 0 to 2; 2 when it is left out. */
  readonly maximumRetryAttempts?: number;
  /** Seconds, 60 to 21600; 21600 when it is left out. */
  readonly maximumEventAge?: number;
  readonly lastModified: number;
}

export interface LambdaFunction {
  readonly name: string;
  /** Another one when a function of the same name is created again. */
  readonly id: string;
  readonly arn: string;
  readonly settings: FunctionSettings;
  readonly code: FunctionCode;
  readonly tags: Readonly<Record<string, string>>;
  readonly policy: readonly PolicyStatement[];
  readonly eventInvoke: EventInvokeConfig | undefined;
  /** Undefined: the function shares what the account has. */
  readonly reservedConcurrency: number | undefined;
  /** Of the last change; what it is once that is done, currentRevision says. */
  readonly revisionId: string;
  readonly lastModified: Date;
  /** From then on it is Active; before, Pending. */
  readonly activeAt: Date;
  /** From then on the last update is Successful; before, InProgress. */
  readonly updatedAt: Date;
}

/** Milliseconds that a new or changed function takes until it is ready, unless it is to take longer. */
export const SETTLE_MS = 1000;

/** @throws AwsError ResourceConflictException 409 while it is Pending */
export function checkActive(found: LambdaFunction, now: Date): void {
  if (!isPending(found, now)) return;
  throw new AwsError(
    'ResourceConflictException',
    409,
    'The operation cannot be performed at this time. The function is currently in the following state: Pending',
  );
}

export function isPending(found: LambdaFunction, now: Date): boolean {
  return isAhead(found.activeAt, found, now);
}

export function isUpdating(found: LambdaFunction, now: Date): boolean {
  return isAhead(found.updatedAt, found, now);
}

/**
 * The RevisionId to show and to compare with. On AWS it changes with every update, and once more when the
 * function becomes Active or the update Successful (recorded: create 1, active 2, update 3, done 4).
 */
export function currentRevision(found: LambdaFunction, now: Date): string {
  if (isPending(found, now) || isUpdating(found, now)) return found.revisionId;
  const digest = createHash('sha256').update(found.revisionId).digest('hex');
  return digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5');
}

/**
 * @param wanted the RevisionId that the caller has seen; undefined: any
 * @param where the operation that tells the latest one, as AWS names it
 * @throws AwsError PreconditionFailedException 412 when it is another one
 */
export function checkRevision(
  found: LambdaFunction,
  wanted: string | undefined,
  now: Date,
  where = 'GetFunction/GetAlias',
): void {
  if (wanted === undefined || wanted === currentRevision(found, now)) return;
  throw new AwsError(
    'PreconditionFailedException',
    412,
    `The Revision Id provided does not match the latest Revision Id. Call the ${where} API to retrieve the latest Revision Id`,
  );
}

/** What was changed later than now was so before the time was set back. */
function isAhead(time: Date, { lastModified }: LambdaFunction, now: Date): boolean {
  return lastModified <= now && now < time;
}
