import { describe, expect, it } from 'vitest';
import { logText } from '../../../src/resize/logs/logText.ts';

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
  it('says when each line was written, once', () => {
    const own = '2026-11-22T10:00:00.124Z\t8a\tINFO\t{"outcome":"resized"}';
    const text = logText({ ...about, lines: [line('START RequestId: 8a'), line(own)] });
    expect(text.split('\n').slice(2)).toEqual([
      '',
      '2026-11-22T10:00:00.123Z\tSTART RequestId: 8a',
      own,
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
    expect(text).toContain('# There are none since ');
    expect(text).toContain('some seconds later');
  });
});
