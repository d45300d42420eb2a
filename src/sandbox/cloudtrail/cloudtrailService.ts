import { AwsError } from '../errors.ts';
import { jsonService } from '../jsonProtocol.ts';
import type { ServiceAdapter } from '../serviceAdapter.ts';
import type { JsonServiceOptions } from '../jsonProtocol.ts';
import { lookupEvents } from './lookupEvents.ts';
import type { TrailContext } from './trailContext.ts';

const OPTIONS: JsonServiceOptions<TrailContext> = {
  name: 'cloudtrail',
  signingName: 'cloudtrail',
  targetPrefixes: ['CloudTrail_20131101', 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101'],
  version: '1.1',
  maxBody: 64 * 1024,
  missing: path => new AwsError('ValidationException', 400, `${path} must not be null.`),
  operations: { LookupEvents: lookupEvents },
};

/** AWS CloudTrail, as far as its event history goes. */
export const cloudtrailService = (context: TrailContext): ServiceAdapter =>
  jsonService(OPTIONS, context);
