import type { CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { DEPLOYMENT_TAG } from '../deployment/deploymentTag.ts';
import { HANDLER, RUNTIME } from '../deployment/runtime.ts';
import { logGroupOf } from '../functionArn.ts';
import { statementIdFor } from '../functions/functionPolicyDocument.ts';
import { toNotifications } from '../notifications/notificationConfiguration.ts';
import { readNotifications } from '../notifications/notifications.ts';
import { DESTINATION_VARIABLE, toEnvironment } from '../resizeFunction/resizeSettings.ts';
import { resizeRolePolicy } from '../resizeFunction/resizeRolePolicy.ts';
import { descriptionOf, functionArnOf, roleInputOf } from '../resizeDeployment/context.ts';
import type { DeploymentPlan, StepKind } from '../resizeDeployment/deploymentPlan.ts';
import { ID_PREFIX, wantedEntries, withEntries } from '../resizeDeployment/notificationEntries.ts';
import { POLICY_NAME } from '../resizeDeployment/roleStep.ts';
import { lambdaTrustPolicy } from '../roles/functionRolePolicy.ts';
import type { CodeFacts, DeploymentFacts, RoleFacts } from './deploymentFacts.ts';
import { functionHas } from './functionHas.ts';
import { hasLogGroup } from './hasLogGroup.ts';

/**
 * What a plan would make of a bucket's deployment.
 *
 * @throws BrigadeError `AccessDenied` (s3:GetBucketNotification, lambda:GetFunctionConfiguration) …
 */
export async function planFacts(
  clients: AwsClients,
  plan: DeploymentPlan,
  code: CodeFacts,
  options: CallOptions = {},
): Promise<DeploymentFacts> {
  const { target, region } = plan;
  const { bucket, functionName, destinationBucket } = target;
  const { partition, accountId, endpoint } = clients;
  const exists = (kind: StepKind): boolean =>
    plan.steps.some(step => step.kind === kind && step.action !== 'create');
  const context = { clients, target, region, options };
  const configuration = await readNotifications(clients, bucket, options);
  const name = logGroupOf(functionName);
  return {
    ...{ partition, region, accountId, endpoint, bucket },
    ...(destinationBucket !== bucket && {
      destination: { bucket: destinationBucket, exists: exists('destinationBucket') },
    }),
    function: await functionFacts(clients, plan, code, options),
    role: roleFacts(context, exists('role')),
    permission: { statementId: statementIdOf(plan), exists: exists('permission') },
    entries: wantedEntries(target, functionArnOf(context)),
    ownIdPrefix: ID_PREFIX,
    others: withEntries(configuration, []),
    hasNotifications:
      toNotifications(configuration).length > 0 || 'EventBridgeConfiguration' in configuration,
    logGroup: { name, exists: await hasLogGroup(clients, { name, region }, options) },
    tags: { [DEPLOYMENT_TAG]: bucket },
  };
}

async function functionFacts(
  clients: AwsClients,
  { target, region, steps }: DeploymentPlan,
  code: CodeFacts,
  options: CallOptions,
): Promise<DeploymentFacts['function']> {
  const { functionName, architecture, memoryMegabytes, timeoutSeconds } = target;
  const exists = steps.some(({ kind, action }) => kind === 'function' && action !== 'create');
  const has = exists
    ? await functionHas(clients, { functionName, region }, options)
    : { hiddenVariables: [], leftOut: [] };
  return {
    name: functionName,
    exists,
    description: descriptionOf(target.bucket),
    ...{ runtime: RUNTIME, handler: HANDLER, architecture, memoryMegabytes, timeoutSeconds },
    environment: {
      [DESTINATION_VARIABLE]: target.destinationBucket,
      ...toEnvironment(target.settings),
    },
    tags: { [DEPLOYMENT_TAG]: target.bucket },
    code,
    ...has,
  };
}

function roleFacts(context: Parameters<typeof roleInputOf>[0], exists: boolean): RoleFacts {
  const { role, bucket } = context.target;
  if ('arn' in role) return role;
  return {
    ...{ name: role.name, path: '/', exists, description: descriptionOf(bucket) },
    trust: lambdaTrustPolicy(),
    policies: { [POLICY_NAME]: resizeRolePolicy(roleInputOf(context)) },
    attached: [],
  };
}

/** A permission that is kept may have been given under another id. */
function statementIdOf({ steps, target }: DeploymentPlan): string {
  const step = steps.find(({ kind, action }) => kind === 'permission' && action === 'keep');
  const kept = /^Sid: (.+)$/.exec(step?.details[0] ?? '')?.[1];
  return kept ?? statementIdFor(target.bucket);
}
