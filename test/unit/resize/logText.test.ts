import { describe, expect, it } from 'vitest';
import { logText, spanText } from '../../../src/resize/logs/logText.ts';

const about = {
  functionName: 'Resize',
  logGroup: '/aws/lambda/Resize',
  since: new Date('2026-11-22T09:00:00Z'),
};
const line = (message: string, at = '2026-11-22T10:00:00.123Z') => ({
  timestamp: new Date(at),
  message,
  stream: 's',
});

describe('logText', () => {
  it('says when each line was written, once, by the time that lines are sorted by', () => {
    const own = '2026-11-22T10:00:00.124Z\t8a\tINFO\t{"outcome":"resized"}';
    const text = logText({ ...about, lines: [line('START RequestId: 8a'), line(own)] });
    expect(text.split('\n').slice(2)).toEqual([
      '',
      '2026-11-22T10:00:00.123Z\tSTART RequestId: 8a',
      '2026-11-22T10:00:00.123Z\t8a\tINFO\t{"outcome":"resized"}',
      '',
    ]);
    expect(text).toMatch(/^# Log lines of Resize \(\/aws\/lambda\/Resize\)\n# since /);
  });

  it('keeps the lines of one message together', () => {
    const text = logText({ ...about, lines: [line('Error: no\n    at index.mjs\r\n  at x')] });
    expect(text).toContain('Error: no\n        at index.mjs\n      at x\n');
  });

  it('cuts endless lines and shows control characters', () => {
    const text = logText({ ...about, lines: [line(`a\tb\u001b[31m\u0000${'x'.repeat(100_000)}`)] });
    expect(text).toContain('a\tb\ufffd[31m\ufffdxxx');
    expect(text.length).toBeLessThan(10_200);
  });

  it('says plainly that there is nothing yet', () => {
    const text = logText({ ...about, requestId: '8a-1', lines: [] });
    expect(text).toContain('about the request 8a-1');
    expect(text).toContain('# No log lines since ');
    expect(text).toContain('a few seconds later');
  });
});

describe('the text of a span', () => {
  const id = '8f5cc0b4-5b0f-4a3b-9d8e-0123456789ab';
  const span = {
    functionName: 'Resize',
    logGroup: '/aws/lambda/Resize',
    start: new Date('2026-11-22T10:00:00Z'),
    end: new Date('2026-11-22T10:01:00Z'),
  };
  const about = (key: string) =>
    line(`${id} ${JSON.stringify({ level: 'error', bucket: 'b', key })}`);

  it('has the invocations with errors first, and the object in each of their lines', () => {
    const lines = [
      line('INIT_START'),
      line(`START RequestId: ${id}`),
      about('a.jpg'),
      line(`REPORT RequestId: ${id}`),
    ];
    const rows = spanText({ ...span, lines }).split('\n');
    const at = (message: string) => `2026-11-22T10:00:00.123Z\t${message}`;
    expect(rows[1]).toBe('# from 2026-11-22T10:00:00.000Z to 2026-11-22T10:01:00.000Z');
    expect(rows.slice(2, 4)).toEqual(['# Errors, newest first:', '']);
    const failed = rows.indexOf('# Invocations with errors:');
    expect(rows.slice(failed, failed + 4)).toEqual([
      '# Invocations with errors:',
      '',
      at(`a.jpg\tSTART RequestId: ${id}`),
      expect.stringContaining(at('a.jpg\t')),
    ]);
    const all = rows.indexOf('# All lines:');
    expect(rows.slice(all + 1, all + 4)).toEqual([
      '',
      at('INIT_START'),
      at(`a.jpg\tSTART RequestId: ${id}`),
    ]);
  });

  it('says that there are none, or too many', () => {
    expect(spanText({ ...span, lines: [] })).toContain('# No log lines.');
    const text = spanText({ ...span, lines: [line('x')], errorsOnlyAfter: span.start });
    expect(text).toContain('# Too many log lines: after 2026-11-22T10:00:00.000Z, only');
  });

  it('shows hostile lines as text, and not too much of them', () => {
    const hostile = '<img src=x onerror=alert(1)>\u001b[31m\u202egpj\u2028\u0085';
    const lines = [
      about('a\n\u202eb'),
      line(hostile),
      ...new Array<ReturnType<typeof line>>(2000).fill(line('x'.repeat(1e6))),
    ];
    const text = spanText({ ...span, lines });
    expect(text).toContain('\ta\\n\\u202eb\t');
    expect(text).toContain('<img src=x onerror=alert(1)>\ufffd[31m\ufffdgpj\ufffd\ufffd\n');
    expect(text).not.toMatch(/[\u001b\u202e\u2028\u0085]/);
    expect(text).toMatch(/# \d+ more lines aren’t shown\.\n/);
    expect(text.length).toBeLessThan(5_100_000);
  });
});
