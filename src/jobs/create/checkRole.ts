import { l10n, ThemeIcon, type QuickPickItem } from 'vscode';
import type { RoleCheck } from '../../aws/roleCheck.ts';
import type { Session } from '../../services.ts';
import { formatCount } from '../../vscode/formats.ts';
import { withCancellableProgress } from '../../vscode/progress.ts';
import { pick, type PromptPosition } from '../../vscode/prompts.ts';
import type { Draft } from './draft.ts';
import { describeMissing, missingPermissions, roleNeeds } from './roleNeeds.ts';

/**
 * Checks a role against what the job does; if something is missing, says what and asks.
 *
 * @returns the role, or undefined to choose another.
 * @throws BrigadeError `NotFound` when there is no such role; BackPressed, `Cancelled`
 */
export async function checkedRole(
  position: PromptPosition,
  session: Session,
  roleArn: string,
  draft: Draft,
): Promise<string | undefined> {
  const needs = roleNeeds(draft, session.clients.partition);
  if (needs === undefined) return roleArn;
  const { checkRole } = await import('../../aws/roleCheck.ts');
  const title = l10n.t('Checking what the role may do');
  const check = await withCancellableProgress({ title }, signal =>
    checkRole(session.clients, { ...needs, roleArn }, { signal }),
  );
  const lacks = lackItems(check);
  if (lacks.length === 0) return roleArn;
  const use = {
    label: l10n.t('Use It Nevertheless'),
    description: l10n.t('a bucket policy may allow what is missing here'),
    iconPath: new ThemeIcon('check'),
  };
  const other = { label: l10n.t('Choose Another Role…'), iconPath: new ThemeIcon('arrow-left') };
  const name = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  const chosen = await pick({
    ...position,
    placeholder:
      lacks.length === 1
        ? l10n.t('{0} lacks something the job needs', name)
        : l10n.t('{0} lacks {1} things the job needs', name, formatCount(lacks.length)),
    items: [...lacks, other, use],
    active: item => item === other,
  });
  return chosen === use ? roleArn : undefined;
}

/** What the role lacks, one item each; choosing one leads back to the roles. */
function lackItems(check: RoleCheck): QuickPickItem[] {
  const warning = new ThemeIcon('warning');
  const trust =
    check.trusted === false
      ? [
          {
            label: l10n.t('It does not trust S3 Batch Operations'),
            detail: 'batchoperations.s3.amazonaws.com',
            iconPath: warning,
          },
        ]
      : [];
  return [
    ...trust,
    ...missingPermissions(check).map(finding => ({
      label: describeMissing(finding),
      iconPath: warning,
    })),
  ];
}
