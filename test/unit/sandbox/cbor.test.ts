import { cbor } from '@smithy/core/cbor';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCbor, encodeCbor } from '../../../src/sandbox/cbor.ts';
import { AwsError } from '../../../src/sandbox/errors.ts';
import { OutputMap, Timestamp } from '../../../src/sandbox/output.ts';
import type { OutputValue } from '../../../src/sandbox/output.ts';

const hex = (text: string): unknown => decodeCbor(Buffer.from(text, 'hex'));

describe('CBOR', () => {
  it.each([
    ['00', 0],
    ['1818', 24],
    ['1903e8', 1000],
    ['1a000f4240', 1_000_000],
    ['1b000000e8d4a51000', 1_000_000_000_000],
    ['20', -1],
    ['3903e7', -1000],
    ['f90000', 0],
    ['f93e00', 1.5],
    ['f97bff', 65504],
    ['f90001', 2 ** -24],
    ['f9c400', -4],
    ['f97c00', Infinity],
    ['fa47c35000', 100_000],
    ['fb3ff199999999999a', 1.1],
    ['f4', false],
    ['f5', true],
    ['f6', undefined],
    ['c11a514b67b0', new Date('2013-03-21T20:04:00Z')],
    ['c1fb41d452d9ec200000', new Date('2013-03-21T20:04:00.500Z')],
    ['62c3bc', 'ü'],
    ['7f657374726561646d696e67ff', 'streaming'],
    ['8301820203820405', [1, [2, 3], [4, 5]]],
    ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
    ['a26161016162820203', { a: 1, b: [2, 3] }],
    ['bf6346756ef563416d7421ff', { Fun: true, Amt: -2 }],
  ])('of RFC 8949, appendix A: %s', (text, value) => {
    expect(hex(text)).toEqual(value);
  });

  const leaf = fc.oneof(
    fc.double({ noNaN: true }),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.boolean(),
    fc.integer({ min: 0, max: 4e9 }).map(seconds => new Timestamp(seconds)),
  );
  // The SDK's reader loses a key of that name.
  const keys = fc.string().filter(key => key !== '__proto__');
  const { value: values } = fc.letrec<{ value: OutputValue }>(tie => ({
    value: fc.oneof(
      { depthSize: 'small' },
      leaf,
      fc.array(tie('value'), { maxLength: 8 }),
      fc.dictionary(keys, tie('value'), { maxKeys: 8, noNullPrototype: true }),
      fc
        .uniqueArray(fc.tuple(keys, tie('value')), {
          selector: ([key]) => key,
          maxLength: 8,
        })
        .map(entries => new OutputMap(entries)),
    ),
  }));

  it('is read by the SDK as it was written', () => {
    fc.assert(
      fc.property(values, value => {
        const plain = JSON.stringify(value);
        const read: unknown = cbor.deserialize(encodeCbor(value));
        const untagged = JSON.stringify(read, (_key, part: unknown) =>
          part instanceof Object && 'tag' in part && 'value' in part ? part.value : part,
        );
        expect(JSON.parse(untagged)).toEqual(JSON.parse(plain));
      }),
    );
  });

  it('is read as the SDK wrote it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), value => {
        const withoutNull = JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
          part === null ? 'null' : part,
        ) as unknown;
        expect(decodeCbor(Buffer.from(cbor.serialize(withoutNull)))).toEqual(withoutNull);
      }),
    );
  });

  it('is read or refused, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), bytes => {
        try {
          decodeCbor(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(AwsError);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['a list of four thousand million', '9affffffff'],
    ['a text that ends early', '7a00ffffff61'],
    ['nesting without end', '81'.repeat(10_000)],
    ['a key that is no text', 'a10101'],
    ['an odd map', 'bf6161ff'],
    ['more than one item', '0101'],
    ['nothing', ''],
    ['another tag', 'c001'],
  ])('refuses %s', (_what, text) => {
    expect(() => hex(text)).toThrow('The CBOR body has an unexpected type or form.');
  });
});
