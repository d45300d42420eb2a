import { createHash } from 'node:crypto';
import policies from './awsManagedPolicies.json' with { type: 'json' };
import type { ManagedPolicy, PolicyVersion } from './managedPolicy.ts';
import { ID_LETTERS } from './newId.ts';

/** A policy that AWS keeps, with the one version of it that is known here. */
export interface AwsManagedPolicy {
  readonly policy: ManagedPolicy;
  readonly version: PolicyVersion;
}

const PREFIX = 'arn:aws:iam::aws:policy';

/**
 * Policies of AWS that roles of functions and of batch jobs get, by ARN, with the documents, versions
 * and times of AWS's "AWS managed policy reference" (February 2026). Of each only its default version
 * is here.
 */
export const AWS_MANAGED_POLICIES: ReadonlyMap<string, AwsManagedPolicy> = new Map(
  policies.map(({ name, path, description, version, created, updated, document }) => {
    const arn = `${PREFIX}${path}${name}`;
    const policy: ManagedPolicy = {
      ...{ arn, id: idOf(name), name, path, description, tags: [], ofAws: true },
      ...{ defaultVersion: version, lastVersion: version },
      ...{ created: new Date(created), updated: new Date(updated) },
    };
    const text = JSON.stringify(document, undefined, 4);
    return [
      arn,
      { policy, version: { number: version, document: text, created: new Date(updated) } },
    ];
  }),
);

/** Whether an ARN is of a policy that AWS keeps, known here or not. */
export function isAwsPolicyArn(arn: string): boolean {
  return arn.startsWith(`${PREFIX}/`);
}

/** AWS does not document the ids of its policies: one in their form, the same in every sandbox. */
function idOf(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 17);
  return `ANPA${[...bytes].map(byte => ID_LETTERS[byte % ID_LETTERS.length]).join('')}`;
}
