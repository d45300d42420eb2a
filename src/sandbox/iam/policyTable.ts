import type { Query, Store } from '../store.ts';
import { AWS_MANAGED_POLICIES } from './awsManagedPolicies.ts';
import type { IamTag } from './iamTags.ts';
import type { ManagedPolicy, PolicyVersion } from './managedPolicy.ts';

interface ManagedRow {
  readonly arn: string;
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly description: string | null;
  readonly default_version: number;
  readonly last_version: number;
  readonly tags: string;
  readonly created: number;
  readonly updated: number;
}

interface VersionRow {
  readonly number: number;
  readonly document: string;
  readonly created: number;
}

/** Managed policies, their versions, and which roles they are attached to. */
export class PolicyTable {
  private readonly store: Store;
  private readonly changed: () => void;
  private readonly byArn: Query<ManagedRow>;
  private readonly byName: Query<ManagedRow>;
  private readonly all: Query<ManagedRow>;
  private readonly upsert: Query<never>;
  private readonly remove: Query<never>;
  private readonly allVersions: Query<VersionRow>;
  private readonly insertVersion: Query<never>;
  private readonly removeVersion: Query<never>;
  private readonly removeVersions: Query<never>;
  private readonly attachedTo: Query<{ readonly policy_arn: string }>;
  private readonly attachments: Query<{ readonly role_id: string }>;
  private readonly insertAttachment: Query<never>;
  private readonly removeAttachment: Query<never>;

  /** @param changed called when what a role may do may have changed */
  constructor(store: Store, changed: () => void) {
    this.store = store;
    this.changed = changed;
    store.define(`
      CREATE TABLE IF NOT EXISTS iam_policy (
        arn TEXT PRIMARY KEY, id TEXT NOT NULL, name TEXT NOT NULL UNIQUE COLLATE NOCASE,
        path TEXT NOT NULL, description TEXT, default_version INTEGER NOT NULL,
        last_version INTEGER NOT NULL, tags TEXT NOT NULL, created INTEGER NOT NULL,
        updated INTEGER NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS iam_policy_version (
        policy_arn TEXT NOT NULL, number INTEGER NOT NULL, document TEXT NOT NULL,
        created INTEGER NOT NULL, PRIMARY KEY (policy_arn, number)) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS iam_attached_policy (
        role_id TEXT NOT NULL, policy_arn TEXT NOT NULL,
        PRIMARY KEY (role_id, policy_arn)) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS iam_attachments ON iam_attached_policy (policy_arn);`);
    this.byArn = store.prepare('SELECT * FROM iam_policy WHERE arn = ?');
    this.byName = store.prepare('SELECT * FROM iam_policy WHERE name = ?');
    this.all = store.prepare('SELECT * FROM iam_policy ORDER BY name');
    this.upsert = store.prepare(
      'INSERT OR REPLACE INTO iam_policy VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.remove = store.prepare('DELETE FROM iam_policy WHERE arn = ?');
    this.allVersions = store.prepare(
      'SELECT * FROM iam_policy_version WHERE policy_arn = ? ORDER BY number DESC',
    );
    this.insertVersion = store.prepare('INSERT INTO iam_policy_version VALUES (?, ?, ?, ?)');
    this.removeVersion = store.prepare(
      'DELETE FROM iam_policy_version WHERE policy_arn = ? AND number = ?',
    );
    this.removeVersions = store.prepare('DELETE FROM iam_policy_version WHERE policy_arn = ?');
    this.attachedTo = store.prepare(
      'SELECT policy_arn FROM iam_attached_policy WHERE role_id = ? ORDER BY policy_arn',
    );
    this.attachments = store.prepare(
      'SELECT role_id FROM iam_attached_policy WHERE policy_arn = ?',
    );
    this.insertAttachment = store.prepare(
      'INSERT OR IGNORE INTO iam_attached_policy VALUES (?, ?)',
    );
    this.removeAttachment = store.prepare(
      'DELETE FROM iam_attached_policy WHERE role_id = ? AND policy_arn = ?',
    );
  }

  find(arn: string): ManagedPolicy | undefined {
    const row = this.byArn.get(arn);
    return row === undefined ? AWS_MANAGED_POLICIES.get(arn)?.policy : toPolicy(row);
  }

  /** Whether the account has a policy of that name, in whatever case and path. */
  isTaken(name: string): boolean {
    return this.byName.get(name) !== undefined;
  }

  /** The account's own policies by name, then AWS's. */
  list(): ManagedPolicy[] {
    const ofAws = [...AWS_MANAGED_POLICIES.values()].map(({ policy }) => policy);
    return [...this.all.all().map(toPolicy), ...ofAws];
  }

  /** The newest first. */
  versions(policy: ManagedPolicy): readonly PolicyVersion[] {
    const ofAws = AWS_MANAGED_POLICIES.get(policy.arn);
    if (ofAws !== undefined) return [ofAws.version];
    return this.allVersions
      .all(policy.arn)
      .map(row => ({ ...row, created: new Date(row.created) }));
  }

  /** The document that is evaluated. */
  defaultDocument(policy: ManagedPolicy): string {
    const version = this.versions(policy).find(each => each.number === policy.defaultVersion);
    return version?.document ?? '';
  }

  /** Writes a policy, and a new version of it where one is given. */
  save(policy: ManagedPolicy, version?: PolicyVersion): void {
    const { arn, id, name, path, description, defaultVersion, lastVersion, tags } = policy;
    this.store.transaction(() => {
      this.upsert.run(
        ...[arn, id, name, path, description ?? null, defaultVersion, lastVersion],
        ...[JSON.stringify(tags), policy.created.getTime(), policy.updated.getTime()],
      );
      if (version === undefined) return;
      this.insertVersion.run(arn, version.number, version.document, version.created.getTime());
    });
    this.changed();
  }

  delete(policy: ManagedPolicy): void {
    this.store.transaction(() => {
      this.removeVersions.run(policy.arn);
      this.remove.run(policy.arn);
    });
  }

  deleteVersion(policy: ManagedPolicy, number: number): void {
    this.removeVersion.run(policy.arn, number);
  }

  /** The policies that are attached to a role. */
  attached(roleId: string): ManagedPolicy[] {
    return this.attachedTo.all(roleId).flatMap(({ policy_arn: arn }) => this.find(arn) ?? []);
  }

  /** The ids of the roles that a policy is attached to. */
  rolesOf(policy: ManagedPolicy): string[] {
    return this.attachments.all(policy.arn).map(row => row.role_id);
  }

  attach(roleId: string, policy: ManagedPolicy): void {
    this.insertAttachment.run(roleId, policy.arn);
    this.changed();
  }

  /** Answers whether it was attached. */
  detach(roleId: string, policy: ManagedPolicy): boolean {
    this.changed();
    return this.removeAttachment.run(roleId, policy.arn).changes > 0;
  }
}

function toPolicy(row: ManagedRow): ManagedPolicy {
  const { arn, id, name, path } = row;
  return {
    ...{ arn, id, name, path, ofAws: false },
    description: row.description ?? undefined,
    defaultVersion: row.default_version,
    lastVersion: row.last_version,
    tags: JSON.parse(row.tags) as IamTag[],
    created: new Date(row.created),
    updated: new Date(row.updated),
  };
}
