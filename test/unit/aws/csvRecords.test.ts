import { execFileSync, spawnSync } from 'node:child_process';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvRecords } from '../../../src/aws/csvRecords.ts';

/** The rows of a file that comes in pieces of so many bytes; a damaged row is its text. */
function read(file: string | Uint8Array, piece = 7, maxRow = 1000) {
  const csv = new CsvRecords({ maxRow, acceptsLines: () => true });
  const bytes = Buffer.from(file as string);
  const records = [];
  for (let at = 0; at < bytes.length; at += piece) {
    records.push(...csv.push(bytes.subarray(at, at + piece)));
  }
  records.push(...csv.end());
  expect(records.map(({ row }) => row)).toEqual(records.map((_, at) => at + 1));
  return records.map(({ cells, text }) => cells ?? text);
}

describe('CsvRecords', () => {
  it.each([1, 2, 3, 1000])('reads every line end, mixed too, in pieces of %i bytes', piece => {
    expect(read('a,1\r\nb,2\nc,3\rd,4\r\n\r\n\n\re', piece)).toEqual([
      ...[
        ['a', '1'],
        ['b', '2'],
        ['c', '3'],
        ['d', '4'],
      ],
      ...[[''], [''], [''], ['e']],
    ]);
  });

  it('counts lines that end with CR alone', () => {
    const csv = new CsvRecords({ maxRow: 100, acceptsLines: () => true });
    csv.push(Buffer.from('a\rb\r\nc\r'));
    csv.end();
    expect(csv.carriageReturns).toBe(2);
  });

  it('reads what others write, in pieces of any size', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'ü', '😀', ',', '"', '\n', '\r', ' ') });
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 });
    const ends = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(rows, ends, fc.integer({ min: 1, max: 9 }), (written, end, piece) => {
        const file = stringify(written, { record_delimiter: end, quoted_match: /[\r\n]/ });
        expect(read(file, piece)).toEqual(written);
      }),
    );
  });

  const withoutPython = spawnSync('python3', ['--version']).status !== 0;
  it.skipIf(withoutPython)("agrees with Python's csv module", () => {
    const files = ['a,b\r\nc,d\n', 'a,"b ""c"" d",e\n', 'a,b "c" d\n', '"a\nb",c\n', 'a,\n,b\n'];
    const script =
      'import csv,io,json,sys; print(json.dumps([list(csv.reader(io.StringIO(f, newline=""))) for f in json.load(sys.stdin)]))';
    const answer = execFileSync('python3', ['-c', script], { input: JSON.stringify(files) });
    expect(files.map(file => read(file))).toEqual(JSON.parse(answer.toString()));
  });

  it.each([
    [
      'a missing quotation mark',
      'a,1\nb,"2\nc,3\nd,4\n',
      [['a', '1'], 'b,"2', ['c', '3'], ['d', '4']],
    ],
    ['two of them', 'a,"1\nb,2\nc,"3\nd,4', ['a,"1', ['b', '2'], 'c,"3', ['d', '4']]],
    ['text behind a quoted cell', 'a,"1"x\nb,2\n', ['a,"1"x', ['b', '2']]],
    ['one in the last line', 'a,1\nb,"', [['a', '1'], 'b,"']],
  ])('loses one row to %s', (_, file, expected) => {
    for (const piece of [1, 3, 100]) expect(read(file, piece)).toEqual(expected);
  });

  it('asks whether a row of several lines is one', () => {
    const csv = new CsvRecords({ maxRow: 100, acceptsLines: (_, lines) => lines.length < 3 });
    const records = [...csv.push(Buffer.from('a,"1\n2"\nb,"1\n2\n3"\nc,d\n')), ...csv.end()];
    expect(records.map(({ cells, text }) => cells ?? text)).toEqual([
      ...[['a', '1\n2'], 'b,"1', ['2'], ['3"'], ['c', 'd']],
    ]);
  });

  it('does without a line that is too long, and without what an open quotation mark takes in', () => {
    const long = 'x'.repeat(5000);
    const [first, cut, last] = read(`a,1\n${long}\nb,2\n`, 100, 200);
    expect([first, last]).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
    expect(cut).toMatch(/^x{200,500}$/);
    const rest = Array.from({ length: 500 }, (_, at) => [`k${at}`, 'v']);
    expect(read(`a,"1\n${rest.join('\n')}\n`, 64, 200)).toEqual(['a,"1', ...rest]);
  });

  it('marks what is no UTF-8, and leaves out a byte order mark', () => {
    expect(read(Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0x2c, 0xff, 0x62]), 1)).toEqual([
      ['a', '\ufffdb'],
    ]);
  });
});
