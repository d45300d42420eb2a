import { s3Of, xml, type Scenario, type World } from '../scenario.ts';
import { document } from './s3Words.ts';

/** Read where nobody has configured anything. */
const UNCONFIGURED = [
  ...['accelerate', 'acl', 'cors', 'encryption', 'lifecycle', 'location', 'logging'],
  ...['notification', 'object-lock', 'ownershipControls', 'policy', 'policyStatus'],
  ...['publicAccessBlock', 'replication', 'requestPayment', 'tagging', 'versioning', 'website'],
  ...['analytics', 'intelligent-tiering', 'inventory', 'metrics'],
];

/** No bucket can have these names: asked in the path, as a host they would be none. */
const NAMES = [
  ...['ab', 'Upper-Case', 'under_score', '-begins', 'ends-', 'two..dots', '192.168.5.4', 'xn--a'],
  ...['sthree-a', 'ends-s3alias', 'ends--ol-s3', 'a'.repeat(64), 'with space', '.begins'],
];

/** Buckets: their names, their own settings, their policies. */
export const S3_BUCKETS: Scenario = {
  name: 's3-buckets',
  hasBucket: true,
  async run(world) {
    const { bucket, probe, names } = world;
    const { get, put, head, delete: remove } = s3Of(bucket);
    for (const name of UNCONFIGURED) await probe(`get ${name}`, get('', { query: { [name]: '' } }));
    for (const name of ['analytics', 'intelligent-tiering', 'inventory', 'metrics']) {
      await probe(`get one of ${name}`, get('', { query: { [name]: '', id: 'none' } }));
    }
    for (const name of ['cors', 'lifecycle', 'policy', 'replication', 'website']) {
      await probe(`delete ${name}`, remove('', { query: { [name]: '' } }));
    }
    await probe('head', head());
    const here = s3Of(undefined);
    for (const name of NAMES) {
      await probe(
        `create ${name.length > 20 ? 'a name of 64' : name}`,
        here.put(encodeURIComponent(name)),
      );
    }
    const nowhere = `nowhere-${names.suffix}`;
    await probe('head a missing bucket', here.head(nowhere));
    await probe('list a missing bucket', here.get(nowhere));
    await probe('delete a missing bucket', here.delete(nowhere));
    await probe('put into a missing bucket', here.put(`${nowhere}/k`, { body: 'x' }));
    await probe('get of a missing bucket', here.get(`${nowhere}/k`));
    await probe('versioning of a missing bucket', here.get(nowhere, { query: { versioning: '' } }));
    await probe('two subresources', get('', { query: { acl: '', policy: '' } }));
    await probe('an unknown subresource', get('', { query: { colour: '', 'max-keys': '1' } }));
    await probe('post to a bucket', s3Of(bucket).post());
    await creations(world);
    await settings(world);
    await policies(world);
    await probe('put an object', put('k', { body: 'x' }));
    await probe('delete a bucket that is not empty', remove());
  },
};

async function creations({ probe, names, region }: World): Promise<void> {
  const here = s3Of(undefined);
  const configuration = (content: string) => xml('CreateBucketConfiguration', content);
  const constraint = (place: string): string => `<LocationConstraint>${place}</LocationConstraint>`;
  const own = region === 'us-east-1' ? '' : constraint(region);
  const tags = `<Tags><Tag><Key>bucket-brigade:lab</Key><Value>${names.suffix}</Value></Tag></Tags>`;
  const made = `made-${names.suffix}`;
  const refused = `refused-${names.suffix}`;
  await probe(
    'create in no Region',
    here.put(refused, { body: configuration(constraint('moon-1')) }),
  );
  await probe('create by no XML', here.put(refused, { body: 'bucket' }));
  await probe('create by another document', here.put(refused, { body: xml('Bucket', '') }));
  await probe(
    'create with an unknown ownership',
    here.put(refused, { headers: { 'x-amz-object-ownership': 'Nobody' } }),
  );
  await probe(
    'create for everybody',
    here.put(refused, { headers: { 'x-amz-acl': 'public-read' } }),
  );
  await probe('create', here.put(made, { body: configuration(own + tags) }));
  await probe(
    'tags of what was created',
    here.get(made, { query: { tagging: '' } }),
    ({ status }) => status === 200,
  );
  await probe('create again', here.put(made, { body: configuration(own) }));
  await probe('delete', here.delete(made));
  await probe('head what was deleted', here.head(made), ({ status }) => status === 404);
}

async function settings({ bucket, probe }: World): Promise<void> {
  const { get, put, delete: remove } = s3Of(bucket);
  const rule = (algorithm: string, more = ''): string =>
    `<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>${algorithm}</SSEAlgorithm></ApplyServerSideEncryptionByDefault>${more}</Rule>`;
  const block = (value: string): string =>
    ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets']
      .map(name => `<${name}>${value}</${name}>`)
      .join('');
  const ownership = (value: string): string =>
    `<Rule><ObjectOwnership>${value}</ObjectOwnership></Rule>`;
  const cases: readonly (readonly [query: string, root: string, name: string, content: string])[] =
    [
      ['encryption', 'ServerSideEncryptionConfiguration', 'AES256', rule('AES256')],
      [
        'encryption',
        'ServerSideEncryptionConfiguration',
        'a bucket key',
        rule('AES256', '<BucketKeyEnabled>true</BucketKeyEnabled>'),
      ],
      ['encryption', 'ServerSideEncryptionConfiguration', 'an unknown one', rule('ROT13')],
      ['encryption', 'ServerSideEncryptionConfiguration', 'no rule', ''],
      [
        'encryption',
        'ServerSideEncryptionConfiguration',
        'two rules',
        rule('AES256') + rule('AES256'),
      ],
      ['publicAccessBlock', 'PublicAccessBlockConfiguration', 'all', block('true')],
      ['publicAccessBlock', 'PublicAccessBlockConfiguration', 'a word', block('maybe')],
      [
        'publicAccessBlock',
        'PublicAccessBlockConfiguration',
        'one',
        '<BlockPublicAcls>true</BlockPublicAcls>',
      ],
      ['ownershipControls', 'OwnershipControls', 'enforced', ownership('BucketOwnerEnforced')],
      ['ownershipControls', 'OwnershipControls', 'an unknown one', ownership('Nobody')],
      ['ownershipControls', 'OwnershipControls', 'no rule', ''],
    ];
  for (const [query, root, name, content] of cases) {
    const { status } = await probe(
      `put ${query}: ${name}`,
      put('', { query: { [query]: '' }, ...document(xml(root, content)) }),
    );
    if (status < 300) await probe(`get ${query}: ${name}`, get('', { query: { [query]: '' } }));
  }
  await probe('delete encryption', remove('', { query: { encryption: '' } }));
  await probe('get the encryption that stays', get('', { query: { encryption: '' } }));
  await probe(
    'put an ACL',
    put('', { query: { acl: '' }, headers: { 'x-amz-acl': 'public-read' } }),
  );
  // All public access is blocked again, whatever became of it above.
  await probe(
    'block all public access',
    put('', {
      query: { publicAccessBlock: '' },
      ...document(xml('PublicAccessBlockConfiguration', block('true'))),
    }),
  );
}

async function policies({ bucket, probe, partition, accountId }: World): Promise<void> {
  const { get, put, delete: remove } = s3Of(bucket);
  const query = { policy: '' };
  const resource = `arn:${partition}:s3:::${bucket}/*`;
  const statement = {
    ...{ Sid: 'Own', Effect: 'Deny', Action: 's3:GetObjectTorrent', Resource: resource },
    Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
  };
  const policy = (more: object): string =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, ...more }] });
  const cases: Record<string, string> = {
    'one of its own': policy({}),
    'another bucket': policy({ Resource: `arn:${partition}:s3:::other/*` }),
    'no such action': policy({ Action: 's3:Fly' }),
    'an action of another service': policy({ Action: 'lambda:InvokeFunction' }),
    'no principal': policy({ Principal: undefined }),
    'no such principal': policy({
      Principal: { AWS: `arn:${partition}:iam::${accountId}:role/bucket-brigade-nobody` },
    }),
    'no effect': policy({ Effect: undefined }),
    'another effect': policy({ Effect: 'Maybe' }),
    'no resource': policy({ Resource: undefined }),
    'no statement': JSON.stringify({ Version: '2012-10-17' }),
    'another version': policy({}).replace('2012-10-17', '2013-10-17'),
    'an unknown condition': policy({ Condition: { StringSounds: { 'aws:username': 'a' } } }),
    'for everybody': policy({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject' }),
    'an action that does not fit': policy({ Action: 's3:ListBucket' }),
    'no JSON': 'policy',
    nothing: '',
    'unknown field': policy({ Colour: 'red' }),
  };
  for (const [name, body] of Object.entries(cases)) {
    await probe(`put policy: ${name}`, put('', { query, body }));
  }
  await probe('get its policy', get('', { query }), ({ status }) => status === 200);
  await probe('status of the policy', get('', { query: { policyStatus: '' } }));
  await probe('delete its policy', remove('', { query }));
  await probe('get no policy', get('', { query }), ({ status }) => status === 404);
}
