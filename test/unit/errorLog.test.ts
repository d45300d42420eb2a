import { describe, expect, it } from 'vitest';
import { BrigadeError } from '../../src/aws/errors.ts';
import { errorForLog, redact } from '../../src/vscode/errorLog.ts';

describe('an error in the log', () => {
  it('says what, about what, and where from', () => {
    const cause = new Error('socket hang up');
    const text = errorForLog(
      new BrigadeError('Network', 'No answer', { subject: 's3://b/k', requestId: 'R1', cause }),
    );
    expect(text).toContain('code=Network');
    expect(text).toContain('subject=s3://b/k');
    expect(text).toContain('request=R1');
    expect(text).toContain('caused by Error: socket hang up');
  });

  it('leaves out what an SDK error carries of its request', () => {
    const error = Object.assign(new Error('Forbidden'), {
      $response: { headers: { authorization: 'AWS4-HMAC-SHA256 Credential=AKIAX' } },
    });
    expect(errorForLog(error)).not.toContain('AKIAX');
  });

  it('ends even where causes go in a circle', () => {
    const error = new Error('round');
    error.cause = error;
    expect(errorForLog(error).match(/round/g)!.length).toBeLessThan(20);
  });

  it.each([
    'https://b.s3.amazonaws.com/k?X-Amz-Credential=SECRET&X-Amz-Signature=SECRET',
    'X-Amz-Security-Token=SECRET',
    'x-amz-security-token: SECRET',
    'Authorization: AWS4-HMAC-SHA256 SECRET',
    'aws_secret_access_key = SECRET',
    '{"secretAccessKey":"SECRET","sessionToken":"SECRET"}',
  ])('blanks the secrets of %s', text => {
    expect(redact(text)).not.toContain('SECRET');
  });

  it('keeps the rest as it is', () => {
    const text = 'PUT https://b.s3.amazonaws.com/a%20b?tagging failed: AccessDenied';
    expect(redact(text)).toBe(text);
  });
});
