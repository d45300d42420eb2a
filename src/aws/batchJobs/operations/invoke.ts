import { operationPermissions } from '../../roles/rolePolicy.ts';
import { invocationProblem } from '../jobRules.ts';
import type { OperationKind } from './operationKind.ts';

export const invoke: OperationKind<'LambdaInvoke'> = {
  name: 'LambdaInvoke',
  toSdk: ({ functionArn, schemaVersion, userArguments }) => ({
    LambdaInvoke: {
      FunctionArn: functionArn,
      InvocationSchemaVersion: schemaVersion,
      UserArguments: userArguments && { ...userArguments },
    },
  }),
  fromSdk: ({ LambdaInvoke: call }) => {
    if (call === undefined) return undefined;
    const userArguments = call.UserArguments ?? {};
    return {
      name: 'LambdaInvoke',
      functionArn: call.FunctionArn ?? '',
      schemaVersion: call.InvocationSchemaVersion === '2.0' ? '2.0' : '1.0',
      ...(Object.keys(userArguments).length > 0 && { userArguments }),
    };
  },
  permissions: ({ name, functionArn }, { partition }) =>
    operationPermissions(partition, { name, functionArn }),
  // What the function itself asks of S3 is paid for too, but nobody knows it here.
  requests: () => [{ api: 'Invoke', tier: 'other' }],
  warnings: () => [],
  problem: invocationProblem,
};
