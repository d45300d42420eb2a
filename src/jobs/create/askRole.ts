import { QuickPickItemKind, ThemeIcon, l10n, type QuickPickItem } from 'vscode';
import { BrigadeError, isCancelled } from '../../aws/errors.ts';
import { isRoleArn, roleName } from '../../aws/roles/roleNames.ts';
import { BATCH_SERVICE } from '../../aws/roles/rolePolicy.ts';
import type { Documents, Session } from '../../services.ts';
import { formatCount } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { BackPressed, pick, type PromptPosition } from '../../vscode/prompts.ts';
import {
  askRoleArn,
  createRoleItem,
  enterRoleItem,
  serviceRoleItems,
  type RoleItem,
} from '../../vscode/roleItems.ts';
import { showError } from '../../vscode/showError.ts';
import { createRole } from './createRole.ts';
import type { Draft } from './draft.ts';
import { findRoleIssues, fitsJob, type RoleIssues } from './roleIssues.ts';

interface CheckedItem extends RoleItem {
  readonly fits?: boolean;
}

/**
 * Asks which role the job runs as: one that trusts S3 Batch Operations, a new one, or any ARN. What
 * the role lacks is said before it is accepted.
 *
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askForRole(
  position: PromptPosition,
  session: Session,
  documents: Documents,
  draft: Draft,
): Promise<string> {
  for (;;) {
    const chosen = await pick<CheckedItem>({
      ...position,
      placeholder: question(draft),
      items: signal => roleItems(session, draft, signal),
      active: item =>
        draft.roleArn === undefined
          ? item.fits === true || item.action === 'create'
          : item.arn === draft.roleArn,
      itemFor: typed => (isRoleArn(typed) ? { label: typed, arn: typed } : undefined),
    });
    try {
      const arn = await resolve(
        chosen,
        { ...position, canGoBack: true },
        session,
        documents,
        draft,
      );
      if (arn !== undefined) return arn;
    } catch (error) {
      if (error instanceof BackPressed) continue;
      // What cannot be made or checked loses none of the answers: another role may do.
      if (!(error instanceof BrigadeError) || isCancelled(error)) throw error;
      void showError(error, { doing: 'choosing a role' });
    }
  }
}

function question({ operation }: Draft): string {
  switch (operation?.name) {
    case 'LambdaInvoke':
      return l10n.t('Select the role that S3 Batch Operations assumes to invoke the function');
    case 'S3PutObjectTagging':
    case 'S3DeleteObjectTagging':
      return l10n.t('Select the role that S3 Batch Operations assumes to tag the objects');
    default:
      return l10n.t('Select the role that S3 Batch Operations assumes to run the job');
  }
}

/** The ARN of what was chosen; undefined to choose once more. */
async function resolve(
  { action, arn }: RoleItem,
  position: PromptPosition,
  session: Session,
  documents: Documents,
  draft: Draft,
): Promise<string | undefined> {
  if (action === 'create') return await createRole(position, session, documents, draft);
  const chosen = action === 'enter' ? await askArn(position, draft.roleArn) : arn;
  return chosen === undefined ? undefined : await checkedRole(position, session, chosen, draft);
}

/** Roles that are checked unasked: each costs some requests. */
const MAX_CHECKED = 5;

/** With whether each can do the job, where that is soon found out. */
async function roleItems(
  session: Session,
  draft: Draft,
  signal: AbortSignal,
): Promise<CheckedItem[]> {
  const items = await serviceRoleItems(session.clients, BATCH_SERVICE, draft.roleArn, signal);
  const roles = items.filter(({ arn }) => arn !== undefined);
  const checked = async (item: RoleItem): Promise<CheckedItem> => {
    if (item.arn === undefined || roles.length > MAX_CHECKED) return item;
    const fits = await fitsJob(session, item.arn, draft, signal);
    return fits ? { ...item, fits, detail: l10n.t('has the permissions this job needs') } : item;
  };
  return [
    ...(await Promise.all(items.map(checked))),
    { label: l10n.t('Other'), kind: QuickPickItemKind.Separator },
    createRoleItem(l10n.t('with the least permissions this job needs')),
    enterRoleItem(),
  ];
}

async function askArn(position: PromptPosition, value: string | undefined): Promise<string> {
  const prompt = l10n.t('ARN of a role of this account that trusts S3 Batch Operations');
  return await askRoleArn(position, prompt, value);
}

/**
 * Checks a role against what the job does; if something is missing or cannot be checked, says what
 * and asks.
 *
 * @returns the role, or undefined to choose another.
 * @throws BrigadeError, BackPressed
 */
export async function checkedRole(
  position: PromptPosition,
  session: Session,
  roleArn: string,
  draft: Draft,
): Promise<string | undefined> {
  const title = l10n.t('Checking the permissions of the role');
  const found = await withCancellableProgress({ title }, signal =>
    findRoleIssues(session.clients, roleArn, draft, signal),
  );
  if (found.faults.length === 0 && found.checked) return roleArn;
  const use = useItem(found);
  const other = { label: l10n.t('Choose Another Role…'), iconPath: new ThemeIcon('arrow-left') };
  const name = roleName(roleArn);
  const chosen = await pick({
    ...position,
    placeholder: headline(name, found),
    items: [...faultItems(found), other, ...(use ? [use] : [])],
    active: item => item === (found.faults.length === 0 ? use : other),
  });
  return chosen === use ? roleArn : undefined;
}

function headline(name: string, { faults }: RoleIssues): string {
  switch (faults.length) {
    case 0:
      return l10n.t('The permissions of {0} can’t be checked', name);
    case 1:
      return l10n.t('The job would fail with {0}', name);
    default:
      return l10n.t(
        'The job would fail with {0}, for {1} reasons',
        name,
        formatCount(faults.length),
      );
  }
}

function useItem({ faults, exists, trusted }: RoleIssues): QuickPickItem | undefined {
  if (!exists) return undefined;
  const iconPath = new ThemeIcon('check');
  if (faults.length === 0) return { label: l10n.t('Use It'), iconPath };
  const label = l10n.t('Use Anyway');
  return trusted === false
    ? { label, iconPath }
    : { label, description: l10n.t('a bucket policy may allow what is missing here'), iconPath };
}

/** What is wrong with the role, one item each; choosing one leads back to the roles. */
function faultItems({ faults, hints = [], checked, exists }: RoleIssues): QuickPickItem[] {
  const items: QuickPickItem[] = [...faults, ...hints].map(({ consequence, detail }, at) => ({
    label: consequence,
    detail,
    iconPath: new ThemeIcon(at < faults.length ? 'warning' : 'info'),
  }));
  if (checked || !exists) return items;
  const label = l10n.t('You aren’t allowed to read the role’s permissions');
  const detail = 'iam:GetRole, iam:SimulatePrincipalPolicy';
  return [...items, { label, detail, iconPath: new ThemeIcon('lock') }];
}
