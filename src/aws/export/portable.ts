import type { DeploymentFacts } from './deploymentFacts.ts';
import type { Json } from './yamlText.ts';

/**
 * The same value with the partition, Region and account of a stack in the place of those that it was
 * read in, where ARNs name them.
 */
export function portable(value: Json, facts: DeploymentFacts): Json {
  if (typeof value === 'string') return portableText(value, facts);
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(item => portable(item as Json, facts));
  return Object.fromEntries(
    Object.entries(value as { readonly [key: string]: Json }).map(([key, item]) => [
      key,
      portable(item, facts),
    ]),
  );
}

/** In Fn::Sub `${!` stands for `${` (AWS CloudFormation user guide, "Fn::Sub"). */
function portableText(text: string, { partition, region, accountId }: DeploymentFacts): Json {
  if (!text.startsWith(`arn:${partition}:`)) return text;
  const rest = text.slice(`arn:${partition}:`.length).replaceAll('${', '${!');
  const moved = rest
    .replace(`:${region}:`, ':${AWS::Region}:')
    .replace(`:${accountId}:`, ':${AWS::AccountId}:');
  return { 'Fn::Sub': `arn:\${AWS::Partition}:${moved}` };
}
