import type { DeploymentFacts } from './deploymentFacts.ts';

/** As `aws cloudformation create-change-set --resources-to-import` takes it. */
export interface ResourceToImport {
  readonly ResourceType: string;
  readonly LogicalResourceId: string;
  readonly ResourceIdentifier: Readonly<Record<string, string>>;
}

/**
 * What is there already and a stack can import (AWS CloudFormation user guide, "Resource type support").
 * None unless the function is there, with a role that is there too: they refer to each other.
 */
export function importable({
  function: deployed,
  role,
  logGroup,
}: DeploymentFacts): ResourceToImport[] {
  if (!deployed.exists || ('name' in role && !role.exists)) return [];
  const all: ResourceToImport[] = [
    resource('AWS::Lambda::Function', 'Function', { FunctionName: deployed.name }),
  ];
  if ('name' in role) all.push(resource('AWS::IAM::Role', 'Role', { RoleName: role.name }));
  if (logGroup.exists) {
    all.push(resource('AWS::Logs::LogGroup', 'LogGroup', { LogGroupName: logGroup.name }));
  }
  return all;
}

function resource(
  ResourceType: string,
  LogicalResourceId: string,
  ResourceIdentifier: Readonly<Record<string, string>>,
): ResourceToImport {
  return { ResourceType, LogicalResourceId, ResourceIdentifier };
}
