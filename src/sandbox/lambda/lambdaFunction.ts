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
  /** Another one when a function of the same name is made anew. */
  readonly id: string;
  readonly arn: string;
  readonly settings: FunctionSettings;
  readonly code: FunctionCode;
  readonly tags: Readonly<Record<string, string>>;
  readonly policy: readonly PolicyStatement[];
  readonly policyRevision: string;
  readonly eventInvoke: EventInvokeConfig | undefined;
  /** Undefined: the function shares what the account has. */
  readonly reservedConcurrency: number | undefined;
  readonly revisionId: string;
  readonly lastModified: Date;
  /** From then on it is Active; before, Pending. */
  readonly activeAt: Date;
  /** From then on the last update is Successful; before, InProgress. */
  readonly updatedAt: Date;
}

/** Milliseconds that a new or changed function takes until it is ready. */
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
  return isAhead(found.activeAt, now);
}

export function isUpdating(found: LambdaFunction, now: Date): boolean {
  return isAhead(found.updatedAt, now);
}

/** A state further ahead than any that was set is of before the time was set back. */
function isAhead(time: Date, now: Date): boolean {
  const ahead = time.getTime() - now.getTime();
  return ahead > 0 && ahead <= SETTLE_MS;
}
