import { describe, expect, it } from 'vitest';
import { AWS_CONFIG_CASES } from '../support/awsConfigCases.ts';
import { askCli, hasCli } from '../support/awsConfigWorld.ts';

const installed = await hasCli();

/** What connectionCases.test.ts holds us to is what the installed AWS CLI does. */
describe.skipIf(!installed)('the AWS CLI, for every case of the table', () => {
  it.each(AWS_CONFIG_CASES.map(of => [of.name, of] as const))('%s', async (_name, of) => {
    const { sends, says } = await askCli(of);
    if (of.refuses) expect(says).toMatch(of.refuses);
    expect(sends).toBe(of.refuses ? undefined : of.sends);
  });
});

describe.runIf(!installed)('the AWS CLI is not installed', () => {
  it.skip('the cases are held against what it sent when they were written', () => undefined);
});
