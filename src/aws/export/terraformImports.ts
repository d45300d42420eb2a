import type { DeploymentFacts } from './deploymentFacts.ts';
import { Hcl } from './hclText.ts';
import { numbered, type Part } from './terraformParts.ts';

/**
 * What is there already, by the ids that the provider's documentation gives under "Import". The plan of
 * something new has nothing to import but the bucket's notifications, which Terraform would replace.
 */
export function imports(facts: DeploymentFacts): Part[] {
  return idsOf(facts).map(([to, id], at) => [
    at === 0 ? ['Existing resources. You can delete these blocks after the first apply.'] : [],
    {
      header: 'import',
      body: [
        ['to', new Hcl(to)],
        ['id', id],
      ],
    },
  ]);
}

type Id = readonly [to: string, id: string];

function idsOf(facts: DeploymentFacts): Id[] {
  const {
    function: { name, exists },
    permissions,
    bucket,
  } = facts;
  return [
    ...roleIds(facts),
    ...(exists ? [['aws_lambda_function.resize', name] as const] : []),
    ...permissions.flatMap(({ exists: isThere, qualifier, statementId }, at): Id[] => {
      const owner = qualifier === undefined ? name : `${name}:${qualifier}`;
      const to = `aws_lambda_permission.${numbered('resize', at)}`;
      return isThere ? [[to, `${owner}/${statementId}`]] : [];
    }),
    ...(facts.hasNotifications ? [['aws_s3_bucket_notification.source', bucket] as const] : []),
  ];
}

function roleIds({ role }: DeploymentFacts): Id[] {
  if ('arn' in role || !role.exists) return [];
  const { name, policies, existingPolicies, attached } = role;
  return [
    ['aws_iam_role.resize', name],
    ...Object.keys(policies).flatMap((policy, at): Id[] =>
      existingPolicies.includes(policy)
        ? [[`aws_iam_role_policy.${numbered('resize', at)}`, `${name}:${policy}`]]
        : [],
    ),
    ...attached.map((arn, at): Id => [
      `aws_iam_role_policy_attachment.${numbered('resize', at)}`,
      `${name}/${arn}`,
    ]),
  ];
}
