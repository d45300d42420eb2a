import type { Query, Store } from '../store.ts';
import type { IamTag } from './iamTags.ts';
import { parsePolicy } from './policy.ts';
import type { Policy } from './policy.ts';
import { PolicyTable } from './policyTable.ts';

export interface Role {
  /** `AROA…`, the id that a session's user id begins with. */
  readonly id: string;
  readonly name: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  readonly arn: string;
  readonly description: string | undefined;
  /** The trust policy as it was given. */
  readonly trustPolicy: string;
  /** Seconds. */
  readonly maxSessionDuration: number;
  readonly tags: readonly IamTag[];
  readonly created: Date;
  /** It was made just now, and can't be assumed yet. */
  readonly tooNew?: boolean;
}

interface RoleRow {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly arn: string;
  readonly description: string | null;
  readonly trust_policy: string;
  readonly max_session_duration: number;
  readonly tags: string;
  readonly created: number;
}

interface PolicyRow {
  readonly name: string;
  readonly document: string;
}

/**
 * The roles of the account, their inline policies, and the managed ones that are attached to them. Role
 * names are unique whatever their case.
 */
export class RoleTable {
  readonly managed: PolicyTable;
  private readonly isTooNew: (created: Date) => boolean;
  private readonly byName: Query<RoleRow>;
  private readonly byId: Query<RoleRow>;
  private readonly page: Query<RoleRow>;
  private readonly upsert: Query<never>;
  private readonly remove: Query<never>;
  private readonly policyNames: Query<PolicyRow>;
  private readonly onePolicy: Query<PolicyRow>;
  private readonly upsertPolicy: Query<never>;
  private readonly removePolicy: Query<never>;
  /** Parsed policies by role id: a batch job asks for the same ones at every task. */
  private readonly parsed = new Map<string, readonly Policy[]>();

  /** @param isTooNew whether a role that was made then can't be assumed yet */
  constructor(store: Store, isTooNew: (created: Date) => boolean = () => false) {
    this.isTooNew = isTooNew;
    this.managed = new PolicyTable(store, () => this.parsed.clear());
    store.define(`
      CREATE TABLE IF NOT EXISTS iam_role (
        name TEXT PRIMARY KEY COLLATE NOCASE, id TEXT NOT NULL, path TEXT NOT NULL, arn TEXT NOT NULL,
        description TEXT, trust_policy TEXT NOT NULL, max_session_duration INTEGER NOT NULL,
        tags TEXT NOT NULL, created INTEGER NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS iam_role_policy (
        role_id TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL,
        PRIMARY KEY (role_id, name)) STRICT, WITHOUT ROWID;`);
    this.byName = store.prepare('SELECT * FROM iam_role WHERE name = ?');
    this.byId = store.prepare('SELECT * FROM iam_role WHERE id = ?');
    this.page = store.prepare(
      'SELECT * FROM iam_role WHERE name > ? AND substr(path, 1, length(?)) = ? ORDER BY name LIMIT ?',
    );
    this.upsert = store.prepare(
      'INSERT OR REPLACE INTO iam_role VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.remove = store.prepare('DELETE FROM iam_role WHERE id = ?');
    this.policyNames = store.prepare(
      'SELECT * FROM iam_role_policy WHERE role_id = ? ORDER BY name',
    );
    this.onePolicy = store.prepare('SELECT * FROM iam_role_policy WHERE role_id = ? AND name = ?');
    this.upsertPolicy = store.prepare('INSERT OR REPLACE INTO iam_role_policy VALUES (?, ?, ?)');
    this.removePolicy = store.prepare('DELETE FROM iam_role_policy WHERE role_id = ? AND name = ?');
  }

  find(name: string): Role | undefined {
    const row = this.byName.get(name);
    if (row === undefined) return undefined;
    const role = toRole(row);
    return this.isTooNew(role.created) ? { ...role, tooNew: true } : role;
  }

  /** The role with this ARN, whose path is part of it. */
  findByArn(arn: string): Role | undefined {
    const role = this.find(arn.slice(arn.lastIndexOf('/') + 1));
    return role?.arn === arn ? role : undefined;
  }

  /** Roles in the order of their names, after the one named `after`. */
  list(after: string, pathPrefix: string, limit: number): Role[] {
    return this.page.all(after, pathPrefix, pathPrefix, limit).map(toRole);
  }

  save(role: Role): void {
    this.upsert.run(
      role.name,
      role.id,
      role.path,
      role.arn,
      role.description ?? null,
      role.trustPolicy,
      role.maxSessionDuration,
      JSON.stringify(role.tags),
      role.created.getTime(),
    );
  }

  delete(role: Role): void {
    this.remove.run(role.id);
    this.parsed.delete(role.id);
  }

  /** Names and documents of the inline policies, by name. */
  inlinePolicies(role: Role): readonly PolicyRow[] {
    return this.policyNames.all(role.id);
  }

  inlinePolicy(role: Role, name: string): string | undefined {
    return this.onePolicy.get(role.id, name)?.document;
  }

  putInlinePolicy(role: Role, name: string, document: string): void {
    this.upsertPolicy.run(role.id, name, document);
    this.parsed.delete(role.id);
  }

  /** Answers whether there was such a policy. */
  deleteInlinePolicy(role: Role, name: string): boolean {
    this.parsed.delete(role.id);
    return this.removePolicy.run(role.id, name).changes > 0;
  }

  /** The role with this id, as attachments name it. */
  findById(id: string): Role | undefined {
    const row = this.byId.get(id);
    return row === undefined ? undefined : toRole(row);
  }

  /** All policies of a role, inline and attached, ready to be evaluated; none when the id is of no role. */
  policies(roleId: string): readonly Policy[] {
    const known = this.parsed.get(roleId);
    if (known !== undefined) return known;
    const documents = [
      ...this.policyNames.all(roleId).map(row => row.document),
      ...this.managed.attached(roleId).map(policy => this.managed.defaultDocument(policy)),
    ];
    const policies = documents.map(document => parsePolicy(document, 'identity'));
    this.parsed.set(roleId, policies);
    return policies;
  }
}

function toRole(row: RoleRow): Role {
  return {
    id: row.id,
    name: row.name,
    path: row.path,
    arn: row.arn,
    description: row.description ?? undefined,
    trustPolicy: row.trust_policy,
    maxSessionDuration: row.max_session_duration,
    tags: JSON.parse(row.tags) as IamTag[],
    created: new Date(row.created),
  };
}
