import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseKeyTemplate, renderKey } from '../../../lambda/resize/keyTemplate.ts';
import { resizedKeys } from '../../../src/aws/resizeFunction/resizedKeys.ts';

const templates = [
  'resized-{key}',
  '{folder}{width}/{name}.{extension}',
  'w{width}/{key}',
  '{name}',
];
const formats = ['jpeg', 'png', 'webp', 'avif'] as const;
const keys = fc.oneof(
  fc.constantFrom('a/b/photo.JPG', 'photo.jpeg', '.png', 'a.b/c', 'a/.x.png', '{width}.png'),
  fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
);

describe('resizedKeys', () => {
  it('are the keys that the function writes', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...templates),
        keys,
        fc.constantFrom(...formats),
        (keyTemplate, key, format) => {
          const template = parseKeyTemplate(keyTemplate);
          const written = [200, 64].map(width => renderKey(template, { key, width, format }));
          expect(resizedKeys({ keyTemplate, widths: [200, 64], format }, key)).toEqual(written);
        },
      ),
    );
  });

  it('keep the extension where the format stays', () => {
    const settings = { keyTemplate: '{name}@{width}.{extension}', widths: [9], format: 'same' };
    expect(resizedKeys(settings as Parameters<typeof resizedKeys>[0], 'a/b.TIFF')).toEqual([
      'b@9.TIFF',
    ]);
  });
});
