/** So many faults in a minute are a loop, which would continue forever. */
const MAX_IN_A_MINUTE = 100;
const MINUTE = 60_000;

/**
 * Keeps the process running after an error that nothing caught. What was acknowledged is in
 * committed transactions, and what was not is rolled back, so that such an error can spoil nothing
 * that is kept; ending would give every client, function and disk that causes one the power to stop
 * the sandbox. Each is logged.
 * @param end called when there are so many that it can't continue
 */
export function surviveUncaughtErrors(log: (line: string) => void, end: () => void): void {
  let times: number[] = [];
  const survive = (kind: string, error: unknown): void => {
    log(`${kind}: ${describe(error)}`);
    const now = performance.now();
    times = [...times.filter(time => time > now - MINUTE), now];
    if (times.length === MAX_IN_A_MINUTE) end();
  };
  process.on('uncaughtException', error => survive('Uncaught exception', error));
  process.on('unhandledRejection', reason => survive('Unhandled rejection', reason));
}

/** An error with its stack, for the log. */
export function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Milliseconds until something that failed is tried again: 1 s, doubled with each failure, at most 1 min. */
export function retryDelay(failures: number): number {
  return Math.min(1000 * 2 ** Math.min(failures, 6), MINUTE);
}
