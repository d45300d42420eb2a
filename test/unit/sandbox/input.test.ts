import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/sandbox/errors.ts';
import { Input } from '../../../src/sandbox/input.ts';

const input = (members: unknown, textual: boolean): Input =>
  new Input(members, {
    operation: 'Test',
    textual,
    missing: path => new AwsError('MissingParameter', 400, path),
  });

describe('members that came as text', () => {
  let zone: string | undefined;
  beforeEach(() => {
    zone = process.env.TZ;
    process.env.TZ = 'America/New_York';
  });
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  it.each([
    ['2026-06-01T12:00:00Z', '2026-06-01T12:00:00.000Z'],
    ['2026-06-01T12:00:00.250Z', '2026-06-01T12:00:00.250Z'],
    ['2026-06-01T12:00:00', '2026-06-01T12:00:00.000Z'],
    ['2026-06-01T12:00', '2026-06-01T12:00:00.000Z'],
    ['2026-06-01', '2026-06-01T00:00:00.000Z'],
    ['2026-06-01T12:00:00+02:00', '2026-06-01T10:00:00.000Z'],
    ['2026-06-01T12:00:00-0100', '2026-06-01T13:00:00.000Z'],
  ])('are times of ISO 8601, of UTC without an offset: %s', (text, time) => {
    expect(input({ Time: text }, true).time('Time')?.toISOString()).toBe(time);
  });

  it.each(['now', '2026', '1780315200', 'June 1 2026', '2026-13-01', '2026-06-01 12:00', ''])(
    'are no times otherwise: %j',
    text => {
      expect(() => input({ Time: text }, true).time('Time')).toThrow(
        'timestamp must follow ISO8601',
      );
    },
  );

  it('are decimal numbers', () => {
    for (const [text, number] of Object.entries({ 5: 5, '-2.5': -2.5, '1e3': 1000, '.5': 0.5 })) {
      expect(input({ Number: text }, true).number('Number')).toBe(number);
    }
    for (const text of ['0x10', '0b1', ' 5', '5 ', '1_000', '1e999', '.', 'e1', '']) {
      expect(() => input({ Number: text }, true).number('Number')).toThrow('Number has an');
    }
  });
});

it('structures are neither lists nor times nor bytes', () => {
  for (const members of [[], new Date(), Buffer.from('x'), null, 'x']) {
    expect(() => input({ Child: members ?? 5 }, false).child('Child')).toThrow('Child has an');
  }
  expect(input({ Child: null }, false).child('Child')).toBeUndefined();
});
