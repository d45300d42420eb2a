import { existsSync, readFileSync } from 'node:fs';

/** One line of the results file, written by the extension host, read by the runner. */
export type HostEvent =
  | { readonly type: 'started'; readonly version: string; readonly node: string }
  | { readonly type: 'passed'; readonly title: string; readonly milliseconds: number }
  | { readonly type: 'failed'; readonly title: string; readonly message: string }
  | { readonly type: 'skipped'; readonly title: string }
  | { readonly type: 'line'; readonly text: string }
  | { readonly type: 'ended' };

/** Names the file of HostEvents in the environment of the extension host. */
export const RESULTS_VARIABLE = 'BUCKET_BRIGADE_TEST_RESULTS';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** What failed and why, said once more at the end of all. */
  readonly failures: string[];
}

/** The events written after the first `from` ones; a line still being written is left for later. */
export function readEvents(path: string, from: number): HostEvent[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.slice(from).map(line => JSON.parse(line) as HostEvent);
}

export function formatEvent(event: HostEvent): string | undefined {
  switch (event.type) {
    case 'started':
      return `  in VS Code ${event.version}, Node ${event.node}`;
    case 'passed':
      return `  ✓ ${event.title} (${event.milliseconds} ms)`;
    case 'skipped':
      return `  - ${event.title}`;
    case 'failed':
      return `  ✗ ${event.title}\n${event.message.replace(/^/gm, '      ')}`;
    case 'line':
      return event.text;
    case 'ended':
      return undefined;
  }
}

export function counted(
  passed: number,
  failed: number,
  skipped = 0,
  failures: string[] = [],
): Counts {
  return { passed, failed, skipped, failures };
}
