import { s3Of, xml, type Scenario, type World } from '../scenario.ts';
import { twoUploads } from './s3Multipart.ts';
import { copySource, document } from './s3Words.ts';

const STATES: Readonly<Record<string, string>> = {
  enabled: '<Status>Enabled</Status>',
  'an unknown state': '<Status>On</Status>',
  'no state': '',
  'a state in lower case': '<Status>enabled</Status>',
  'MFA delete': '<Status>Enabled</Status><MfaDelete>Enabled</MfaDelete>',
};

/** Versions, delete markers and the null version. */
export const S3_VERSIONS: Scenario = {
  name: 's3-versions',
  hasBucket: true,
  async run(world) {
    const { bucket, probe, send } = world;
    const { get, put, head, delete: remove } = s3Of(bucket);
    const versioning = { versioning: '' };
    await probe('never versioned', get('', { query: versioning }));
    await send(put('old', { body: 'null' }));
    for (const [name, content] of Object.entries(STATES)) {
      const body = document(xml('VersioningConfiguration', content));
      await probe(`put versioning: ${name}`, put('', { query: versioning, ...body }));
    }
    await probe('versioning', get('', { query: versioning }), ({ text }) =>
      text.includes('Enabled'),
    );
    // S3 may count a bucket as versioned some time after it said so.
    const first = await probe('put', put('k', { body: '1' }), answer => idOf(answer) !== '');
    const second = await probe('put again', put('k', { body: '22' }));
    const [one, two] = [idOf(first), idOf(second)];
    await probe('get the first', get('k', { query: { versionId: one } }));
    await probe('head the first', head('k', { query: { versionId: one } }));
    await probe('get the newest', get('k'));
    await probe('get the null version', get('old', { query: { versionId: 'null' } }));
    await probe('get no null version', get('k', { query: { versionId: 'null' } }));
    await probe('get a version of nobody', get('k', { query: { versionId: 'nobody' } }));
    await probe('get an empty version', get('k', { query: { versionId: '' } }));
    await probe('get a version of another key', get('old', { query: { versionId: one } }));
    await probe(
      'copy a version',
      put('copy', { headers: copySource(`/${bucket}/k?versionId=${one}`) }),
    );
    await probe(
      'tag a version',
      put('k', {
        query: { tagging: '', versionId: one },
        ...document(xml('Tagging', '<TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet>')),
      }),
    );
    await probe('tags of a version', get('k', { query: { tagging: '', versionId: one } }));
    const marker = await probe('delete', remove('k'));
    await markers(world, idOf(marker));
    await probe('versions', get('', { query: { versions: '' } }));
    await probe('versions, two a page', get('', { query: { versions: '', 'max-keys': '2' } }));
    const from = { versions: '', 'key-marker': 'k', 'version-id-marker': two };
    await probe('versions after a version', get('', { query: from }));
    await probe(
      'versions after a version without a key',
      get('', { query: { versions: '', 'version-id-marker': two } }),
    );
    await probe(
      'versions after a version of nobody',
      get('', { query: { ...from, 'version-id-marker': 'nobody' } }),
    );
    await probe(
      'versions after an empty version',
      get('', { query: { ...from, 'version-id-marker': '' } }),
    );
    await probe('versions after a key', get('', { query: { versions: '', 'key-marker': 'k' } }));
    await probe('delete the marker', remove('k', { query: { versionId: idOf(marker) } }));
    await probe('get what is undeleted', get('k'));
    await probe('delete a version', remove('k', { query: { versionId: two } }));
    await probe('get the one before', get('k'));
    await probe('delete a version of nobody', remove('k', { query: { versionId: 'nobody' } }));
    await probe('delete it again', remove('k', { query: { versionId: two } }));
    const several = xml(
      'Delete',
      `<Object><Key>k</Key><VersionId>${one}</VersionId></Object><Object><Key>old</Key></Object>`,
    );
    await probe(
      'delete several',
      s3Of(bucket).post('', { query: { delete: '' }, ...document(several) }),
    );
    await twoUploads(world, 'two');
    await probe('versions of uploads', get('', { query: { versions: '', prefix: 'two' } }));
    await suspended(world);
  },
};

const idOf = ({ headers }: { headers: Readonly<Record<string, string>> }): string =>
  headers['x-amz-version-id'] ?? '';

async function markers({ bucket, probe }: World, versionId: string): Promise<void> {
  const { get, put, head, delete: remove } = s3Of(bucket);
  const query = { versionId };
  await probe('get what is deleted', get('k'));
  await probe('head what is deleted', head('k'));
  await probe('get a delete marker', get('k', { query }));
  await probe('head a delete marker', head('k', { query }));
  await probe('tags of what is deleted', get('k', { query: { tagging: '' } }));
  await probe('tags of a delete marker', get('k', { query: { tagging: '', ...query } }));
  await probe('ACL of a delete marker', get('k', { query: { acl: '', ...query } }));
  const source = copySource(`/${bucket}/k?versionId=${versionId}`);
  await probe('copy a delete marker', put('copy', { headers: source }));
  await probe('copy what is deleted', put('copy', { headers: copySource(`/${bucket}/k`) }));
  await probe('delete what is deleted', remove('k'));
  await probe('delete what was never there', remove('never'));
}

async function suspended({ bucket, probe }: World): Promise<void> {
  const { get, put, delete: remove } = s3Of(bucket);
  const body = document(xml('VersioningConfiguration', '<Status>Suspended</Status>'));
  await probe('suspend versioning', put('', { query: { versioning: '' }, ...body }));
  await probe('suspended', get('', { query: { versioning: '' } }), ({ text }) =>
    text.includes('Suspended'),
  );
  await probe('put while suspended', put('s', { body: 'null' }), answer =>
    ['', 'null'].includes(idOf(answer)),
  );
  await probe('get while suspended', get('s'));
  await probe('delete while suspended', remove('s'));
  await probe('get what was deleted then', get('s'));
  await probe('versions then', get('', { query: { versions: '', prefix: 's' } }));
}
