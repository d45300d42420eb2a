import { shellWord } from '../../src/aws/shellText.ts';

/** A terminal, npm and our own parent may each pass the same Ctrl-C on. */
const SAME_MS = 3000;

/**
 * Aborted by the first Ctrl-C or SIGTERM, so that what was made is removed; a later one ends the process at
 * once, and says the command that cleans up. A terminal that is closed, or a pipe that nobody reads, does not end it either.
 */
export function interruption(cleaning: string): AbortSignal {
  const controller = new AbortController();
  let first: number | undefined;
  const interrupt = (): void => {
    if (first === undefined) {
      first = performance.now();
      controller.abort();
      return;
    }
    if (performance.now() - first < SAME_MS) return;
    console.error(`Something may be left. To remove it: ${cleaning}`);
    process.exit(130);
  };
  // What can't be written is lost; an error that nobody hears would end the process.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  return controller.signal;
}

/** What removes what is left, to be pasted into a shell. */
export function cleanArguments(profile: string, region?: string): string {
  const where = region === undefined ? '' : ` --region ${region}`;
  return `--profile ${shellWord(profile)}${where} --clean`;
}
