import { describe, expect, it } from 'vitest';
import { dateProblem } from '../../../src/jobs/operations/retentionDay.ts';
import { parseMetadata } from '../../../src/jobs/operations/metadataLine.ts';
import { settingLines } from '../../../src/jobs/operations/settingLines.ts';
import { shellOf } from '../../../src/aws/batchJobs/request/cliCommand.ts';

describe('metadata on a line', () => {
  it('is headers by their names, and user metadata', () => {
    expect(parseMetadata('content-type=image/png; Cache-Control = a, b=c ;project=x;')).toEqual({
      ContentType: 'image/png',
      CacheControl: 'a, b=c',
      UserMetadata: { project: 'x' },
    });
    expect(parseMetadata('  ')).toEqual({});
  });

  it.each(['name', '=value', 'name=', 'a b=c', 'a=b; c'])('is not %j', text => {
    expect(parseMetadata(text)).toBeUndefined();
  });
});

describe('a day to retain objects until', () => {
  const now = new Date('2026-11-29T12:00:00Z');
  it('is a day that is not over in UTC', () => {
    expect(dateProblem('2026-11-29', now)).toBeUndefined();
    expect(dateProblem(' 2040-02-29 ', now)).toBeUndefined();
  });

  it.each(['', 'tomorrow', '2026-11-28', '2040-02-30', '2040-13-01', '12/31/2040'])(
    'is not %j',
    text => {
      expect(dateProblem(text, now)).toBeTypeOf('string');
    },
  );
});

describe('the shell that a command is copied for', () => {
  it.each([
    ['/bin/bash', 'bash'],
    ['/usr/bin/fish', 'bash'],
    ['', 'bash'],
    ['C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe', 'powershell'],
    ['/usr/bin/pwsh', 'powershell'],
    ['C:\\WINDOWS\\System32\\cmd.exe', 'powershell'],
    ['C:\\Program Files\\Git\\bin\\bash.exe', 'bash'],
  ])('of %j is %s', (path, shell) => {
    expect(shellOf(path)).toBe(shell);
  });
});

it('shows all that an operation is told, by AWS’s names where we have none', () => {
  const settings = {
    TargetResource: 'arn:aws:s3:::archive',
    TargetKeyPrefix: '2026',
    NewObjectTagging: [{ Key: 'a', Value: 'b' }],
    NewObjectMetadata: { UserMetadata: { by: 'me' } },
    ModifiedSinceConstraint: new Date('2026-01-01T00:00:00Z'),
    BucketKeyEnabled: false,
    AccessControlGrants: [],
  };
  const lines = settingLines({ name: 'S3PutObjectCopy', settings });
  expect(lines.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    'Destination: s3://archive/2026/',
    'NewObjectTagging: a=b',
    'NewObjectMetadata.UserMetadata.by: me',
    'ModifiedSinceConstraint: 2026-01-01T00:00:00.000Z',
    'BucketKeyEnabled: false',
    'AccessControlGrants: none',
  ]);
});
