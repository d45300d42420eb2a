import { writeSync } from 'node:fs';

/** The pipe to the sandbox for log records and marks; see outputFrames.ts for its other end. */
const DESCRIPTOR = 3;
const HEADER = 5;
/** Kinds of frames. */
const LOG_RECORD = 1;
const MARK = 2;
/** Lambda cuts longer records into several, in bytes. */
const MAX_RECORD = 256 * 1024;

/** Writes a log record of one or more lines. It blocks while the sandbox has no time to read. */
export function writeLogRecord(text: string): void {
  writeFrame(LOG_RECORD, text);
}

/** Says that all output of an invocation was written before. */
export function writeMark(requestId: string): void {
  writeFrame(MARK, requestId);
}

function writeFrame(kind: number, text: string): void {
  const body = Buffer.from(text, 'utf8');
  let start = 0;
  do {
    const piece = body.subarray(start, start + MAX_RECORD);
    const frame = Buffer.allocUnsafe(HEADER + piece.length);
    frame.writeUInt32BE(piece.length, 0);
    frame.writeUInt8(kind, 4);
    piece.copy(frame, HEADER);
    for (let offset = 0; offset < frame.length;) offset += writeSome(frame, offset);
    start += MAX_RECORD;
  } while (start < body.length);
}

function writeSome(frame: Buffer, offset: number): number {
  try {
    return writeSync(DESCRIPTOR, frame, offset);
  } catch (error) {
    // A pipe that does not block is full: try again until the sandbox has read.
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    return 0;
  }
}
