import { l10n, ThemeIcon, type QuickPickItem } from 'vscode';
import { roleName } from '../../aws/roles/roleNames.ts';
import type { Session } from '../../services.ts';
import { formatCount } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { pick, type PromptPosition } from '../../vscode/prompts.ts';
import type { Draft } from './draft.ts';
import { findRoleFaults, type RoleFaults } from './roleFaults.ts';

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
  const title = l10n.t('Checking what the role may do');
  const found = await withCancellableProgress({ title }, signal =>
    findRoleFaults(session.clients, roleArn, draft, signal),
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

function headline(name: string, { faults }: RoleFaults): string {
  switch (faults.length) {
    case 0:
      return l10n.t('What {0} may do cannot be checked', name);
    case 1:
      return l10n.t('The job would not work with {0}', name);
    default:
      return l10n.t(
        'The job would not work with {0}, for {1} reasons',
        name,
        formatCount(faults.length),
      );
  }
}

function useItem({ faults, exists, trusted }: RoleFaults): QuickPickItem | undefined {
  if (!exists) return undefined;
  const iconPath = new ThemeIcon('check');
  if (faults.length === 0) return { label: l10n.t('Use It'), iconPath };
  const label = l10n.t('Use Anyway');
  return trusted === false
    ? { label, iconPath }
    : { label, description: l10n.t('a bucket policy may allow what is missing here'), iconPath };
}

/** What is wrong with the role, one item each; choosing one leads back to the roles. */
function faultItems({ faults, hints = [], checked, exists }: RoleFaults): QuickPickItem[] {
  const items: QuickPickItem[] = [...faults, ...hints].map(({ consequence, detail }, at) => ({
    label: consequence,
    detail,
    iconPath: new ThemeIcon(at < faults.length ? 'warning' : 'info'),
  }));
  if (checked || !exists) return items;
  const label = l10n.t('You may not ask IAM about the role');
  const detail = 'iam:GetRole, iam:SimulatePrincipalPolicy';
  return [...items, { label, detail, iconPath: new ThemeIcon('lock') }];
}
