import { s3Of, xml, type Scenario } from '../scenario.ts';
import { document } from './s3Words.ts';

const LIST = 's3:ObjectCreated:*';

interface Entry {
  readonly id?: string;
  readonly arn: string;
  readonly events?: readonly string[];
  readonly rules?: readonly (readonly [name: string, value: string])[];
}

function cloudFunction({ id, arn, events = [LIST], rules = [] }: Entry): string {
  const filter = rules
    .map(([name, value]) => `<FilterRule><Name>${name}</Name><Value>${value}</Value></FilterRule>`)
    .join('');
  return [
    '<CloudFunctionConfiguration>',
    id === undefined ? '' : `<Id>${id}</Id>`,
    `<CloudFunction>${arn}</CloudFunction>`,
    ...events.map(event => `<Event>${event}</Event>`),
    filter === '' ? '' : `<Filter><S3Key>${filter}</S3Key></Filter>`,
    '</CloudFunctionConfiguration>',
  ].join('');
}

/** Event notifications that need no function: those with one are of the Lambda scenario. */
export const S3_NOTIFICATIONS: Scenario = {
  name: 's3-notifications',
  hasBucket: true,
  async run({ bucket, probe, region, accountId, partition, names }) {
    const { get, put } = s3Of(bucket);
    const query = { notification: '' };
    const lambda = `arn:${partition}:lambda:${region}:${accountId}:function:missing-${names.suffix}`;
    const far = lambda.replace(`:${region}:`, ':ap-south-1:');
    const queue = `arn:${partition}:sqs:${region}:${accountId}:missing-${names.suffix}`;
    const entry = (more: Partial<Entry> = {}): string =>
      cloudFunction({ id: 'one', arn: lambda, ...more });
    const overlap = (first: Partial<Entry>, second: Partial<Entry>): string =>
      entry(first) + entry({ id: 'two', ...second });
    const cases: Record<string, string> = {
      nothing: '',
      EventBridge: '<EventBridgeConfiguration/>',
      'a missing function': entry(),
      'a function of another Region': entry({ arn: far }),
      'no ARN': entry({ arn: 'function' }),
      'a queue as a function': entry({ arn: queue }),
      'a missing queue': `<QueueConfiguration><Queue>${queue}</Queue><Event>${LIST}</Event></QueueConfiguration>`,
      'an unknown event': entry({ events: ['s3:ObjectSeen:*'] }),
      'no event': entry({ events: [] }),
      'one event twice': entry({ events: [LIST, LIST] }),
      'an event and all of its kind': entry({ events: [LIST, 's3:ObjectCreated:Put'] }),
      'an unknown rule': entry({ rules: [['middle', 'a']] }),
      'two prefixes': entry({
        rules: [
          ['prefix', 'a'],
          ['prefix', 'b'],
        ],
      }),
      'a prefix of 1024': entry({ rules: [['prefix', 'a'.repeat(1024)]] }),
      'a prefix of 1025': entry({ rules: [['prefix', 'a'.repeat(1025)]] }),
      'an id of 256': entry({ id: 'i'.repeat(256) }),
      'one id twice': overlap(
        { rules: [['prefix', 'a']] },
        { id: 'one', rules: [['prefix', 'b']] },
      ),
      'the same twice': overlap({}, {}),
      'overlapping prefixes': overlap({ rules: [['prefix', 'a']] }, { rules: [['prefix', 'ab']] }),
      'overlapping suffixes': overlap(
        { rules: [['suffix', 'jpg']] },
        { rules: [['suffix', '.jpg']] },
      ),
      'overlapping prefixes, other suffixes': overlap(
        {
          rules: [
            ['prefix', 'a'],
            ['suffix', '.jpg'],
          ],
        },
        {
          rules: [
            ['prefix', 'ab'],
            ['suffix', '.png'],
          ],
        },
      ),
      'other prefixes': overlap({ rules: [['prefix', 'a']] }, { rules: [['prefix', 'b']] }),
      'other events': overlap({}, { events: ['s3:ObjectRemoved:*'] }),
      'an event and its kind in two': overlap({}, { events: ['s3:ObjectCreated:Copy'] }),
      'an unknown element': '<Webhook/>',
    };
    await probe('none yet', get('', { query }));
    for (const [name, content] of Object.entries(cases)) {
      const body = document(xml('NotificationConfiguration', content));
      await probe(`put: ${name}`, put('', { query, ...body }));
    }
    await probe('put: another root', put('', { query, ...document(xml('Notifications', '')) }));
    await probe('put: no XML', put('', { query, ...document('notify me') }));
    // What is skipped is only whether the function is there: the rest is still checked.
    const headers = { 'x-amz-skip-destination-validation': 'true' };
    const kept = overlap(
      {
        rules: [
          ['prefix', 'in/'],
          ['suffix', '.jpg'],
        ],
      },
      {
        id: 'two',
        events: ['s3:ObjectRemoved:*', 's3:ObjectTagging:Put'],
        rules: [['Prefix', 'ü b']],
      },
    );
    for (const [name, content] of Object.entries({
      'two of a missing function': `${kept}<EventBridgeConfiguration/>`,
      'the same twice': cases['the same twice']!,
    })) {
      const { body, headers: sums } = document(xml('NotificationConfiguration', content));
      await probe(
        `put unchecked: ${name}`,
        put('', { query, body, headers: { ...sums, ...headers } }),
      );
    }
    await probe('get', get('', { query }), ({ text }) => text.includes('<Event>'));
    await probe(
      'put: nothing, again',
      put('', { query, ...document(xml('NotificationConfiguration', '')) }),
    );
    await probe('get nothing', get('', { query }), ({ text }) => !text.includes('<Event>'));
  },
};
