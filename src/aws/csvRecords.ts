import { StringDecoder } from 'node:string_decoder';
import { cutText } from './cutText.ts';

/** One row of a CSV file. */
export interface CsvRecord {
  /** Counted from 1; blank lines and damaged rows count too. */
  readonly row: number;
  /** A blank line has one empty cell; undefined where the row is damaged. */
  readonly cells: readonly string[] | undefined;
  /** A damaged row as it stands; empty for others. */
  readonly text: string;
}

export interface CsvOptions {
  /** Characters a row may have. */
  readonly maxRow: number;
  /**
   * Whether a row of several lines can be one. If not, a quotation mark is missing in the first of
   * them: that line is damaged, and reading continues with the next.
   */
  readonly acceptsLines: (cells: readonly string[], lines: readonly string[]) => boolean;
}

/** Of a damaged row so much is kept. */
const MAX_TEXT = 500;

/**
 * Reads CSV (RFC 4180) as it streams: LF, CRLF and CR end a row, mixed too, and a byte order mark
 * is left out. A damaged row costs that row only: reading continues with the next line. Bytes that
 * are no UTF-8 become U+FFFD.
 */
export class CsvRecords {
  readonly #options: CsvOptions;
  readonly #decoder = new StringDecoder('utf8');
  #text = '';
  #at = 0;
  #row = 0;
  #started = false;
  /** Inside a line that is too long. */
  #skipping = false;
  /** Lines that end with CR alone. */
  #carriageReturns = 0;
  /** The next CR at or after `#at`; -1 for none in the text. */
  #nextReturn: number | undefined;

  constructor(options: CsvOptions) {
    this.#options = options;
  }

  get carriageReturns(): number {
    return this.#carriageReturns;
  }

  /** The rows that are complete with these bytes. */
  push(chunk: Uint8Array): CsvRecord[] {
    this.#append(this.#decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)));
    return this.#take(false);
  }

  /** The rows that the end of the file completes. */
  end(): CsvRecord[] {
    this.#append(this.#decoder.end());
    return this.#take(true);
  }

  #append(text: string): void {
    this.#text = this.#text.slice(this.#at) + text;
    this.#at = 0;
    this.#nextReturn = undefined;
    if (!this.#started && this.#text !== '') {
      this.#started = true;
      if (this.#text.startsWith('\ufeff')) this.#at = 1;
    }
  }

  #take(final: boolean): CsvRecord[] {
    const records: CsvRecord[] = [];
    while (this.#at < this.#text.length) {
      const end = this.#lineEnd(this.#at);
      // A CR at the end of the bytes may be half of a CRLF.
      const undecided = end === this.#text.length - 1 && this.#text[end] === '\r';
      if (!final && (end < 0 || undecided)) {
        this.#guardLength(records);
        break;
      }
      const record = this.#readAt(end < 0 ? this.#text.length : end, final);
      if (record === undefined) break;
      if (record !== 'skipped') records.push(record);
    }
    return records;
  }

  /** The row that begins here; undefined when more bytes must tell where it ends. */
  #readAt(end: number, final: boolean): CsvRecord | 'skipped' | undefined {
    const line = this.#text.slice(this.#at, end);
    if (this.#skipping) {
      this.#skipping = false;
      this.#moveBehind(end);
      return 'skipped';
    }
    if (line.length > this.#options.maxRow) return this.#damaged(line, end);
    if (!line.includes('"')) return this.#whole(line.split(','), end);
    const read = readQuoted(this.#text, this.#at, final);
    if (read === 'more') {
      const open = this.#text.length - this.#at <= this.#options.maxRow && !final;
      return open ? undefined : this.#damaged(line, end);
    }
    if (read === 'damaged' || !this.#accepts(read, end)) return this.#damaged(line, end);
    return this.#whole(read.cells, read.end);
  }

  #accepts({ cells, end }: QuotedRow, lineEnd: number): boolean {
    if (end <= lineEnd) return true;
    if (end - this.#at > this.#options.maxRow) return false;
    return this.#options.acceptsLines(cells, this.#text.slice(this.#at, end).split(/\r\n|\r|\n/));
  }

  #whole(cells: readonly string[], end: number): CsvRecord {
    this.#moveBehind(end);
    return { row: ++this.#row, cells, text: '' };
  }

  #damaged(line: string, end: number): CsvRecord {
    this.#moveBehind(end);
    return { row: ++this.#row, cells: undefined, text: cutText(line, MAX_TEXT) };
  }

  /** A line without end must not fill the memory. */
  #guardLength(records: CsvRecord[]): void {
    if (this.#text.length - this.#at <= this.#options.maxRow) return;
    const line = this.#text.slice(this.#at);
    if (!this.#skipping) records.push(this.#damaged(line, this.#text.length));
    this.#at = this.#text.length;
    this.#skipping = true;
  }

  #moveBehind(end: number): void {
    const carriageReturn = this.#text[end] === '\r';
    const both = carriageReturn && this.#text[end + 1] === '\n';
    if (carriageReturn && !both) this.#carriageReturns += 1;
    this.#at = end + (both ? 2 : 1);
  }

  /** Where the line ends that begins at `from`; -1 when that is not in the text. */
  #lineEnd(from: number): number {
    if (this.#nextReturn === undefined || (this.#nextReturn >= 0 && this.#nextReturn < from)) {
      this.#nextReturn = this.#text.indexOf('\r', from);
    }
    const newline = this.#text.indexOf('\n', from);
    if (newline < 0 || this.#nextReturn < 0) return Math.max(newline, this.#nextReturn);
    return Math.min(newline, this.#nextReturn);
  }
}

interface QuotedRow {
  readonly cells: readonly string[];
  /** Of its line end, or the end of the text. */
  readonly end: number;
}

/** A row with quotation marks; one inside a cell that does not begin with one stands for itself. */
function readQuoted(text: string, from: number, final: boolean): QuotedRow | 'damaged' | 'more' {
  const cells: string[] = [];
  for (let at = from; ; at += 1) {
    const quoted = text[at] === '"';
    const end = quoted ? closingQuote(text, at) : plainEnd(text, at);
    if (end < 0 || (!final && end >= text.length)) return 'more';
    const cell = quoted ? text.slice(at + 1, end - 1).replaceAll('""', '"') : text.slice(at, end);
    cells.push(cell);
    const next = text[end];
    // A CR at the end of the bytes may be half of a CRLF.
    if (next === '\r' && !final && end === text.length - 1) return 'more';
    if (next === undefined || next === '\n' || next === '\r') return { cells, end };
    if (next !== ',') return 'damaged';
    at = end;
  }
}

/** Behind the quotation mark that closes the cell; -1 without one. */
function closingQuote(text: string, open: number): number {
  for (let at = open + 1; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0) return -1;
    if (text[at + 1] !== '"') return at + 1;
  }
}

const CELL_END = /[,\r\n]|$/g;

function plainEnd(text: string, from: number): number {
  CELL_END.lastIndex = from;
  return CELL_END.exec(text)?.index ?? text.length;
}
