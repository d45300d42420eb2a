import { randomUUID } from 'node:crypto';
import { AwsError } from '../errors.ts';
import type { Principal } from '../principal.ts';
import { REGION } from '../region.ts';
import type { Call, SandboxResponse } from '../request.ts';
import { header } from '../request.ts';
import type { Clock } from '../clock.ts';
import type { EventHistory } from './eventHistory.ts';
import type { ManagementEvent } from './managementEvent.ts';
import { managementEvent } from './managementEvent.ts';

/** What recording needs. */
export interface Recorder {
  readonly accountId: string;
  readonly clock: Clock;
  readonly trail: EventHistory;
  readonly log: (line: string) => void;
}

/** Characters beyond which CloudTrail leaves out what was asked (CloudTrail record contents: 100 KB). */
const MAX_PARAMETERS = 100 * 1024;

/**
 * Runs an operation and records it in CloudTrail's event history, also when it is refused. What the
 * sandbox does not implement has not happened, and leaves nothing.
 */
export async function recordCall(
  context: Recorder,
  call: Call,
  virtualBucket: string | undefined,
  run: () => SandboxResponse | Promise<SandboxResponse>,
): Promise<SandboxResponse> {
  let response: SandboxResponse;
  try {
    response = await run();
  } catch (error) {
    if (error instanceof AwsError && error.status < 500) {
      record(context, call, virtualBucket, error);
    }
    throw error;
  }
  record(context, call, virtualBucket);
  return response;
}

/** What can't be recorded has happened all the same. */
function record(
  context: Recorder,
  call: Call,
  virtualBucket: string | undefined,
  error?: AwsError,
): void {
  try {
    const event = managementEvent(call, virtualBucket, error === undefined);
    if (event === undefined) return;
    const id = randomUUID();
    const time = Math.floor(context.clock.now().getTime() / 1000);
    context.trail.add({
      id,
      time,
      name: event.name,
      source: event.source,
      userName: userName(call.caller),
      accessKeyId: call.accessKeyId,
      resource: event.resource,
      record: JSON.stringify(recordOf(context, call, event, { id, time, error })),
    });
  } catch (fault) {
    // A name in a path that is no UTF-8 was refused already.
    if (!(fault instanceof AwsError)) context.log(`An event was not recorded: ${String(fault)}`);
  }
}

/** As CloudTrail's user guide describes it under "CloudTrail record contents". */
function recordOf(
  { accountId }: Recorder,
  call: Call,
  event: ManagementEvent,
  { id, time, error }: { id: string; time: number; error: AwsError | undefined },
): object {
  const isShort = JSON.stringify(event.parameters).length <= MAX_PARAMETERS;
  return {
    eventVersion: '1.11',
    userIdentity: identityOf(call),
    eventTime: new Date(time * 1000).toISOString().replace('.000Z', 'Z'),
    eventSource: event.source,
    eventName: event.name,
    awsRegion: REGION,
    sourceIPAddress: '127.0.0.1',
    userAgent: header(call.request, 'user-agent') ?? '',
    ...(error && { errorCode: error.code, errorMessage: error.message }),
    requestParameters: isShort ? event.parameters : null,
    responseElements: null,
    requestID: call.request.requestId,
    eventID: id,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: accountId,
    eventCategory: 'Management',
  };
}

function identityOf({ caller, accessKeyId }: Call): object {
  const { accountId, arn, userId: principalId } = caller;
  if (caller.kind === 'anonymous') {
    return { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' };
  }
  const shared = { principalId, arn, accountId, accessKeyId };
  if (caller.kind !== 'role') return { type: 'IAMUser', ...shared, userName: userName(caller) };
  const sessionIssuer = {
    type: 'Role',
    principalId: principalId.split(':')[0],
    arn: caller.roleArn,
    accountId,
    userName: caller.roleName,
  };
  return { type: 'AssumedRole', ...shared, sessionContext: { sessionIssuer } };
}

function userName(caller: Principal): string {
  return caller.kind === 'role' ? caller.sessionName : (caller.arn.split('/').pop() ?? '');
}
