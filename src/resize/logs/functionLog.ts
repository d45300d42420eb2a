import type { LogLine } from '../../aws/functions/functionLogs.ts';
import type { AwsClients } from '../../aws/clients.ts';
import { logText } from './logText.ts';

export interface LogSource {
  readonly functionName: string;
  readonly region: string;
  readonly logGroup: string;
  readonly requestId?: string;
}

const HOUR = 3_600_000;
/** Lines that are read at a time; more would make the editor slow. */
const MAX_LINES = 2_000;
/** How far back is looked where there is nothing: hours, then days, then the longest of weeks. */
const WINDOWS = [HOUR, 24 * HOUR, 7 * 24 * HOUR, 90 * 24 * HOUR];

/** The log lines of a function as far as they were read: the newest first, then older ones. */
export class FunctionLog {
  readonly source: LogSource;
  #lines: readonly LogLine[] = [];
  /** From when on all lines are read. */
  #since = new Date();

  constructor(source: LogSource) {
    this.source = source;
  }

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  get text(): string {
    return logText({ ...this.source, since: this.#since, lines: this.#lines });
  }

  /** Reads the newest lines, as far back as there are some. @throws BrigadeError */
  async readNewest(clients: AwsClients, signal: AbortSignal): Promise<void> {
    const end = new Date();
    for (const window of WINDOWS) {
      const found = await this.#read(clients, new Date(end.getTime() - window), end, signal);
      this.#lines = found.lines;
      this.#since = found.start;
      if (found.lines.length > 0) return;
    }
  }

  /** Reads what came since; what was read before stays, unless lines between are missing. @throws BrigadeError */
  async readNewer(clients: AwsClients, signal: AbortSignal): Promise<void> {
    const last = this.#lines.at(-1);
    if (last === undefined) {
      await this.readNewest(clients, signal);
      return;
    }
    // Lines of the last millisecond once more: some may have come late.
    const found = await this.#read(clients, last.timestamp, new Date(), signal);
    const hasGap = found.start > last.timestamp;
    const before = hasGap ? [] : this.#lines.filter(line => line.timestamp < last.timestamp);
    this.#lines = [...before, ...found.lines];
    if (hasGap) this.#since = found.start;
  }

  /**
   * Reads older lines.
   *
   * @returns how many there were
   * @throws BrigadeError
   */
  async readOlder(clients: AwsClients, signal: AbortSignal): Promise<number> {
    const end = new Date(this.#since.getTime() - 1);
    for (const window of WINDOWS) {
      const found = await this.#read(clients, new Date(end.getTime() - window), end, signal);
      this.#lines = [...found.lines, ...this.#lines];
      this.#since = found.start;
      if (found.lines.length > 0) return found.lines.length;
    }
    return 0;
  }

  async #read(clients: AwsClients, start: Date, end: Date, signal: AbortSignal) {
    const { readNewestLines } = await import('../../aws/functions/newestLogLines.ts');
    const window = { ...this.source, start, end, maxLines: MAX_LINES };
    return await readNewestLines(clients, window, { signal });
  }
}
