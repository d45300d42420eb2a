import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CsvRecords } from '../../../src/aws/csvRecords.ts';
import { decodeManifestKey } from '../../../src/aws/manifest/manifestKey.ts';
import {
  correctionsOf,
  exclude,
  usualCorrections,
  type Correction,
} from '../../../src/aws/manifestCheck/corrections.ts';
import { RowCorrector, type CorrectionPlan } from '../../../src/aws/manifestCheck/rowCorrector.ts';

const VERSION = 'aBcDeFgHiJkLmNoPqRsTuVwXyZ012345';

function corrected(
  text: string,
  corrections: readonly Correction[],
  plan: Partial<CorrectionPlan> = {},
): { rows: string[]; leftOut: number } {
  const csv = new CsvRecords({ maxRow: 64 * 1024, acceptsLines: () => false });
  const records = [...csv.push(Buffer.from(text)), ...csv.end()];
  const corrector = new RowCorrector({ columns: 2, ...plan, corrections });
  const rows = records.flatMap(record => {
    const row = corrector.correct(record);
    if (row === undefined) return [];
    return [[row.bucket, row.key, ...(corrector.hasVersions ? [row.version] : [])].join(',')];
  });
  return { rows, leftOut: corrector.leftOut };
}

describe('RowCorrector', () => {
  it.each<[string, string, Correction[], string[], Partial<CorrectionPlan>?]>([
    ['a header', 'bucket,key\nimages,a\n', ['dropHeader'], ['images,a'], { headerRow: 1 }],
    ['nothing else', 'images,a%20b\n\nimages,c\r\n', ['rewrite'], ['images,a%20b', 'images,c']],
    [
      'keys',
      'images,a b\nimages,c%20d\nimages,ü',
      ['encodeKeys'],
      [...['images,a%20b', 'images,c%20d', 'images,%C3%BC']],
    ],
    [
      'all keys',
      'images,a b\nimages,c%20d+e\n',
      ['encodeAllKeys'],
      [...['images,a%20b', 'images,c%2520d%2Be']],
    ],
    ['plus signs', 'images,a+b\n', ['keepPlusSigns'], ['images,a%2Bb']],
    ['spaces', ' images , a\n', ['trimSpaces'], ['images,a']],
    ['semicolons', 'images;a b\n', ['splitCells'], ['images,a%20b'], { separator: ';' }],
    ['tabs', 'images\ta%20b\n', ['splitCells'], ['images,a%20b'], { separator: 'tab' }],
    ['URIs', 's3://images/a b/c\n', ['splitCells'], ['images,a%20b/c'], { separator: 's3Uris' }],
    ['commas', 'images,a\nimages,b,c.png\n', ['joinCells'], ['images,a', 'images,b%2Cc.png']],
    ['duplicates', 'images,a\nimages,b\nimages,a\n', ['dropDuplicates'], ['images,a', 'images,b']],
    [
      'versions',
      `images,a,${VERSION}\nimages,b,\n`,
      ['dropVersions'],
      ['images,a', 'images,b'],
      {
        ...{ columns: 3, versionColumn: 2 },
      },
    ],
    [
      'versions to be filled in',
      `images,a,${VERSION}\nimages,b,x\nimages,c,null\n`,
      ['fillVersions'],
      [...[`images,a,${VERSION}`, 'images,b,', 'images,c,null']],
      { columns: 3, versionColumn: 2 },
    ],
    [
      'columns that are not needed',
      `images,a,2026,${VERSION}\n`,
      ['rewrite'],
      [`images,a,${VERSION}`],
      { columns: 4, versionColumn: 3 },
    ],
  ])('puts %s right', (_, text, corrections, rows, plan = {}) => {
    expect(corrected(text, corrections, plan).rows).toEqual(rows);
  });

  it('leaves out damaged rows and counts them', () => {
    const text = 'images,a\nx,b\nimages,\nimages\n"images,c\nimages,d\n';
    expect(corrected(text, ['dropDamaged'])).toEqual({
      rows: ['images,a', 'images,d'],
      leftOut: 4,
    });
  });

  it('brings any key through as it stands', () => {
    const key = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter(text => !/[,"\r\n]/.test(text) && text.trim() !== '' && !text.startsWith('\ufeff'));
    fc.assert(
      fc.property(fc.array(key, { minLength: 1 }), keys => {
        const text = keys.map(one => `images,${one}\n`).join('');
        const { rows } = corrected(text, ['encodeAllKeys']);
        expect(rows.map(row => decodeManifestKey(row.slice('images,'.length)))).toEqual(keys);
      }),
    );
  });
});

describe('corrections', () => {
  it('offers what mends a kind, the likeliest first', () => {
    expect(correctionsOf('unencodedKey')).toEqual(['encodeKeys', 'encodeAllKeys']);
    expect(correctionsOf('severalBuckets')).toEqual([]);
  });

  it('mends all that was found, but leaves a plus sign what AWS takes it for', () => {
    const counts = { headerRow: 1, unencodedKey: 3, plusSign: 2, emptyKey: 0, malformed: 1 };
    expect(usualCorrections(counts)).toEqual(['dropHeader', 'encodeKeys', 'dropDamaged']);
  });

  it('never makes two that exclude each other', () => {
    expect(exclude('fillVersions', 'dropVersions')).toBe(true);
    expect(exclude('encodeKeys', 'encodeKeys')).toBe(false);
    expect(exclude('encodeKeys', 'dropHeader')).toBe(false);
  });
});
