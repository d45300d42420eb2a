import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { l10n } from 'vscode';
import { archiveState } from '../../aws/objects/archive.ts';
import { unquoted } from '../../aws/objects/listing.ts';
import { checksumOf } from '../../aws/objects/rewrite/objectChecksum.ts';
import { decodeWords } from '../../aws/objects/rewrite/encodedWords.ts';
import { utf8Header } from '../../aws/objects/rewrite/verbatimHeaders.ts';
import type { ObjectProperties } from '../../aws/properties/objectProperties.ts';
import { formatCount, formatDate } from '../../vscode/formats.ts';
import type { Block } from '../../vscode/page/protocol.ts';
import { formatSize } from '../../vscode/sizes.ts';
import { visible } from '../../vscode/visibleText.ts';
import { describeGrants, describeOwner } from './accessTexts.ts';
import { expiryText, restoreText } from './headTexts.ts';
import { fact, section, readingText, valueOf, type Fact } from './readingText.ts';

/** What names an object elsewhere. */
export interface ObjectNames {
  readonly uri: string;
  readonly arn: string;
  readonly url: string;
}

/** An object's properties as blocks of a page. */
export function objectBlocks(properties: ObjectProperties, names: ObjectNames): Block[] {
  const head = valueOf(properties.head);
  const address = [
    fact(l10n.t('S3 URI'), visible(names.uri)),
    fact(l10n.t('ARN'), visible(names.arn)),
    fact(l10n.t('URL'), names.url),
  ];
  const rest = [...tagBlocks(properties), ...accessBlocks(properties, head)];
  if (!head) {
    const why = readingText(properties.head, () => '');
    return [
      { kind: 'facts', facts: address },
      { kind: 'text', text: l10n.t('Headers, metadata and size: {0}', why), tone: 'warning' },
      ...rest,
    ];
  }
  return [
    { kind: 'facts', facts: [...address, ...generalFacts(head)] },
    ...section(l10n.t('Headers'), headerFacts(head)),
    ...metadataBlocks(head),
    ...section(l10n.t('Storage'), storageFacts(head)),
    ...section(l10n.t('Checksum'), checksumFacts(properties, head)),
    ...rest,
  ];
}

function generalFacts(head: HeadObjectCommandOutput): Fact[] {
  const { ContentLength: size = 0, LastModified, ETag, VersionId } = head;
  return [
    fact(l10n.t('Size'), sizeText(size)),
    fact(l10n.t('Last modified'), LastModified && formatDate(LastModified)),
    fact(l10n.t('ETag'), unquoted(ETag)),
    fact(l10n.t('Version ID'), VersionId ?? l10n.t('None: versioning is off in its bucket')),
  ];
}

function sizeText(bytes: number): string {
  return bytes < 1024
    ? formatSize(bytes)
    : l10n.t('{0} ({1} bytes)', formatSize(bytes), formatCount(bytes));
}

function headerFacts(head: HeadObjectCommandOutput): Fact[] {
  const headers = {
    'Content-Type': head.ContentType,
    'Cache-Control': head.CacheControl,
    'Content-Disposition': head.ContentDisposition,
    'Content-Encoding': head.ContentEncoding,
    'Content-Language': head.ContentLanguage,
    Expires: head.ExpiresString,
  };
  return Object.entries(headers).map(([name, value]) => fact(name, utf8Header(value)));
}

function metadataBlocks({ Metadata = {}, MissingMeta = 0 }: HeadObjectCommandOutput): Block[] {
  const heading: Block = { kind: 'heading', text: l10n.t('User Metadata') };
  const entries = Object.entries(Metadata);
  const hidden: Block[] =
    MissingMeta === 0
      ? []
      : [
          {
            kind: 'text',
            tone: 'warning',
            text: l10n.t('S3 has {0} more, which it can’t return in headers.', MissingMeta),
          },
        ];
  if (entries.length === 0) {
    return [heading, { kind: 'text', text: l10n.t('None'), tone: 'muted' }, ...hidden];
  }
  const facts = entries.map(([name, value]) => fact(name, decodeWords(utf8Header(value) ?? '')));
  return [heading, { kind: 'facts', facts }, ...hidden];
}

function storageFacts(head: HeadObjectCommandOutput): Fact[] {
  const tier = head.ArchiveStatus;
  return [
    // S3 names every class but this one.
    fact(l10n.t('Storage class'), head.StorageClass ?? 'STANDARD'),
    ...(tier === undefined ? [] : [fact(l10n.t('Archive tier'), tier)]),
    fact(l10n.t('Restore'), restoreText(archiveState(head), head.Restore)),
    fact(l10n.t('Expires by lifecycle'), expiryText(head.Expiration)),
    fact(l10n.t('Replication'), head.ReplicationStatus),
    fact(l10n.t('Website redirect'), utf8Header(head.WebsiteRedirectLocation)),
  ];
}

function checksumFacts({ attributes }: ObjectProperties, head: HeadObjectCommandOutput): Fact[] {
  const checksum = checksumOf(head);
  const parts = readingText(
    attributes,
    ({ ObjectParts }) =>
      ObjectParts?.TotalPartsCount === undefined
        ? l10n.t('Uploaded in one part')
        : formatCount(ObjectParts.TotalPartsCount),
    l10n.t('Uploaded in one part'),
  );
  const type = checksum?.isComposite
    ? l10n.t('COMPOSITE: computed from the checksums of the parts')
    : l10n.t('FULL_OBJECT: computed from the whole object');
  return [
    ...(checksum
      ? [
          fact(l10n.t('Algorithm'), checksum.algorithm),
          fact(l10n.t('Value'), checksum.value),
          fact(l10n.t('Type'), type),
        ]
      : [fact(l10n.t('Checksum'), l10n.t('None stored'))]),
    fact(l10n.t('Parts'), parts),
  ];
}

function tagBlocks({ tags }: ObjectProperties): Block[] {
  const heading: Block = { kind: 'heading', text: l10n.t('Tags') };
  const known = valueOf(tags);
  if (!known) {
    return [
      heading,
      { kind: 'text', text: readingText(tags, () => '', l10n.t('None')), tone: 'muted' },
    ];
  }
  const facts = known.map(({ key, value }) => ({ term: visible(key), value: visible(value) }));
  return [heading, { kind: 'facts', facts }];
}

function accessBlocks(
  { retention, legalHold, acl }: ObjectProperties,
  head: HeadObjectCommandOutput | undefined,
): Block[] {
  return section(l10n.t('Protection'), [
    ...(head ? encryptionFacts(head) : []),
    fact(
      l10n.t('Object Lock'),
      readingText(retention, ({ Mode, RetainUntilDate }) =>
        l10n.t('{0} until {1}', Mode ?? '', RetainUntilDate ? formatDate(RetainUntilDate) : '?'),
      ),
    ),
    fact(
      l10n.t('Legal hold'),
      readingText(legalHold, status => (status === 'ON' ? l10n.t('On') : l10n.t('Off'))),
    ),
    fact(
      l10n.t('Owner'),
      readingText(acl, ({ Owner }) => describeOwner(Owner)),
    ),
    fact(l10n.t('Access control list'), readingText(acl, describeGrants)),
  ]);
}

function encryptionFacts(head: HeadObjectCommandOutput): Fact[] {
  const { ServerSideEncryption: encryption, SSEKMSKeyId, SSECustomerAlgorithm } = head;
  if (SSECustomerAlgorithm !== undefined) {
    return [fact(l10n.t('Encryption'), l10n.t('Customer-provided key (SSE-C)'))];
  }
  if (!encryption?.startsWith('aws:kms')) {
    return [fact(l10n.t('Encryption'), encryption === 'AES256' ? 'AES256 (SSE-S3)' : encryption)];
  }
  return [
    fact(l10n.t('Encryption'), encryption),
    fact(l10n.t('KMS key'), SSEKMSKeyId),
    fact(l10n.t('Bucket key'), head.BucketKeyEnabled ? l10n.t('Used') : l10n.t('Not used')),
  ];
}
