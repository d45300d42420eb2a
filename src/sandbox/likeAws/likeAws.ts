import type { FaultRule } from '../requestedFaults/faultRule.ts';

/**
 * How late things are on AWS: seconds, or milliseconds of a request. Roles can be assumed some 5 to 15
 * seconds after they were made; functions are Pending for some seconds; metrics come after a minute or two;
 * S3 sends events by a new configuration within a minute or so; a report's manifest comes last.
 */
const LATENESS = {
  role: 10,
  function: 5,
  events: 20,
  report: 5,
  metrics: 90,
  request: 80,
} as const;

/**
 * The faults that make a sandbox as slow as AWS.
 * @param speed how many times faster than AWS, so that a test need not wait for minutes; above 0
 */
export function likeAwsRules(speed: number): readonly FaultRule[] {
  const { role, report, metrics, request, events } = LATENESS;
  return [
    { fault: 'latency', milliseconds: request / speed },
    { fault: 'lateRole', seconds: role / speed },
    { fault: 'slowFunction', seconds: LATENESS.function / speed },
    { fault: 'lateEvents', seconds: events / speed },
    { fault: 'lateReport', seconds: report / speed },
    { fault: 'lateMetrics', seconds: metrics / speed },
  ];
}
