import { randomUUID } from 'node:crypto';
import type { Principal } from '../principal.ts';
import { header, type Call } from '../request.ts';
import type { Services } from '../sandboxServices.ts';

export interface ManagementEvent {
  /** As CloudTrail names it, which for Lambda has the API's version in it. */
  readonly eventName: string;
  readonly eventSource: 'lambda.amazonaws.com' | 's3.amazonaws.com';
  /** Without secrets: CloudTrail leaves out a function's code and environment. */
  readonly requestParameters: Readonly<Record<string, unknown>>;
}

/**
 * Writes what a caller has changed to the event history, as CloudTrail does with management events
 * (CloudTrail user guide, "CloudTrail record contents").
 */
export function recordManagementEvent(
  { trail, clock, accountId }: Pick<Services, 'trail' | 'clock' | 'accountId'>,
  { request, caller, region }: Pick<Call, 'request' | 'caller' | 'region'>,
  { eventName, eventSource, requestParameters }: ManagementEvent,
): void {
  const now = clock.now();
  const id = randomUUID();
  const record = {
    eventVersion: '1.11',
    userIdentity: identityOf(caller),
    eventTime: now.toISOString().replace(/\.\d+/, ''),
    eventSource,
    eventName,
    awsRegion: region,
    sourceIPAddress: '127.0.0.1',
    userAgent: header(request, 'user-agent') ?? '',
    requestParameters,
    responseElements: null,
    requestID: request.requestId,
    eventID: id,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: accountId,
    eventCategory: 'Management',
  };
  trail.add({
    id,
    time: now.getTime(),
    name: eventName,
    source: eventSource,
    username: nameOf(caller),
    record: JSON.stringify(record),
  });
}

function identityOf(caller: Principal) {
  const { accountId, arn, userId } = caller;
  const type = { root: 'Root', user: 'IAMUser', role: 'AssumedRole' }[caller.kind];
  return { type, principalId: userId, arn, accountId, userName: nameOf(caller) };
}

/** A user's name, or the name of a role's session. */
function nameOf({ arn }: Principal): string {
  return arn.split('/').at(-1) ?? arn;
}
