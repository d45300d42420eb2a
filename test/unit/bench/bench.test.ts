import { describe, expect, it } from 'vitest';
import { parseAnswer } from '../../bench/httpConnection.ts';
import { isMet, ratioOf, toTable, type Row } from '../../bench/row.ts';
import { summarize } from '../../bench/statistics.ts';

describe('parseAnswer', () => {
  const parse = (text: string): ReturnType<typeof parseAnswer> => parseAnswer(Buffer.from(text));

  it('waits for the whole of a body of known length', () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n';
    expect(parse(head)).toBeUndefined();
    expect(parse(`${head}hell`)).toBeUndefined();
    const answer = parse(`${head}hello`);
    expect(answer?.status).toBe(200);
    expect(answer?.body.toString()).toBe('hello');
    expect(answer?.closes).toBe(false);
  });

  it('joins chunks and waits for the last one', () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(parse(`${head}5\r\nhello\r\n`)).toBeUndefined();
    expect(parse(`${head}5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n`)?.body.toString()).toBe(
      'hello world',
    );
  });

  it('needs no length where the status has no body, and sees a connection that is closed', () => {
    const answer = parse('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n');
    expect(answer).toMatchObject({ status: 204, closes: true });
  });
});

describe('rows', () => {
  const row = (unit: Row['unit'], ours: number, theirs?: number): Row => ({
    group: 'g',
    measure: 'm',
    unit,
    ours: summarize([ours]),
    peer: theirs === undefined ? undefined : { name: 'peer', sample: summarize([theirs]) },
    aim: { ratio: 10 },
  });

  it('takes the median and keeps the spread', () => {
    expect(summarize([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(summarize([4, 1, 2, 3]).median).toBe(2.5);
    expect(() => summarize([])).toThrow(RangeError);
  });

  it('divides so that more than one is better than the peer', () => {
    expect(ratioOf(row('requests/s', 500, 50))).toBe(10);
    expect(ratioOf(row('s', 5, 50))).toBe(10);
    expect(isMet(row('s', 6, 50))).toBe(false);
    expect(isMet(row('s', 5, 50))).toBe(true);
  });

  it('claims nothing without a peer, and holds an upper bound', () => {
    expect(isMet(row('requests/s', 500))).toBeUndefined();
    expect(isMet({ ...row('MB', 151), aim: { atMost: 150 } })).toBe(false);
    expect(toTable([row('requests/s', 1234.5, 100)])).toContain('1,235');
  });
});
