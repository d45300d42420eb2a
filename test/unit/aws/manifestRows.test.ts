import { describe, expect, it } from 'vitest';
import { ProblemLog } from '../../../src/aws/manifest/manifestProblems.ts';
import { ManifestRows } from '../../../src/aws/manifest/manifestRows.ts';

function check(...lines: string[]) {
  const log = new ProblemLog(100);
  const rows = new ManifestRows(log);
  lines.forEach(line => rows.add(line.split(',')));
  const fields = rows.finish();
  const problems = log.problems.map(({ kind, row }) => `${kind} ${row ?? '-'}`);
  return { rows, fields, problems, counts: log.counts };
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

  it.each(['bucket,key', 'Bucket,Key', 'Bucket Name,Object Key', 's3_bucket,key_name'])(
    'knows a header: %s',
    header => {
      const { problems, rows } = check(
        header.replace('Bucket Name', 'bucket_name'),
        'images,a.png',
      );
      expect(problems).toEqual(['headerRow 1']);
      expect([rows.count, rows.lines]).toEqual([1, 2]);
    },
  );

  it('takes a bucket named bucket, and a key named keys/1.png', () => {
    expect(check('bucket,keys/1.png').problems).toEqual([]);
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
    expect(check('just text').problems).toEqual(['columnCount 1']);
  });

  it('wants all versions or none', () => {
    const version = '3sL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY';
    const some = check(`images,a,${version}`, 'images,b,', 'images,c,null');
    expect(some.problems).toEqual(['mixedVersions 2']);
    expect(some.fields).toEqual(['Bucket', 'Key', 'VersionId']);
    const all = check(`images,a,${version}`, 'images,b,null');
    expect(all.problems).toEqual([]);
    expect(all.fields).toEqual(['Bucket', 'Key', 'VersionId']);
    const none = check('images,a,', 'images,b,');
    expect(none.problems).toEqual([]);
    expect(none.fields).toEqual(['Bucket', 'Key', 'Ignore']);
    const sizes = check('images,a,1024', 'images,b,17');
    expect(sizes.fields).toEqual(['Bucket', 'Key', 'Ignore']);
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
