import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';

/** Characters that may wait for a reader that does not read. */
const MAX_WAITING = 1024 * 1024;

/**
 * Writes lines to a standard stream for as long as someone takes them: a reader that is gone or stands
 * still, and a disk that is full, cost lines but never the process.
 */
export function lineWriter(stream: Writable & { readonly fd: number }): (line: string) => void {
  // Without a listener an error here (EPIPE) would end the process.
  stream.on('error', () => undefined);
  let lost = 0;
  return line => {
    if (stream.writableLength > MAX_WAITING) {
      lost += 1;
      return;
    }
    const text = lost === 0 ? `${line}\n` : `(${lost} lines were lost.)\n${line}\n`;
    if (put(stream, text)) lost = 0;
    else lost += 1;
  };
}

function put(stream: Writable & { readonly fd: number }, text: string): boolean {
  if (stream instanceof Socket) {
    stream.write(text, () => undefined);
    return true;
  }
  // A file: Node's stream ends permanently at the first error, but a full disk passes.
  try {
    writeSync(stream.fd, text);
    return true;
  } catch {
    return false;
  }
}
