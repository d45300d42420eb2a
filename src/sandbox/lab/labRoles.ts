/** A role of the lab, with exactly the policy that the lab gives it. */
export interface LabRole {
  readonly name: string;
  readonly policyName: string;
  readonly trustedService: string;
  readonly statements: readonly object[];
}

/** @param number the lab's number, which its bucket names end in */
export function labRoles(number: string): readonly LabRole[] {
  const [images, assets] = [`arn:aws:s3:::images-${number}`, `arn:aws:s3:::assets-${number}`];
  return [
    {
      name: 'S3BatchPutRole',
      policyName: 'S3BatchPutPolicy',
      trustedService: 'batchoperations.s3.amazonaws.com',
      statements: [
        allow(['s3:PutObjectTagging', 's3:PutObjectVersionTagging'], `${images}/*`),
        allow(['s3:GetObject', 's3:GetObjectVersion', 's3:GetBucketLocation'], `${assets}/*`),
        allow(['s3:PutObject', 's3:GetBucketLocation'], `${assets}/*`),
      ],
    },
    {
      name: 'S3LambdaRole',
      policyName: 'S3LambdaPolicy',
      trustedService: 'lambda.amazonaws.com',
      statements: [
        allow(
          ['logs:PutLogEvents', 'logs:CreateLogGroup', 'logs:CreateLogStream'],
          'arn:aws:logs:*:*:*',
        ),
        allow(['s3:GetObject'], `${images}/*`),
        allow(['s3:PutObject'], `${images}-resized/*`),
      ],
    },
  ];
}

function allow(actions: readonly string[], resource: string): object {
  return { Effect: 'Allow', Action: actions, Resource: [resource] };
}
