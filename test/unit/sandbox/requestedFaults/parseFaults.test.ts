import { describe, expect, it } from 'vitest';
import { describeRule } from '../../../../src/sandbox/requestedFaults/faultRule.ts';
import {
  FaultFileError,
  parseFaults,
} from '../../../../src/sandbox/requestedFaults/parseFaults.ts';

const operations = (service: string): string[] =>
  service === 's3' ? ['GetObject', 'PutObjectTagging'] : [];
const rule = (...rules: unknown[]): string => JSON.stringify({ rules });

describe('a file of faults', () => {
  it.each([
    [{ fault: 'SlowDown' }, 'SlowDown'],
    [
      { fault: 'SlowDown', service: 's3', operation: 'PutObjectTagging', share: 0.2, times: 5 },
      'SlowDown s3:PutObjectTagging 20 % 5 times',
    ],
    [{ fault: 'InternalError', burst: { seconds: 5, every: 30 } }, 'InternalError 5 s of 30 s'],
    [{ fault: 'AccessDenied', where: 'tasks', nth: 3 }, 'AccessDenied tasks no. 3'],
    [{ fault: 'latency', milliseconds: 800, service: 'lambda' }, 'latency 800 ms lambda'],
    [{ fault: 'lateRole', seconds: 10 }, 'lateRole 10 s'],
    [{ fault: 'lateReport', seconds: 60 }, 'lateReport 60 s'],
    [{ fault: 'SlowDown', service: 's3', perSecond: 200 }, 'SlowDown s3 beyond 200 a second'],
    [{ fault: 'lateMetrics', seconds: 120 }, 'lateMetrics 120 s'],
    [{ fault: 'lateEvents', seconds: 20 }, 'lateEvents 20 s'],
    [{ fault: 'slowFunction', seconds: 5 }, 'slowFunction 5 s'],
    [{ fault: 'killFunction', function: 'resize', nth: 1 }, 'killFunction resize no. 1'],
  ])('has the rule %j', (written, said) => {
    const { seed, rules } = parseFaults(rule(written), operations);
    expect([seed, rules.map(describeRule)]).toEqual([1, [said]]);
  });

  it.each([
    ['{', /^it is no JSON/],
    ['[]', /^the file must be an object/],
    ['{}', /"rules" must be an array/],
    ['{"rules":[],"sed":1}', /the file: "sed" is not known here; known are seed, rules/],
    ['{"rules":[],"seed":-1}', /"seed" must be a number/],
    [rule('SlowDown'), /^rule 1 must be an object/],
    [rule({}), /^rule 1: "fault" must be SlowDown or/],
    [rule({ fault: 'lateRole', seconds: 1 }, { fault: 'slowdown' }), /^rule 2: "fault" must be/],
    [rule({ fault: 'lateRole' }), /^rule 1 \(lateRole\): "seconds" must be a number/],
    [rule({ fault: 'lateRole', seconds: '9' }), /"seconds" must be a number/],
    [rule({ fault: 'lateRole', seconds: 9, share: 1 }), /"share" is not known here/],
    [rule({ fault: 'SlowDown', share: 0 }), /"share" must be above 0/],
    [rule({ fault: 'SlowDown', share: 20 }), /"share" must be a number from 0 to 1/],
    [rule({ fault: 'SlowDown', share: 0.5, nth: 2 }), /of share, nth there can be only one/],
    [rule({ fault: 'SlowDown', nth: 1.5 }), /"nth" must be a whole number/],
    [rule({ fault: 'SlowDown', times: 0 }), /"times" must be a number/],
    [rule({ fault: 'SlowDown', service: 'ec2' }), /"service" must be s3 or s3control/],
    [rule({ fault: 'SlowDown', operation: 'PutTags' }), /"operation" must be one that the sandbox/],
    [
      rule({ fault: 'latency', milliseconds: 1, service: 'iam', operation: 'GetObject' }),
      /"operation" must be one that iam has/,
    ],
    [rule({ fault: 'SlowDown', where: 'tasks', service: 's3' }), /"service" is not known here/],
    [rule({ fault: 'SlowDown', where: 'jobs' }), /"where" must be requests or tasks/],
    [rule({ fault: 'SlowDown', burst: 5 }), /"burst" must be an object/],
    [
      rule({ fault: 'SlowDown', burst: { seconds: 9, every: 3 } }),
      /"every" must be a number from 9/,
    ],
    [rule({ fault: 'latency' }), /"milliseconds" must be a number/],
    [rule({ fault: 'killFunction', function: 7 }), /"function" must be a text/],
  ])('is refused: %s', (text, reason) => {
    expect(() => parseFaults(text, operations)).toThrow(FaultFileError);
    expect(() => parseFaults(text, operations)).toThrow(reason);
  });
});
