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
import {
  descriptionOf,
  functionArnOf,
  roleInputOf,
  type DeploymentContext,
} from '../resizeDeployment/context.ts';
import type { DeploymentPlan, StepKind } from '../resizeDeployment/deploymentPlan.ts';
import { ID_PREFIX, wantedEntries, withEntries } from '../resizeDeployment/notificationEntries.ts';
import { POLICY_NAME } from '../resizeDeployment/roleStep.ts';
import { LAMBDA_SERVICE, lambdaTrustPolicy } from '../roles/functionRolePolicy.ts';
import { trustsService } from '../roles/roleTrust.ts';
import { bucketArn } from '../s3Uri.ts';
import type { CodeFacts, DeploymentFacts, RoleFacts } from './deploymentFacts.ts';
import { functionHas } from './functionHas.ts';
import { readLogGroup } from './readLogGroup.ts';
import { readRole } from './readRole.ts';

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
  const entries = wantedEntries(target, functionArnOf(context));
  return {
    ...{ partition, region, accountId, endpoint, bucket },
    ...(destinationBucket !== bucket && {
      destination: { bucket: destinationBucket, exists: exists('destinationBucket') },
    }),
    function: await functionFacts(clients, plan, code, options),
    role: await roleFacts(context, exists('role')),
    permissions: [
      {
        statementId: statementIdOf(plan),
        exists: exists('permission'),
        sourceArn: bucketArn(partition, bucket),
        sourceAccount: accountId,
      },
    ],
    entries,
    ownIdPrefix: ID_PREFIX,
    notifications: withEntries(configuration, entries),
    hasNotifications:
      toNotifications(configuration).length > 0 || 'EventBridgeConfiguration' in configuration,
    logGroup: await readLogGroup(clients, { name, region }, options),
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
    : {
        hiddenVariables: [],
        leftOut: [],
        settings: {},
        tags: {},
        description: descriptionOf(target.bucket),
      };
  return {
    name: functionName,
    exists,
    ...{ runtime: RUNTIME, handler: HANDLER, architecture, memoryMegabytes, timeoutSeconds },
    environment: {
      [DESTINATION_VARIABLE]: target.destinationBucket,
      ...toEnvironment(target.settings),
    },
    code,
    ...has,
    tags: { ...has.tags, [DEPLOYMENT_TAG]: target.bucket },
  };
}

/** Of a role that is there, only our policy in it is planned; the rest stays as it is. */
async function roleFacts(context: DeploymentContext, exists: boolean): Promise<RoleFacts> {
  const { clients, target, options } = context;
  const { role, bucket } = target;
  if ('arn' in role) return role;
  const found = exists ? await readRole(clients, role.name, options) : undefined;
  const trusts = found !== undefined && trustsService(JSON.stringify(found.trust), LAMBDA_SERVICE);
  const tags = { ...found?.tags, [DEPLOYMENT_TAG]: bucket };
  return {
    ...{ name: role.name, path: '/', exists, description: descriptionOf(bucket) },
    attached: [],
    existingPolicies: [],
    ...found,
    trust: trusts ? found.trust : lambdaTrustPolicy(),
    policies: { ...found?.policies, [POLICY_NAME]: resizeRolePolicy(roleInputOf(context)) },
    tags,
  };
}

/** A permission that is kept may have been given under another id. */
function statementIdOf({ steps, target }: DeploymentPlan): string {
  const step = steps.find(({ kind, action }) => kind === 'permission' && action === 'keep');
  const [detail] = step?.details ?? [];
  const [, kept] = (typeof detail === 'string' && /^Sid: (.+)$/.exec(detail)) || [];
  return kept ?? statementIdFor(target.bucket);
}
