import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  ACCOUNT_CONCURRENCY,
  Concurrency,
  MACHINE_CONCURRENCY,
} from '../../../../src/sandbox/lambda/invocations/concurrency.ts';
import { FunctionTable } from '../../../../src/sandbox/lambda/functionTable.ts';
import type { LambdaFunction } from '../../../../src/sandbox/lambda/lambdaFunction.ts';
import { Store } from '../../../../src/sandbox/store.ts';
import { newTemporaryFolder } from '../../../support/paths.ts';

let store: Store;
beforeAll(() => {
  store = new Store(newTemporaryFolder('concurrency'));
});
afterAll(() => store.close());

it('throttles before this machine is full, and again when an execution has ended', () => {
  const concurrency = new Concurrency(new FunctionTable(store));
  const found = { name: 'f', reservedConcurrency: undefined } as LambdaFunction;
  const most = Math.min(MACHINE_CONCURRENCY, ACCOUNT_CONCURRENCY);
  for (let count = 1; count <= most; count += 1) expect(concurrency.enter(found)).toBe(count);
  expect(() => concurrency.enter(found)).toThrow('Rate Exceeded.');
  concurrency.leave(found);
  expect(concurrency.enter(found)).toBe(most);
});
