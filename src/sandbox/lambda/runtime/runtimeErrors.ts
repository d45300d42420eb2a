/** An error of the runtime's own, by the name that AWS's runtime gives it. */
export class RuntimeError extends Error {
  constructor(name: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = name;
  }
}

/** An error as the Runtime API takes it. */
export interface ErrorReport {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** Whatever was thrown, as AWS's Node.js runtime reports it. */
export function reportOf(thrown: unknown): ErrorReport {
  if (thrown instanceof Error || isErrorOfAnotherRealm(thrown)) {
    const { name, message, stack = '' } = thrown;
    return { errorType: name, errorMessage: message, trace: stack.split('\n') };
  }
  return { errorType: typeof thrown, errorMessage: textOf(thrown), trace: [] };
}

/** What was thrown, as AWS's runtime writes it to the log: with the properties that errors hide. */
export function logTextOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `\t${JSON.stringify(reportOf(thrown))}`;
  const { errorType, errorMessage, trace } = reportOf(thrown);
  const own = {
    errorType,
    errorMessage,
    ...Object.fromEntries(Object.entries(thrown)),
    stack: trace,
  };
  try {
    return `\t${JSON.stringify(own)}`;
  } catch {
    return `\t${JSON.stringify({ errorType, errorMessage, stack: trace })}`;
  }
}

function isErrorOfAnotherRealm(value: unknown): value is Error {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'message' in value &&
    'stack' in value
  );
}

function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'null';
  }
}
