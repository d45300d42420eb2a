/** Milliseconds between two messages: more often nobody looks. */
const EVERY_MS = 100;

/** Sends the latest of many reports, at most ten a second. */
export function progressSender(send: (progress: unknown) => void) {
  let latest: { progress: unknown } | undefined;
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (latest) send(latest.progress);
    latest = undefined;
  };
  return {
    report: (progress: unknown): void => {
      latest = { progress };
      timer ??= setTimeout(flush, EVERY_MS);
    },
    /** Sends what was held back. */
    flush,
  };
}
