/** What a function's process writes on its third pipe: see runtime/telemetry.ts for the other end. */
export type OutputFrame =
  | { readonly kind: 'record'; readonly text: Buffer }
  | { readonly kind: 'mark'; readonly requestId: string };

const HEADER = 5;
const LOG_RECORD = 1;
/** Longer log records are cut into several, as Lambda does; the runtime cuts them before it writes. */
const MAX_FRAME = 256 * 1024;

/** Cuts the bytes of the third pipe into frames. */
export class OutputFrames {
  private pending: Buffer = Buffer.alloc(0);
  private broken = false;

  /**
   * The frames that are complete with this chunk. What is no frame ends the reading permanently.
   */
  push(chunk: Buffer): OutputFrame[] {
    if (this.broken) return [];
    const data = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    const frames: OutputFrame[] = [];
    let offset = 0;
    while (data.length - offset >= HEADER) {
      const length = data.readUInt32BE(offset);
      // Only a function that writes to the pipe itself comes here.
      this.broken = length > MAX_FRAME;
      const end = offset + HEADER + length;
      if (this.broken || end > data.length) break;
      const text = data.subarray(offset + HEADER, end);
      frames.push(
        data.readUInt8(offset + 4) === LOG_RECORD
          ? { kind: 'record', text }
          : { kind: 'mark', requestId: text.toString('utf8') },
      );
      offset = end;
    }
    this.pending = this.broken ? Buffer.alloc(0) : Buffer.from(data.subarray(offset));
    return frames;
  }
}

/** Cuts standard output into lines: each is a log event. An endless line is cut as well. */
export class OutputLines {
  private pending = '';
  private readonly decoder = new TextDecoder();

  push(chunk: Buffer): string[] {
    const lines = (this.pending + this.decoder.decode(chunk, { stream: true })).split('\n');
    this.pending = lines.pop() ?? '';
    if (this.pending.length > MAX_FRAME) {
      lines.push(this.pending);
      this.pending = '';
    }
    return lines;
  }

  /** What stands after the last line feed. */
  end(): string[] {
    const last = this.pending;
    this.pending = '';
    return last === '' ? [] : [last];
  }
}
