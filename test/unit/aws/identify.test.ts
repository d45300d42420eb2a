import { expect, it } from 'vitest';
import { identify } from '../../../src/aws/identify.ts';
import { BrigadeError } from '../../../src/aws/errors.ts';
import { describeError } from '../../../src/vscode/describeError.ts';

it('a Region that has no address is said to have none', async () => {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const error: unknown = await identify({ region: 'a b', credentials }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(BrigadeError);
  expect(describeError(error)).toMatch(/^AWS STS: .*a b/);
});
