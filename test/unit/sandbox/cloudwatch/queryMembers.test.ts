import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandForm, renderMembers } from '../../../../src/sandbox/cloudwatch/queryMembers.ts';
import { AwsError } from '../../../../src/sandbox/errors.ts';
import { OutputMap, Timestamp } from '../../../../src/sandbox/output.ts';

const expand = (form: string): unknown => expandForm([...new URLSearchParams(form)]);

describe('the names of a form', () => {
  it('become structures and lists', () => {
    const form =
      'Action=PutMetricData&Version=2010-08-01&Namespace=N&MetricData.member.2.Value=2' +
      '&MetricData.member.1.Value=1&MetricData.member.1.Dimensions.member.1.Name=a&Empty=';
    expect(expand(form)).toEqual({
      Namespace: 'N',
      MetricData: [{ Value: '1', Dimensions: [{ Name: 'a' }] }, { Value: '2' }],
      Empty: '',
    });
  });

  it.each([
    'a=1&a.b=2',
    'a.b=1&a=2',
    'a=1&a=2',
    'L.member.x=1',
    'L.member.0=1',
    `${'a.'.repeat(99)}=1`,
  ])('are refused when they contradict each other: %s', form => {
    expect(() => expand(form)).toThrow(AwsError);
  });

  it('are read or refused, whatever they are', () => {
    const name = fc.array(
      fc.constantFrom('a', 'member', '1', '999999999', '__proto__', 'constructor', ''),
      { minLength: 1, maxLength: 5 },
    );
    const pairs = fc.array(
      fc.tuple(
        name.map(parts => parts.join('.')),
        fc.string(),
      ),
    );
    fc.assert(
      fc.property(pairs, list => {
        try {
          expandForm(list);
        } catch (error) {
          expect(error).toBeInstanceOf(AwsError);
        }
        expect(({} as Record<string, unknown>).a).toBeUndefined();
      }),
    );
  });
});

it('answers are written as AWS writes them', () => {
  expect(
    renderMembers({
      Label: 'a<b',
      Datapoints: [
        {
          Timestamp: new Timestamp(0),
          Sum: 1.5,
          ExtendedStatistics: new OutputMap([['p50', 2]]),
          Unit: undefined,
        },
      ],
      Values: [1, 2],
      None: [],
    }),
  ).toBe(
    '<Label>a&lt;b</Label><Datapoints><member><Timestamp>1970-01-01T00:00:00Z</Timestamp>' +
      '<Sum>1.5</Sum><ExtendedStatistics><entry><key>p50</key><value>2</value></entry>' +
      '</ExtendedStatistics></member></Datapoints><Values><member>1</member><member>2</member>' +
      '</Values><None></None>',
  );
});
