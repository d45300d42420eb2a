import type { AwsError } from '../../errors.ts';
import type { RolePrincipal } from '../../principal.ts';
import type { Task } from '../manifests/task.ts';
import type { TaskOutcome } from './taskOutcomes.ts';

/** A task that a transaction can do. */
export interface ReadyTask {
  /** The length of its line in the task file. */
  readonly bytes: number;
  /** Does it, inside the transaction that counts it. */
  readonly finish: () => TaskOutcome;
  /** Forgets what was prepared for it, when no transaction has kept that. */
  readonly discard?: () => void;
}

/** A task whose bytes are to be read. */
export interface BegunTask {
  readonly task: Task;
  /** Decoded. */
  readonly key: string;
  readonly role: RolePrincipal;
  /** The fault that someone has asked for, which it meets instead. */
  readonly fault: AwsError | undefined;
  /** Ends the reading. */
  readonly signal: AbortSignal;
}
