import { isAuthorized } from '../../iam/authorize.ts';
import { streamArn } from '../../logs/logsInput.ts';
import { EVENT_OVERHEAD } from '../../logs/logStore.ts';
import type { RolePrincipal } from '../../principal.ts';
import type { EngineContext } from '../engineContext.ts';
import type { LoggingConfig } from '../lambdaFunction.ts';

/** What X-Amz-Log-Result holds, in bytes (Invoke). */
const TAIL = 4096;
/** Bytes that one invocation may log, counted as AWS bills them; a function that writes without end must not fill the disk. */
const INVOCATION_BUDGET = 8 * 1024 * 1024;
const FLUSH_BYTES = 512 * 1024;
const FLUSH_AFTER_MS = 250;

interface LogEvent {
  readonly timestamp: Date;
  readonly message: string;
}

type LogContext = Pick<EngineContext, 'accountId' | 'clock' | 'iam' | 'logs' | 'log'>;

/** The log stream of one execution environment, written as its role: without permission, not at all. */
export class EnvironmentLog {
  readonly stream: string;
  private readonly context: LogContext;
  private readonly group: string;
  private readonly lineEnd: string;
  private readonly role: RolePrincipal;
  private events: LogEvent[] = [];
  private bytes = 0;
  private spent = 0;
  private dropped = { records: 0, bytes: 0 };
  private tailText: Buffer = Buffer.alloc(0);
  private closed = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    context: LogContext,
    { LogGroup, LogFormat }: LoggingConfig,
    stream: string,
    role: RolePrincipal,
  ) {
    this.context = context;
    this.group = LogGroup;
    // As on AWS, where a text event keeps the end of its line and a JSON event is the JSON alone.
    this.lineEnd = LogFormat === 'Text' ? '\n' : '';
    this.stream = stream;
    this.role = role;
  }

  /** Begins an invocation: with a tail and a budget of its own. */
  begin(): void {
    this.tailText = Buffer.alloc(0);
    this.spent = 0;
    this.dropped = { records: 0, bytes: 0 };
  }

  /** A line of Lambda itself. */
  writePlatform(line: string): void {
    this.add(line);
  }

  /** What the function wrote, UTF-8; beyond the budget it is counted and dropped. */
  writeOutput(text: Buffer | string): void {
    const bytes = Buffer.byteLength(text);
    // Lines without text are events too.
    this.spent += bytes + EVENT_OVERHEAD;
    if (this.spent <= INVOCATION_BUDGET) this.add(text.toString());
    else this.dropped = { records: this.dropped.records + 1, bytes: this.dropped.bytes + bytes };
  }

  /** How much was dropped since the invocation began; undefined when nothing was. */
  get lost(): { readonly records: number; readonly bytes: number } | undefined {
    return this.dropped.records === 0 ? undefined : this.dropped;
  }

  /** The last 4 KB of what this invocation wrote. */
  get tail(): Buffer {
    return this.tailText;
  }

  /** Writes what was collected. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { events } = this;
    if (events.length === 0) return;
    this.events = [];
    this.bytes = 0;
    try {
      if (this.mayWrite())
        this.context.logs.append({ group: this.group, stream: this.stream, events });
    } catch (error) {
      // A full disk must not fail the invocation.
      this.context.log(`The log of ${this.group} could not be written: ${String(error)}`);
    }
  }

  /** Writes what was collected, and nothing that comes later. */
  close(): void {
    this.flush();
    this.closed = true;
  }

  private add(message: string): void {
    if (this.closed) return;
    this.events.push({ timestamp: this.context.clock.now(), message: message + this.lineEnd });
    this.bytes += message.length + EVENT_OVERHEAD;
    const line = Buffer.from(message.length > TAIL ? message.slice(-TAIL) : message, 'utf8');
    const joined = Buffer.concat([this.tailText, line, NEWLINE]);
    this.tailText = joined.length > TAIL ? joined.subarray(joined.length - TAIL) : joined;
    if (this.bytes > FLUSH_BYTES) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), FLUSH_AFTER_MS).unref();
  }

  /** Lambda makes the stream, and the group where there is none, as the function's role. */
  private mayWrite(): boolean {
    const { context, role, group } = this;
    const may = (action: string, stream?: string): boolean =>
      isAuthorized(context, role, action, streamArn(context.accountId, group, stream));
    return (
      may('logs:PutLogEvents', this.stream) &&
      may('logs:CreateLogStream', this.stream) &&
      (context.logs.groups.find(group) !== undefined || may('logs:CreateLogGroup'))
    );
  }
}

const NEWLINE = Buffer.from('\n');
