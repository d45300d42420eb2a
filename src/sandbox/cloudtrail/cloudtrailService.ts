import { AwsError } from '../errors.ts';
import { jsonService } from '../jsonProtocol.ts';
import { lookupEvents } from './lookupEvents.ts';

/** AWS CloudTrail, as far as its event history goes. */
export const cloudtrailService = jsonService({
  signingName: 'cloudtrail',
  targetPrefixes: ['CloudTrail_20131101', 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101'],
  version: '1.1',
  maxBody: 64 * 1024,
  missing: path => new AwsError('ValidationException', 400, `${path} must not be null.`),
  operations: { LookupEvents: lookupEvents },
});
