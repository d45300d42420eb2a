import type { HeadObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BucketRules } from '../../../src/aws/objects/rewrite/bucketRules.ts';
import { decodeWords, encodeWords } from '../../../src/aws/objects/rewrite/encodedWords.ts';
import { readPlainState } from '../../../src/aws/objects/rewrite/objectState.ts';
import {
  metadataBytes,
  metadataField,
  nameProblem,
  valueProblem,
} from '../../../src/aws/properties/fieldRules.ts';

describe('encoded words', () => {
  it('give back every text that was made one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        fc.pre(!text.includes('=?'));
        expect(decodeWords(encodeWords(text))).toBe(text);
        expect(encodeWords(text)).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });

  it('are read as AWS writes them, and left alone where they are none', () => {
    expect(decodeWords('=?UTF-8?Q?gr=C3=BCn_und_=3D?=')).toBe('grün und =');
    expect(decodeWords('a =?utf-8?B?w7w=?= =?UTF-8?B?w7w=?= b')).toBe('a üü b');
    expect(decodeWords('=?UTF-8?B?/w==?=')).toBe('=?UTF-8?B?/w==?=');
    expect(decodeWords('=?ISO-8859-1?Q?=FC?=')).toBe('=?ISO-8859-1?Q?=FC?=');
  });
});

describe('the rules of metadata', () => {
  it('names are tokens in small letters, once each', () => {
    expect(metadataField(' X-Amz-Meta-Colour ')).toBe('x-amz-meta-colour');
    expect(metadataField('Colour')).toBe('x-amz-meta-colour');
    expect(nameProblem('colour', {})).toBeUndefined();
    for (const name of ['', 'a b', 'ü', 'a:b', 'a/b', 'a\n']) {
      expect(nameProblem(name === 'a\n' ? 'a\nb' : name, {}), name).toBe('name');
    }
    expect(nameProblem('Colour', { 'x-amz-meta-colour': '' })).toBe('duplicate');
  });

  it('values have no line ends and no blanks at their ends', () => {
    expect(valueProblem('x-amz-meta-a', 'a\r\nb', {})).toBe('control');
    expect(valueProblem('x-amz-meta-a', ' a', {})).toBe('blanks');
    expect(valueProblem('x-amz-meta-a', 'ü 🪣', {})).toBeUndefined();
    expect(valueProblem('x-amz-meta-a', '', {})).toBeUndefined();
  });

  it('headers are ASCII, not empty, and Expires is a date', () => {
    expect(valueProblem('Cache-Control', 'ü', {})).toBe('notAscii');
    expect(valueProblem('Cache-Control', '', {})).toBe('empty');
    expect(valueProblem('Expires', 'soon', {})).toBe('notDate');
    expect(valueProblem('Expires', 'Wed, 21 Oct 2026 07:28:00 GMT', {})).toBeUndefined();
  });

  it('all of it has 2,048 bytes at most, as it is sent', () => {
    const others = { 'x-amz-meta-b': 'x'.repeat(1000), 'Content-Type': 'x'.repeat(4000) };
    expect(metadataBytes(others)).toBe(1001);
    expect(valueProblem('x-amz-meta-a', 'x'.repeat(1046), others)).toBeUndefined();
    expect(valueProblem('x-amz-meta-a', 'x'.repeat(1047), others)).toBe('tooLong');
    // Base64 takes a third more.
    expect(valueProblem('x-amz-meta-a', 'ü'.repeat(500), others)).toBe('tooLong');
  });
});

describe('the state of an object that is locked', () => {
  const answering = (head: Partial<HeadObjectCommandOutput>) =>
    new BucketRules({ send: () => Promise.resolve(head) } as unknown as S3Client, 'b');
  const ObjectLockRetainUntilDate = new Date(Date.now() + 60_000);

  it('has the lock that HEAD tells, so that a copy is known to have it', async () => {
    const lock = { ObjectLockMode: 'GOVERNANCE' as const, ObjectLockRetainUntilDate };
    const hold = { ObjectLockLegalHoldStatus: 'ON' as const };
    const { settings } = await readPlainState(answering({ ...lock, ...hold }), 'k');
    expect(settings).toMatchObject({ ...lock, ...hold });
  });

  it('has none that has ended', async () => {
    const ended = {
      ObjectLockMode: 'GOVERNANCE' as const,
      ObjectLockRetainUntilDate: new Date(0),
      ObjectLockLegalHoldStatus: 'OFF' as const,
    };
    const { settings } = await readPlainState(answering(ended), 'k');
    expect(settings.ObjectLockMode).toBeUndefined();
    expect(settings.ObjectLockLegalHoldStatus).toBeUndefined();
  });
});
