import { tagProblem } from '../../objects/tagRules.ts';
import { operationPermissions } from '../../roles/rolePolicy.ts';
import type { OperationKind } from './operationKind.ts';

export const putTagging: OperationKind<'S3PutObjectTagging'> = {
  name: 'S3PutObjectTagging',
  toSdk: ({ tags }) => ({
    S3PutObjectTagging: { TagSet: tags.map(tag => ({ Key: tag.key, Value: tag.value })) },
  }),
  fromSdk: ({ S3PutObjectTagging: tagging }) =>
    tagging && {
      name: 'S3PutObjectTagging',
      tags: (tagging.TagSet ?? []).map(tag => ({ key: tag.Key ?? '', value: tag.Value ?? '' })),
    },
  permissions: ({ name }, { partition, targets }) =>
    operationPermissions(partition, { name, targets }),
  requests: () => [{ api: 'PutObjectTagging', tier: 'put' }],
  warnings: () => ['replacesAllTags'],
  problem: ({ tags }) => tagProblem(tags),
};

export const deleteTagging: OperationKind<'S3DeleteObjectTagging'> = {
  name: 'S3DeleteObjectTagging',
  toSdk: () => ({ S3DeleteObjectTagging: {} }),
  fromSdk: ({ S3DeleteObjectTagging: tagging }) => tagging && { name: 'S3DeleteObjectTagging' },
  permissions: ({ name }, { partition, targets }) =>
    operationPermissions(partition, { name, targets }),
  // Amazon S3 pricing: deletes are free of charge.
  requests: () => [{ api: 'DeleteObjectTagging', tier: 'none' }],
  warnings: () => ['removesAllTags'],
  problem: () => undefined,
};
