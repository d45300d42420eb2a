import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLambdaWorld } from './lambdaWorld.ts';
import type { LambdaWorld } from './lambdaWorld.ts';

let world: LambdaWorld;
beforeAll(async () => {
  world = await startLambdaWorld();
});
afterAll(() => world.close());

describe('Invoke', () => {
  it('runs a CommonJS handler with its event and context', async () => {
    await world.create(
      'echo',
      `exports.handler = async (event, context) => {
         console.log('hello %s', event.name);
         return { event, context, left: context.getRemainingTimeInMillis() };
       };`,
    );
    const cold = await world.invoke('echo', { name: 'Ünïcode 🙂' });
    expect(cold.functionError).toBeUndefined();
    expect(cold.payload).toMatchObject({
      event: { name: 'Ünïcode 🙂' },
      context: {
        functionName: 'echo',
        functionVersion: '$LATEST',
        memoryLimitInMB: '256',
        awsRequestId: cold.requestId,
        invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:echo',
        logGroupName: '/aws/lambda/echo',
      },
    });
    const warm = await world.invoke('echo', { name: 'again' });
    expect(warm.log).not.toContain('Init Duration');
  });
});
