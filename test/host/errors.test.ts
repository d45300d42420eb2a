import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { BrigadeError, type ErrorCode } from '../../src/aws/errors.ts';
import { describeError } from '../../src/vscode/describeError.ts';

const CODES: Record<ErrorCode, true> = {
  NoConnection: true,
  Cancelled: true,
  Network: true,
  NotAws: true,
  NoService: true,
  CredentialsExpired: true,
  CredentialsMissing: true,
  Misconfigured: true,
  AccessDenied: true,
  NotFound: true,
  Conflict: true,
  Throttled: true,
  InvalidInput: true,
  DiskFull: true,
  LinkInTheWay: true,
  SandboxFailed: true,
  SandboxStopped: true,
  SandboxFolder: true,
  FunctionFailed: true,
  RoleNotReady: true,
  UndoIncomplete: true,
  Unknown: true,
};
const WITHOUT_SUBJECT: readonly string[] = [
  ...['NoConnection', 'Cancelled', 'Throttled', 'SandboxFailed', 'SandboxStopped', 'SandboxFolder'],
  'Misconfigured',
];

describe('what is said about an error', () => {
  for (const code of Object.keys(CODES) as ErrorCode[]) {
    it(`is a short sentence for ${code}, with and without a subject`, () => {
      const about = describeError(new BrigadeError(code, 'it broke', { subject: 's3://b/k' }));
      const alone = describeError(new BrigadeError(code, 'it broke'));
      for (const sentence of [about, alone]) {
        assert.match(sentence, /^\S.{4,119}$/);
        assert.ok(!/\{\d\}|undefined/.test(sentence), sentence);
      }
      if (!WITHOUT_SUBJECT.includes(code)) assert.ok(about.includes('s3://b/k'), about);
    });
  }

  it('names the permission that AWS names', () => {
    const error = new BrigadeError('AccessDenied', 'no', {
      subject: 'photos',
      action: 's3:ListBucket',
    });
    assert.match(describeError(error), /photos.*s3:ListBucket/);
  });

  it('says why something failed and what is left of it', () => {
    const cause = new BrigadeError('AccessDenied', 'no', { action: 'lambda:CreateFunction' });
    const left = ['role resize-role'];
    const error = new BrigadeError('UndoIncomplete', 'not undone', { cause, left });
    assert.match(describeError(error), /lambda:CreateFunction.*role resize-role/);
  });

  it('is the error’s own message where it is none of ours', () => {
    assert.equal(describeError(new TypeError('x is not a function')), 'x is not a function');
    assert.match(describeError('odd'), /log/);
  });
});
