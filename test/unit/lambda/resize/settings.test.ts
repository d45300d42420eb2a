import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseOptions } from '../../../../lambda/resize/options.ts';
import { problems } from '../../../../src/aws/resizeFunction/resizeProblems.ts';
import { FITS, FORMATS, toEnvironment } from '../../../../src/aws/resizeFunction/resizeSettings.ts';
import type { ResizeSettings } from '../../../../src/aws/resizeFunction/resizeSettings.ts';

/** Numbers at the edges of what is allowed, and beyond them. */
const side = fc.constantFrom(0, 1, 2, 200, 16_383, 16_384, 1.5, -1);
const template = fc
  .array(fc.constantFrom('{key}', '{name}', '{width}', '{size}', '{', '}', 'x', '/', '{folder}'))
  .map(parts => parts.join(''))
  .filter(text => text !== '');

const settings: fc.Arbitrary<ResizeSettings> = fc.record({
  keyTemplate: fc.oneof(template, fc.constant('{width}/{key}')),
  widths: fc.oneof(
    fc.array(side, { minLength: 1, maxLength: 3 }),
    fc.integer({ min: 15, max: 18 }).map(count => Array.from({ length: count }, (_, at) => at + 1)),
  ),
  height: fc.option(side, { nil: undefined }),
  fit: fc.constantFrom(...FITS),
  format: fc.constantFrom(...FORMATS),
  quality: fc.option(fc.constantFrom(0, 1, 100, 101), { nil: undefined }),
  enlarge: fc.boolean(),
  keepMetadata: fc.boolean(),
  keepTags: fc.boolean(),
  maxPixels: fc.option(fc.constantFrom(0, 1, 1e9, 1e9 + 1), { nil: undefined }),
  maxBytes: fc.option(fc.constantFrom(0, 1, 10 * 1024 ** 3, 10 * 1024 ** 3 + 1), {
    nil: undefined,
  }),
  permanentErrors: fc.constantFrom('log', 'throw'),
});

function isAccepted(each: ResizeSettings): boolean {
  try {
    parseOptions(toEnvironment(each));
    return true;
  } catch {
    return false;
  }
}

test('the function refuses the settings that the extension calls wrong, and no others', () => {
  fc.assert(
    fc.property(settings, each => {
      expect(isAccepted(each)).toBe(problems(each).length === 0);
    }),
    { numRuns: 2000 },
  );
});
