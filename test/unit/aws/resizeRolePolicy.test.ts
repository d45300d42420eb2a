import { expect, it } from 'vitest';
import { resizeRolePolicy } from '../../../src/aws/resizeFunction/resizeRolePolicy.ts';

const input = {
  partition: 'aws-cn',
  region: 'cn-north-1',
  accountId: '123456789012',
  functionName: 'resize',
  bucket: 'images',
  prefix: '',
  destinationBucket: 'images-resized',
  keyTemplate: 'resized-{key}',
  keepTags: false,
};
const statement = (policy: ReturnType<typeof resizeRolePolicy>, sid: string) =>
  policy.Statement.find(({ Sid }) => Sid === sid);

it('allows what the function does and no more, in the partition of the account', () => {
  const group = 'arn:aws-cn:logs:cn-north-1:123456789012:log-group:/aws/lambda/resize';
  expect(resizeRolePolicy(input)).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Log',
        Effect: 'Allow',
        Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: [group, `${group}:*`],
      },
      {
        Sid: 'Read',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:GetObjectVersion'],
        Resource: 'arn:aws-cn:s3:::images/*',
      },
      {
        Sid: 'Write',
        Effect: 'Allow',
        Action: ['s3:PutObject'],
        Resource: 'arn:aws-cn:s3:::images-resized/*',
      },
      {
        Sid: 'TellMissing',
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: 'arn:aws-cn:s3:::images',
      },
    ],
  });
});

it('allows tagging only where tags are kept', () => {
  const policy = resizeRolePolicy({ ...input, keepTags: true });
  expect(statement(policy, 'Read')?.Action).toContain('s3:GetObjectTagging');
  expect(statement(policy, 'Write')?.Action).toEqual(['s3:PutObject', 's3:PutObjectTagging']);
});

it('is narrowed by the prefix, whose wildcards stand for themselves', () => {
  const policy = resizeRolePolicy({ ...input, prefix: 'in*/' });
  expect(statement(policy, 'Read')?.Resource).toBe('arn:aws-cn:s3:::images/in${*}/*');
});

it('lets it write into the source bucket only where it does not read', () => {
  const policy = resizeRolePolicy({ ...input, prefix: 'in/', destinationBucket: 'images' });
  expect(statement(policy, 'Write')?.Resource).toBe('arn:aws-cn:s3:::images/resized-*');
});
