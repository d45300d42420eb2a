import { SimulatePrincipalPolicyCommand, type EvaluationResult } from '@aws-sdk/client-iam';
import { call, type CallOptions } from '../call.ts';
import type { AwsClients } from '../clients.ts';
import { BrigadeError } from '../errors.ts';

/** `unknown`: the caller may not ask, or AWS did not say. */
export type Decision = 'allowed' | 'explicitDeny' | 'implicitDeny' | 'unknown';

export interface SimulationInput {
  readonly roleArn: string;
  /** `s3:GetObject` … */
  readonly actions: readonly string[];
  /** An ARN as a policy names it, perhaps with a wildcard at its end. */
  readonly pattern: string;
  /** Asks about the pattern itself: `*` of an action that has no resource. */
  readonly isExact?: boolean;
  /** What the request would tell IAM besides, by condition key: `iam:PassedToService` … */
  readonly context?: Readonly<Record<string, string>>;
}

export interface Simulation {
  /** The ARN that was asked about: some object below the pattern. */
  readonly resource: string;
  readonly decisions: ReadonlyMap<string, Decision>;
}

/**
 * Asks IAM whether a role may do something (SimulatePrincipalPolicy). It is advice: bucket policies,
 * KMS keys and organization policies are not weighed.
 *
 * @throws BrigadeError `NotFound` when there is no such role …; where the caller may not ask, the
 *   decisions are `unknown` instead.
 */
export async function simulate(
  clients: AwsClients,
  input: SimulationInput,
  options: CallOptions = {},
): Promise<Simulation> {
  const resource = input.isExact === true ? input.pattern : concrete(input.pattern);
  const results = await evaluate(clients, input, resource, options);
  const decisions = new Map(
    input.actions.map(action => [action, decisionOf(results, action, resource)]),
  );
  return { resource, decisions };
}

/** The simulator takes a resource as it is: a wildcard must become some object below it. */
function concrete(resource: string): string {
  return resource
    .replace(/\*$/, 'bucket-brigade-check')
    .replace(/\$\{([*?$])\}/g, (_, character: string) => character);
}

async function evaluate(
  clients: AwsClients,
  { roleArn, actions, context = {} }: SimulationInput,
  resource: string,
  options: CallOptions,
): Promise<EvaluationResult[]> {
  const results: EvaluationResult[] = [];
  let marker: string | undefined;
  try {
    do {
      const command = new SimulatePrincipalPolicyCommand({
        PolicySourceArn: roleArn,
        ActionNames: [...actions],
        ResourceArns: [resource],
        ContextEntries: Object.entries(context).map(([key, value]) => ({
          ContextKeyName: key,
          ContextKeyType: 'string',
          ContextKeyValues: [value],
        })),
        Marker: marker,
      });
      const output = await call(roleArn, options, () =>
        clients.iam().send(command, { abortSignal: options.signal }),
      );
      results.push(...(output.EvaluationResults ?? []));
      marker = output.IsTruncated ? output.Marker : undefined;
    } while (marker !== undefined);
  } catch (error) {
    if (!(error instanceof BrigadeError) || !CANNOT_ASK.has(error.code)) {
      throw error;
    }
  }
  return results;
}

/** Denied, or an engine that cannot simulate. */
const CANNOT_ASK = new Set<BrigadeError['code']>(['AccessDenied', 'InvalidInput', 'Unknown']);

/**
 * Newer answers name an ARN template at the top and the resource only in ResourceSpecificResults;
 * older ones have just the top.
 */
function decisionOf(
  results: readonly EvaluationResult[],
  action: string,
  resource: string,
): Decision {
  const result = results.find(
    ({ EvalActionName: name }) => name?.toLowerCase() === action.toLowerCase(),
  );
  const specific = (result?.ResourceSpecificResults ?? []).find(
    ({ EvalResourceName: name }) => name === resource,
  );
  const decision = specific?.EvalResourceDecision ?? result?.EvalDecision;
  return decision ?? 'unknown';
}
