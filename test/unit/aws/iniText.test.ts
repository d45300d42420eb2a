import { describe, expect, it } from 'vitest';
import { parseIni, words } from '../../../src/aws/connection/iniText.ts';

const read = (text: string) =>
  parseIni(text).sections.map(({ header, values }) => [header, Object.fromEntries(values)]);

describe('a config file', () => {
  it('is read as the AWS CLI reads it', () => {
    const text =
      '\uFEFF# a comment\r\n[default]\r\nRegion : eu-west-1\r\nkey=a = b\r\n' +
      's3 =\r\n  addressing_style = path\r\n  ; not = this\r\n  use_arn_region=true\r\n' +
      '[services mine] # behind\nlong = a\n  b\n';
    expect(read(text)).toEqual([
      [
        'default',
        {
          ...{ region: 'eu-west-1', key: 'a = b' },
          s3: new Map([
            ['addressing_style', 'path'],
            ['use_arn_region', 'true'],
          ]),
        },
      ],
      ['services mine', { long: 'a\nb' }],
    ]);
  });

  it('says which line is wrong, and keeps the other sections', () => {
    const { sections, problems } = parseIni(
      'lost = 1\n[a]\nnonsense\nk = 1\nk = 2\n[b]\nfine = 1\n[a]\n',
    );
    expect(problems).toEqual([{ fault: 'noSection', line: 1 }]);
    expect(sections.map(({ problems: own }) => own)).toEqual([
      [
        { fault: 'noValue', line: 3 },
        { fault: 'repeatedKey', line: 5, text: 'k' },
      ],
      [],
      [{ fault: 'repeatedSection', line: 8, text: 'a' }],
    ]);
  });
});

describe('the name of a section', () => {
  it.each([
    ['profile prod', ['profile', 'prod']],
    ['profile "my prof"', ['profile', 'my prof']],
    ["sso-session 'My Corp'", ['sso-session', 'My Corp']],
    ['profile my\\ prof', ['profile', 'my prof']],
    ['profile a"b c"d', ['profile', 'ab cd']],
    ['profile my prof', ['profile', 'my', 'prof']],
    ['profile "open', undefined],
  ])('%s is split as a shell does', (header, expected) => {
    expect(words(header)).toEqual(expected);
  });
});
