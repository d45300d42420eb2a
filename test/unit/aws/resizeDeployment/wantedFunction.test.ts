import { describe, expect, it } from 'vitest';
import type { DeploymentContext } from '../../../../src/aws/resizeDeployment/context.ts';
import { functionOf } from '../../../../src/aws/functions/functions.ts';
import { settingsChanges } from '../../../../src/aws/deployment/functionSettings.ts';
import { wantedSettings } from '../../../../src/aws/resizeDeployment/wantedFunction.ts';
import { defaultOf } from '../../../../src/aws/resizeFunction/resizeSettings.ts';
import { detailText } from '../../../../src/vscode/deployment/detailText.ts';

const withVariables = (environment: Readonly<Record<string, string>>) => ({
  runtime: 'nodejs24.x',
  handler: 'index.handler',
  role: 'arn:aws:iam::123456789012:role/r',
  memoryMegabytes: 1536,
  timeoutSeconds: 60,
  environment,
});

describe('what changes of the settings of a function', () => {
  it.each([
    ['a default that is left', {}, { WIDTHS: '300' }, 'WIDTHS: 200 (default) → 300'],
    ['a default that comes back', { FIT: 'cover' }, {}, 'FIT: cover → inside (default)'],
    ['no value before', {}, { HEIGHT: '90' }, 'HEIGHT: – → 90'],
    ['a variable of its own', { MINE: '1' }, {}, 'MINE: 1 → –'],
  ])('says %s', (_, before, after, text) => {
    const changes = settingsChanges(withVariables(before), withVariables(after), defaultOf);
    expect(changes.map(detailText)).toEqual([text]);
  });

  it('is nothing where all is the same', () => {
    const same = withVariables({ WIDTHS: '300' });
    expect(settingsChanges(same, same)).toEqual([]);
  });
});

it('is not said of a function whose variables may not be decrypted: they would be lost', () => {
  const found = functionOf({
    FunctionName: 'f',
    Environment: { Error: { ErrorCode: 'AccessDeniedException', Message: 'KMS' } },
  });
  expect(() => wantedSettings({ target: {} } as DeploymentContext, found)).toThrow(
    expect.objectContaining({ code: 'AccessDenied', action: 'kms:Decrypt', subject: 'f' }),
  );
});
