import { totalmem } from 'node:os';
import { AwsError } from '../../errors.ts';
import type { FunctionTable } from '../functionTable.ts';
import type { LambdaFunction } from '../lambdaFunction.ts';

/** The account's limit of concurrent executions: AWS's default for a Region (Lambda quotas). */
export const ACCOUNT_CONCURRENCY = 1000;
/** What must stay without a reservation (Lambda developer guide, "Reserved concurrency"). */
export const MINIMUM_UNRESERVED = 100;

/** Memory that an execution takes at least, in bytes: its process. */
const PROCESS_MEMORY = 128 * 1024 * 1024;
/**
 * So many executions run on this machine at a time, or fewer by the account's limit: a function that calls
 * itself would fill its memory with processes.
 */
export const MACHINE_CONCURRENCY = Math.max(16, Math.floor(totalmem() / PROCESS_MEMORY));

/** Counts what runs, and throttles what would be too much. */
export class Concurrency {
  private readonly table: FunctionTable;
  private readonly running = new Map<string, number>();

  constructor(table: FunctionTable) {
    this.table = table;
  }

  /** How many executions of a function run. */
  of(name: string): number {
    return this.running.get(name) ?? 0;
  }

  /**
   * Begins an execution; answers how many of the function run with it.
   * @throws AwsError TooManyRequestsException 429
   */
  enter(found: LambdaFunction): number {
    const { name, reservedConcurrency } = found;
    const now = this.of(name);
    if (this.total() >= MACHINE_CONCURRENCY) throw throttled('ConcurrentInvocationLimitExceeded');
    if (reservedConcurrency !== undefined) {
      if (now >= reservedConcurrency) {
        throw throttled('ReservedFunctionConcurrentInvocationLimitExceeded');
      }
    } else if (this.unreserved() >= ACCOUNT_CONCURRENCY - this.table.reservedBeside(name)) {
      throw throttled('ConcurrentInvocationLimitExceeded');
    }
    this.running.set(name, now + 1);
    return now + 1;
  }

  leave({ name }: LambdaFunction): void {
    const left = this.of(name) - 1;
    if (left > 0) this.running.set(name, left);
    else this.running.delete(name);
  }

  private total(): number {
    return [...this.running.values()].reduce((sum, count) => sum + count, 0);
  }

  /** How many executions run of functions without a reservation. */
  private unreserved(): number {
    let sum = 0;
    for (const [name, count] of this.running) {
      if (this.table.find(name)?.reservedConcurrency === undefined) sum += count;
    }
    return sum;
  }
}

function throttled(reason: string): AwsError {
  return new AwsError('TooManyRequestsException', 429, 'Rate Exceeded.', { Reason: reason });
}
