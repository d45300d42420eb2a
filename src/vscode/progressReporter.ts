/** How far a piece of work has come. */
export interface ProgressUpdate {
  /** A short sentence; replaces the one before. */
  readonly message?: string;
  /** From 0 to 1; left out while the end is not known. */
  readonly fraction?: number;
}

/** What VS Code's `Progress` takes: steps, not positions. */
interface ProgressSink {
  report(value: { message?: string; increment?: number }): void;
}

export interface ProgressReporter {
  report(update: ProgressUpdate): void;
  /** Drops what has not been shown yet. */
  stop(): void;
}

/**
 * Passes updates on at most every `interval` milliseconds: the first at once, later the newest only.
 * Transfers report thousands of times a second, and each report crosses to the window's process.
 */
export function progressReporter(sink: ProgressSink, interval = 200): ProgressReporter {
  let shown = 0;
  let waiting: ProgressUpdate | undefined;
  let timer: NodeJS.Timeout | undefined;

  const show = (update: ProgressUpdate): void => {
    const percent = Math.min(Math.max((update.fraction ?? 0) * 100, shown), 100);
    const increment = percent - shown;
    shown = percent;
    sink.report({
      ...(update.message !== undefined && { message: update.message }),
      ...(increment > 0 && { increment }),
    });
    timer = setTimeout(() => {
      timer = undefined;
      if (waiting) show(waiting);
      waiting = undefined;
    }, interval);
  };

  return {
    report(update) {
      if (timer) waiting = { ...waiting, ...update };
      else show(update);
    },
    stop() {
      clearTimeout(timer);
      waiting = undefined;
    },
  };
}
