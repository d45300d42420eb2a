import { recordManagementEvent } from '../cloudtrail/recordManagementEvent.ts';
import type { Services } from '../sandboxServices.ts';
import type { LambdaCall } from './lambdaCall.ts';

/** Lambda's events have the version of its API in their names (Lambda guide, "logging-using-cloudtrail"). */
const EVENT_NAMES: Readonly<Record<string, string>> = {
  AddPermission: 'AddPermission20150331v2',
  CreateFunction: 'CreateFunction20150331',
  DeleteFunction: 'DeleteFunction20150331',
  RemovePermission: 'RemovePermission20150331v2',
  UpdateFunctionCode: 'UpdateFunctionCode20150331v2',
  UpdateFunctionConfiguration: 'UpdateFunctionConfiguration20150331v2',
};

/** Writes a change of a function to the event history. */
export function recordFunctionEvent(
  services: Services,
  call: LambdaCall,
  functionName: string,
  parameters: Readonly<Record<string, unknown>> = {},
): void {
  recordManagementEvent(services, call, {
    eventName: EVENT_NAMES[call.operation] ?? call.operation,
    eventSource: 'lambda.amazonaws.com',
    requestParameters: { functionName, ...parameters },
  });
}
