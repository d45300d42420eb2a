import { expect, it } from 'vitest';
import { readFunctionFacts } from '../../src/aws/objectStory/readFunction.ts';
import { OTHER, OWN, startTwoRegions } from '../support/twoRegions.ts';

it('asks about the function of a bucket in the Region of its ARN alone', async () => {
  const arn = `arn:aws:lambda:${OTHER}:123456789012:function:resize`;
  const Statement = {
    ...{ Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' } },
    ...{ Action: 'lambda:InvokeFunction', Resource: arn },
    Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::photos' } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
  const Configuration = { FunctionName: 'resize', FunctionArn: arn, State: 'Active', Timeout: 30 };
  const answers: readonly (readonly [RegExp, object])[] = [
    [/\/policy$/, { Policy, RevisionId: 'r' }],
    [/\/concurrency$/, { ReservedConcurrentExecutions: 7 }],
    [/\/event-invoke-config$/, { MaximumRetryAttempts: 1 }],
    [/./, { Configuration, Code: {}, Tags: {} }],
  ];
  const { clients, requests } = await startTwoRegions(({ path }, response) => {
    const answer = answers.find(([pattern]) => pattern.test(path))?.[1];
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  expect(clients.region).toBe(OWN);
  const question = { bucket: 'photos', arn, isOurs: () => true };
  expect(await readFunctionFacts(clients, question)).toMatchObject({
    ...{ name: 'resize', region: OTHER, logGroup: '/aws/lambda/resize', isOurs: true },
    ...{ isPermitted: true, reservedConcurrency: 7, retries: 1 },
  });
  expect(requests).toHaveLength(4);
  for (const { host, signedFor } of requests) {
    expect({ host, signedFor }).toEqual({
      host: `lambda.${OTHER}.amazonaws.com`,
      signedFor: OTHER,
    });
  }
});
