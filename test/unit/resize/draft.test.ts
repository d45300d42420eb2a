import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../src/aws/resizeFunction/resizeSettings.ts';
import { completed, draftOf, questionsLeft } from '../../../src/vscode/deployment/resizeDraft.ts';

const capacity = { architecture: 'x86_64', memoryMegabytes: 1536, timeoutSeconds: 60 } as const;

describe('questionsLeft', () => {
  it('asks all that is not given, and the options as one', () => {
    expect(questionsLeft({})).toEqual([
      'bucket',
      'functionName',
      'destinationBucket',
      'role',
      'options',
    ]);
    expect(questionsLeft({ bucket: 'b-b', role: { name: 'r' } })).toEqual([
      'functionName',
      'destinationBucket',
      'options',
    ]);
    expect(questionsLeft({ bucket: 'b-b', settings: { widths: [100] } })).not.toContain('options');
  });

  it('asks whoever wants no questions for the bucket only', () => {
    expect(questionsLeft({ skipConfirmation: true })).toEqual(['bucket']);
    expect(questionsLeft({ bucket: 'b-b', skipConfirmation: true })).toEqual([]);
  });
});

describe('draftOf', () => {
  it('has the lab’s defaults where nothing is known', () => {
    const target = completed(draftOf({ bucket: 'images-1' }, {}, capacity));
    expect(target).toMatchObject({
      bucket: 'images-1',
      functionName: 'ImageResizeFunction',
      destinationBucket: 'images-1-resized',
      role: { name: 'ImageResizeFunction-role' },
      settings: DEFAULT_SETTINGS,
      prefix: '',
      ...capacity,
    });
    expect(target?.suffixes).toContain('.png');
  });

  it('prefers what is given to what is deployed, and that to the defaults', () => {
    const deployed = {
      functionName: 'Thumbnails',
      destinationBucket: 'thumbnails',
      settings: { ...DEFAULT_SETTINGS, widths: [64], quality: 70 },
      suffixes: [],
      memoryMegabytes: 512,
    };
    const given = { bucket: 'b-b', settings: { widths: [100] }, timeoutSeconds: 9 };
    expect(completed(draftOf(given, deployed, capacity))).toMatchObject({
      functionName: 'Thumbnails',
      destinationBucket: 'thumbnails',
      role: { name: 'Thumbnails-role' },
      settings: { widths: [100], quality: 70, fit: 'inside' },
      suffixes: [],
      memoryMegabytes: 512,
      timeoutSeconds: 9,
      architecture: 'x86_64',
    });
  });

  it('takes nothing else of a row than its bucket', () => {
    const row = { kind: 'bucket', id: 'x', bucket: 'b-b', pinned: true };
    expect(Object.keys(draftOf(row, {}, capacity)).sort()).toEqual([
      'architecture',
      'bucket',
      'memoryMegabytes',
      'prefix',
      'settings',
      'suffixes',
      'timeoutSeconds',
    ]);
  });

  it('is not complete without a bucket', () => {
    expect(completed(draftOf({}, {}, capacity))).toBeUndefined();
  });

  it('suggests roles that IAM takes', () => {
    const functionName = 'F'.repeat(64);
    const role = completed(draftOf({ bucket: 'b-b', functionName }, {}, capacity))?.role;
    expect(role).toEqual({ name: `${'F'.repeat(59)}-role` });
  });
});
