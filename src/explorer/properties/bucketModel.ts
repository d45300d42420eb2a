import { l10n } from 'vscode';
import type { BucketProperties } from '../../aws/properties/bucketProperties.ts';
import { formatDate } from '../../vscode/formats.ts';
import type { Block } from '../../vscode/page/protocol.ts';
import { visible } from '../../vscode/visibleText.ts';
import { describeGrants, describeOwner } from './accessTexts.ts';
import {
  describeBlocks,
  describeEncryption,
  describeLock,
  describeNotifications,
  describeVersioning,
  describeWebsite,
  ownershipText,
  rulesText,
} from './bucketTexts.ts';
import { fact, section, source, readingText, valueOf } from './readingText.ts';

/** A bucket's properties as blocks of a page. */
export function bucketBlocks(
  properties: BucketProperties,
  names: { readonly uri: string; readonly arn: string; readonly url: string },
): Block[] {
  return [
    {
      kind: 'facts',
      facts: [
        fact(l10n.t('S3 URI'), names.uri),
        fact(l10n.t('ARN'), names.arn),
        fact(l10n.t('URL'), names.url),
        fact(l10n.t('Region'), properties.region),
        fact(
          l10n.t('Created'),
          readingText(
            properties.created,
            formatDate,
            l10n.t('Unknown: it isn’t in your list of buckets'),
          ),
        ),
      ],
    },
    ...versionBlocks(properties),
    ...accessBlocks(properties),
    ...dataBlocks(properties),
    ...serviceBlocks(properties),
    ...tagBlocks(properties),
    ...sources(properties),
  ];
}

function versionBlocks({ versioning, objectLock }: BucketProperties): Block[] {
  return section(l10n.t('Versions'), [
    fact(
      l10n.t('Versioning'),
      readingText(versioning, describeVersioning, l10n.t('Never enabled')),
    ),
    fact(
      l10n.t('MFA delete'),
      readingText(
        versioning,
        ({ mfaDelete }) => (mfaDelete === 'Enabled' ? l10n.t('On') : l10n.t('Off')),
        l10n.t('Off'),
      ),
    ),
    fact(l10n.t('Object Lock'), readingText(objectLock, describeLock)),
  ]);
}

function accessBlocks({
  encryption,
  publicAccess,
  ownership,
  policy,
  policyStatus,
  acl,
}: BucketProperties): Block[] {
  return section(l10n.t('Access'), [
    fact(l10n.t('Encryption'), readingText(encryption, describeEncryption)),
    fact(l10n.t('Block Public Access'), readingText(publicAccess, describeBlocks, l10n.t('Off'))),
    fact(l10n.t('Object ownership'), readingText(ownership, ownershipText)),
    fact(
      l10n.t('Bucket policy'),
      readingText(policy, () => l10n.t('Set')),
    ),
    fact(
      l10n.t('Public by its policy'),
      readingText(
        policyStatus,
        ({ IsPublic }) => (IsPublic ? l10n.t('Yes: anyone has access') : l10n.t('No')),
        l10n.t('No'),
      ),
    ),
    fact(
      l10n.t('Owner'),
      readingText(acl, ({ Owner }) => describeOwner(Owner)),
    ),
    fact(l10n.t('Access control list'), readingText(acl, describeGrants)),
  ]);
}

function dataBlocks({
  lifecycle,
  replication,
  intelligentTiering,
  inventories,
}: BucketProperties): Block[] {
  return section(l10n.t('Data Management'), [
    fact(l10n.t('Lifecycle'), readingText(lifecycle, rulesText)),
    fact(
      l10n.t('Replication'),
      readingText(replication, ({ Rules = [] }) => rulesText(Rules)),
    ),
    fact(
      l10n.t('Intelligent-Tiering'),
      readingText(intelligentTiering, ({ length }) => configurationsText(length)),
    ),
    fact(
      l10n.t('Inventory'),
      readingText(inventories, ({ length }) => configurationsText(length)),
    ),
  ]);
}

function configurationsText(count: number): string {
  return count === 1 ? l10n.t('1 configuration') : l10n.t('{0} configurations', count);
}

function serviceBlocks({
  notifications,
  cors,
  logging,
  website,
  acceleration,
  payer,
}: BucketProperties): Block[] {
  return section(l10n.t('Requests'), [
    fact(l10n.t('Event notifications'), readingText(notifications, describeNotifications)),
    fact(l10n.t('CORS'), readingText(cors, rulesText)),
    fact(
      l10n.t('Server access logging'),
      readingText(logging, ({ TargetBucket = '', TargetPrefix = '' }) =>
        l10n.t('To {0}', `s3://${TargetBucket}/${TargetPrefix}`),
      ),
    ),
    fact(l10n.t('Website'), readingText(website, describeWebsite)),
    fact(
      l10n.t('Transfer acceleration'),
      readingText(acceleration, status => status),
    ),
    fact(
      l10n.t('Requester pays'),
      readingText(payer, who => (who === 'Requester' ? l10n.t('Yes') : l10n.t('No'))),
    ),
  ]);
}

function tagBlocks({ tags }: BucketProperties): Block[] {
  const heading: Block = { kind: 'heading', text: l10n.t('Tags') };
  const known = valueOf(tags);
  if (!known) {
    return [
      heading,
      { kind: 'text', text: readingText(tags, () => '', l10n.t('None')), tone: 'muted' },
    ];
  }
  const facts = known.map(({ Key = '', Value = '' }) => ({
    term: visible(Key),
    value: visible(Value),
  }));
  return [heading, { kind: 'facts', facts }];
}

/** What is too long for a line, as the AWS CLI shows it. */
function sources(properties: BucketProperties): Block[] {
  const { policy, lifecycle, cors, replication, website } = properties;
  const found = [
    [l10n.t('Bucket policy'), indented(valueOf(policy))],
    [l10n.t('Lifecycle rules'), valueOf(lifecycle)],
    [l10n.t('CORS rules'), valueOf(cors)],
    [l10n.t('Replication configuration'), valueOf(replication)],
    [l10n.t('Website configuration'), withoutMetadata(valueOf(website))],
  ] as const;
  return found.flatMap(([name, value]) => (value === undefined ? [] : [source(name, value)]));
}

function indented(json: string | undefined): string | undefined {
  if (json === undefined) return undefined;
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}

function withoutMetadata(output: object | undefined): object | undefined {
  return output && { ...output, $metadata: undefined };
}
