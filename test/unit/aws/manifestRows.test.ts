import { describe, expect, it } from 'vitest';
import { ProblemLog } from '../../../src/aws/manifest/manifestProblems.ts';
import { ManifestRows } from '../../../src/aws/manifest/manifestRows.ts';
import { fieldsOf } from '../../../src/aws/manifest/versionColumn.ts';

function check(...lines: string[]) {
  const log = new ProblemLog(100);
  const rows = new ManifestRows(log);
  lines.forEach((line, at) => rows.add({ row: at + 1, cells: line.split(','), text: '' }));
  rows.finish();
  const fields = fieldsOf(rows.columns, rows.versions.found);
  const problems = log.problems.map(({ kind, row }) => `${kind} ${row ?? '-'}`);
  return { rows, fields, problems, log, counts: log.counts };
}

describe('ManifestRows', () => {
  it('finds nothing wrong with a good manifest', () => {
    const { rows, fields, problems } = check('images,a.png', 'images,b%20c.png');
    expect(problems).toEqual([]);
    expect(fields).toEqual(['Bucket', 'Key']);
    expect(rows.count).toBe(2);
    expect(rows.sampleKeys).toEqual(['a.png', 'b c.png']);
    expect([...rows.buckets]).toEqual([['images', 2]]);
  });

  it.each([
    ...['bucket,key', 'Bucket,Key', 'Bucket Name,Object Key', 's3_bucket,key_name'],
    ...['source_bucket,source_key', 'BucketName,FileName', 'S3 Bucket,File Path'],
    ...['Eimer (S3),Schlüssel', 'バケット,キー', 'Bucket-Name:,Object Key,Version ID'],
  ])('knows a header: %s', header => {
    const more = ',x'.repeat(header.split(',').length - 2);
    const { problems, rows } = check(header, `images,a.png${more}`);
    expect(problems[0]).toMatch(more === '' ? 'headerRow 1' : 'ignoredColumns -');
    expect(problems).toContain('headerRow 1');
    expect([rows.count, rows.lines]).toEqual([1, 2]);
  });

  it('knows a header that stands alone', () => {
    expect(check('bucket,key').problems).toEqual(['empty -', 'headerRow 1']);
  });

  it('takes a first row for one, whatever its bucket and key are called', () => {
    expect(check('bucket,keys/1.png').problems).toEqual([]);
    expect(check('bucket,key', 'bucket,other').problems).toEqual([]);
    expect(check('my-images,a.png', 'my-images,b.png').problems).toEqual([]);
    expect(check('My_Images,README', 'My_Images,b.png').problems).toEqual([]);
  });

  it('asks about a first row whose bucket no other row names', () => {
    const { rows } = check('conteneur,cle', 'images,a', 'images,b');
    expect(rows.loneBucket).toBe('conteneur');
    expect(check('images,a', 'images,b').rows.loneBucket).toBeUndefined();
    expect(check('images,a').rows.loneBucket).toBeUndefined();
    rows.firstIsHeader();
    expect([rows.count, [...rows.buckets]]).toEqual([2, [['images', 2]]]);
  });

  it('finds keys that are not encoded', () => {
    expect(check('images,my photo.png', 'images,über.png', 'images,100%.png').problems).toEqual([
      'unencodedKey 1',
      'unencodedKey 2',
      'unencodedKey 3',
    ]);
    expect(check('images,a+b.png').problems).toEqual(['plusSign 1']);
  });

  it('counts columns', () => {
    expect(check('images,a', 'images,b,x', 'images').problems).toEqual([
      'columnCount 2',
      'columnCount 3',
    ]);
  });

  it.each([
    ['separator', ';', ['b1x;a.png', 'b1x;b.png']],
    ['separator', 'tab', ['b1x\ta.png', 'b1x\tb.png']],
    ['separator', '|', ['b1x|a.png', 'b1x|b c.png']],
    ['separator', 'space', ['just text']],
    ['s3Uris', undefined, ['s3://b1x/a.png', 's3://b1x/b;c.png']],
    ['oneColumn', undefined, ['a.png', 'b.png']],
  ])('finds no comma but %s %s', (kind, text, lines) => {
    const { log } = check(...lines);
    expect(log.problems).toEqual([{ kind, severity: 'error', row: undefined, text }]);
  });

  it('wants all versions or none', () => {
    const version = '3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrH';
    const some = check(`images,a,${version}`, 'images,b,', 'images,c,null');
    expect(some.problems).toEqual(['mixedVersions 2']);
    expect(some.fields).toEqual(['Bucket', 'Key', 'VersionId']);
    const all = check(`images,a,${version}`, 'images,b,null');
    expect(all.problems).toEqual([]);
    expect(all.fields).toEqual(['Bucket', 'Key', 'VersionId']);
    const none = check('images,a,', 'images,b,');
    expect(none.problems).toEqual([]);
    expect(none.fields).toEqual(['Bucket', 'Key', 'Ignore']);
  });

  it.each([
    ['storage classes', 'STANDARD', 'STANDARD_IA'],
    ['ETags', 'd41d8cd98f00b204e9800998ecf8427e', '9b2cf535f27731c974343645a3985328-12'],
    ['dates', '2026-11-29T10:00:00.000Z', '2026-11-29'],
    ['sizes', '1024', '17'],
    ['ids', '00e123a4-c0d8-41f4-a0eb-b46f9ba5b07c', '550e8400-e29b-41d4-a716-446655440000'],
    ['truth', 'true', 'false'],
    ['SHA-256', '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=', 'x'],
  ])('takes no %s for version ids', (_, first, second) => {
    const { fields, problems, log } = check(`images,a,${first}`, `images,b,${second}`);
    expect(fields).toEqual(['Bucket', 'Key', 'Ignore']);
    expect(problems).toEqual(['ignoredColumns -']);
    expect(log.problems[0]).toMatchObject({ severity: 'warning', text: `3 (${first})` });
  });

  it.each([
    ...['PZ9ibn9D5lP6p298B7S9_ceqx1n5EJ0p', 'imHf3FAiRsvBW_EHB8GOu.NHunHO1gVs', 'null'],
    ...['3sL4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY+MTRCxf3vjVBH40Nr8X8gdRQBpUMLUo'],
  ])('finds the versions in a later column: %s', version => {
    const { fields, problems, rows } = check(`images,a,17,STANDARD,${version}`);
    expect(fields).toEqual(['Bucket', 'Key', 'Ignore', 'Ignore', 'VersionId']);
    expect(problems).toEqual([]);
    expect(rows.versions.others.map(({ index }) => index)).toEqual([2, 3]);
  });

  it('says which cell among version ids is none', () => {
    const version = (at: number) => `PZ9ibn9D5lP6p298B7S9_ceqx1n5E${100 + at}`;
    const lines = Array.from({ length: 20 }, (_, at) => `images,a${at},${version(at)}`);
    const { fields, problems } = check(...lines, 'images,b,STANDARD');
    expect(fields[2]).toBe('VersionId');
    expect(problems).toEqual(['versionId 21']);
  });

  it('leaves to a person what may be versions of another service', () => {
    const uuid = (at: number) => `550e8400-e29b-41d4-a716-44665544000${at}`;
    const { rows } = check(`images,a,${uuid(1)}`, `images,b,${uuid(2)}`);
    expect(rows.versions.others).toEqual([{ index: 2, example: uuid(1), mayBeVersions: true }]);
    const never = check(`images,a,x y`, `images,b,`);
    expect(never.rows.versions.others[0]?.mayBeVersions).toBe(false);
  });

  it('finds the same row twice', () => {
    expect(check('images,a', 'images,b', 'images,a').problems).toEqual(['duplicateRow 3']);
  });

  it('counts what is wrong with many rows', () => {
    const lines = Array.from({ length: 500 }, (_, at) => `images,a${at},`);
    const { counts } = check('images,a,PZ9ibn9D5lP6p298B7S9_ceqx1n5EJ0p', ...lines);
    expect(counts).toEqual({ mixedVersions: 500 });
  });

  it('finds blank lines, spaces at the ends and missing keys, with their rows', () => {
    expect(check('images,a', '', 'images,b ', ' images,c', 'images,').problems).toEqual([
      'blankLine 2',
      'trailingSpace 3',
      'trailingSpace 4',
      'emptyKey 5',
    ]);
  });

  it("finds another bucket's rows and names no bucket can have", () => {
    const { problems, rows } = check('images,a', 'other,b', 'arn:aws:s3:::images,c');
    expect(problems).toEqual(['severalBuckets 2', 'bucketName 3']);
    expect(rows.buckets.get('other')).toBe(1);
  });

  it('measures keys in bytes of UTF-8, decoded', () => {
    expect(check(`images,${'a'.repeat(1024)}`).problems).toEqual([]);
    expect(check(`images,${'a'.repeat(1025)}`).problems).toEqual(['keyTooLong 1']);
    expect(check(`images,${'%C3%BC'.repeat(512)}`).problems).toEqual([]);
    expect(check(`images,${'%C3%BC'.repeat(513)}`).problems).toEqual(['keyTooLong 1']);
  });

  it('calls nothing but blank lines empty', () => {
    expect(check().problems).toEqual(['empty -']);
    expect(check('').problems).toEqual(['empty -', 'blankLine 1']);
  });

  it('keeps the first hundred of many problems and counts all', () => {
    const bad = Array.from({ length: 5_000 }, (_, index) => `images,a b${index}`);
    const { problems, counts } = check(...bad, 'images');
    expect(counts).toEqual({ unencodedKey: 5_000, columnCount: 1 });
    expect(problems).toContain('columnCount 5001');
    expect(problems.length).toBeLessThanOrEqual(100);
  });
});
