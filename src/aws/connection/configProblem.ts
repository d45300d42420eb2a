import { BrigadeError } from '../errors.ts';
import type { IniFault } from './iniText.ts';

/** What keeps a connection's configuration from being used, so that people can find and fix it. */
export type ConfigProblem = { readonly file?: string; readonly line?: number } & (
  | { readonly kind: 'unreadable'; readonly why: string }
  | { readonly kind: 'notText' }
  | { readonly kind: 'line'; readonly fault: IniFault; readonly text?: string }
  /** A name with a space and without quotation marks, or with a mark that is not closed. */
  | { readonly kind: 'sectionName'; readonly section: string; readonly word: string }
  /** `[prod]` in the config file, where it has to be `[profile prod]`. */
  | { readonly kind: 'noPrefix'; readonly section: string }
  | { readonly kind: 'noProfile'; readonly profile: string; readonly variable?: string }
  /** What a key names is not there: an sso-session, services section or source profile. */
  | {
      readonly kind: 'missingSection';
      readonly section: string;
      readonly key: string;
      readonly missing: string;
    }
  | { readonly kind: 'missingKeys'; readonly section: string; readonly keys: readonly string[] }
  | { readonly kind: 'cycle'; readonly profiles: readonly string[] }
  | { readonly kind: 'bothSources'; readonly section: string }
  | {
      readonly kind: 'differs';
      readonly section: string;
      readonly key: string;
      readonly other: string;
    }
  | {
      readonly kind: 'badValue';
      /** The key or the environment variable. */
      readonly name: string;
      readonly section?: string;
      readonly value: string;
      readonly expected: string;
    }
  | { readonly kind: 'noCredentials'; readonly profile: string; readonly by?: string }
  /** A `credential_process`; the program is its name, without arguments. */
  | {
      readonly kind: 'process';
      readonly profile: string;
      readonly program: string;
      readonly why: ProcessFault;
    }
);

/** How a `credential_process` failed. */
export interface ProcessFault {
  readonly kind: 'timedOut' | 'failed' | 'noCredentials' | 'expired';
  /** The limit that it was ended at. */
  readonly seconds?: number;
  /** An exit code, a signal, or why it couldn't be started. */
  readonly code?: string;
}

/** Carries the problem as the cause of a BrigadeError `Misconfigured`. */
export class ConfigFault extends Error {
  override readonly name = 'ConfigFault';
  readonly problem: ConfigProblem;

  constructor(problem: ConfigProblem) {
    const { kind, file = '', line = '' } = problem;
    // No more than that goes to the log: what a line says may be a secret.
    super(`${kind} ${file}:${line}`);
    this.problem = problem;
  }
}

/** `vscode/` makes a sentence of the problem. */
export function configError(problem: ConfigProblem): BrigadeError {
  const cause = new ConfigFault(problem);
  return new BrigadeError('Misconfigured', `AWS configuration: ${cause.message}`, { cause });
}
