import { spawn, type ChildProcess } from 'node:child_process';
import { TREE_OPTIONS, endTree, guardChild, killTree } from '../../system/childProcess.ts';
import { BrigadeError } from '../errors.ts';
import { ConfigFault, type ProcessFault } from './configProblem.ts';
import type { CredentialSource, ResolvedCredentials } from './credentialSource.ts';

/** What a `credential_process` may take: the default of the AWS SDK for Go (`processcreds.DefaultTimeout`). */
export const PROCESS_LIMIT_MS = 60_000;

/** More than this is no credentials. */
const MAX_OUTPUT = 1024 * 1024;

/** Milliseconds for what a program printed last: what it left running may hold its pipe open. */
const LAST_WORDS_MS = 500;

export interface ProcessOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds. */
  readonly limitMs?: number;
}

/**
 * Runs a profile's `credential_process` in the system's shell, as the AWS SDK for JavaScript does,
 * but not forever: at the limit, and when the signal aborts, it is ended with all that it started.
 * Its arguments and what it prints may be secrets, so that errors name the program only.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
 * @throws BrigadeError `CredentialsMissing` with a ConfigFault as its cause; `Cancelled`
 */
export async function runCredentialProcess(
  { command, profile }: Extract<CredentialSource, { readonly kind: 'process' }>,
  { signal, limitMs = PROCESS_LIMIT_MS }: ProcessOptions = {},
): Promise<ResolvedCredentials> {
  const fail = (why: ProcessFault): never => {
    const program = programOf(command);
    const problem = { kind: 'process', profile, program, why } as const;
    const said = `credential_process of the profile ${profile}: ${program} ${REASONS[why.kind](why)}`;
    throw new BrigadeError('CredentialsMissing', said, { cause: new ConfigFault(problem) });
  };
  if (signal?.aborted) throw cancelled();
  const ended = await runShell(command, limitMs, signal);
  if (signal?.aborted) throw cancelled();
  if ('fault' in ended) return fail(ended.fault);
  const credentials = credentialsIn(ended.output);
  if (credentials === undefined) return fail({ kind: 'noCredentials' });
  const { expiration } = credentials;
  if (expiration && expiration.getTime() < Date.now()) return fail({ kind: 'expired' });
  return credentials;
}

const REASONS: Readonly<Record<ProcessFault['kind'], (why: ProcessFault) => string>> = {
  timedOut: ({ seconds = 0 }) => `returned nothing within ${seconds} seconds and was ended`,
  failed: ({ code = '?' }) => `ended with ${code}`,
  noCredentials: () => 'returned no credentials',
  expired: () => 'returned credentials that have expired',
};

function cancelled(): BrigadeError {
  return new BrigadeError('Cancelled', 'credential_process was cancelled');
}

/**
 * The program of a command without its folder, which is all of a command that may be shown: variables
 * that are set before it, and its arguments, may be secrets.
 */
export function programOf(command: string): string {
  const words = command.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g);
  for (const [word] of words) {
    if (/^\w+=/.test(word)) continue;
    return word.replace(/["']/g, '').split(/[/\\]/).at(-1) ?? '';
  }
  return '';
}

type Ended = { readonly output: string } | { readonly fault: ProcessFault };

async function runShell(
  command: string,
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<Ended> {
  return await new Promise<Ended>(resolve => {
    // It can ask nobody anything: with an open stdin it might wait for an answer.
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    const child = guardChild(
      spawn(command, { ...TREE_OPTIONS, shell: true, stdio: [...stdio] }),
      error => settle({ fault: failure(error.message) }),
    );
    const atExit = (): void => killTree(child);
    const stop = (): void => {
      endTree(child);
      settle({ fault: { kind: 'timedOut', seconds: Math.round(limitMs / 1000) } });
    };
    const timer = setTimeout(stop, limitMs);
    const settle = (ended: Ended): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
      process.off('exit', atExit);
      resolve(ended);
    };
    signal?.addEventListener('abort', stop, { once: true });
    process.once('exit', atExit);
    collect(child, settle);
  });
}

/** Tells how it ended, with all that it printed. */
function collect(child: ChildProcess, settle: (ended: Ended) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  child.stdout?.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_OUTPUT) chunks.push(chunk);
  });
  const end = (code: number | null, by: string | null): void =>
    settle(
      code === 0
        ? { output: size > MAX_OUTPUT ? '' : Buffer.concat(chunks).toString() }
        : { fault: failure(by ?? String(code ?? '?')) },
    );
  child.once('close', end);
  child.once('exit', (code, by) => setTimeout(() => end(code, by), LAST_WORDS_MS));
}

/** @param code an exit code, a signal, or what kept it from starting */
function failure(code: string): ProcessFault {
  return { kind: 'failed', code };
}

function credentialsIn(output: string): ResolvedCredentials | undefined {
  const answer = parse(output);
  const text = (name: string): string | undefined => {
    const value = answer[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [accessKeyId, secretAccessKey] = [text('AccessKeyId'), text('SecretAccessKey')];
  if (answer['Version'] !== 1 || accessKeyId === undefined || secretAccessKey === undefined) {
    return undefined;
  }
  const until = text('Expiration');
  const expiration = until === undefined ? undefined : new Date(until);
  if (expiration && Number.isNaN(expiration.getTime())) return undefined;
  return { accessKeyId, secretAccessKey, sessionToken: text('SessionToken'), expiration };
}

function parse(output: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(output);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
