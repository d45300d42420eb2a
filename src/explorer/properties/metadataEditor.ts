import { l10n, QuickPickItemKind, ThemeIcon, window, type QuickPickItem } from 'vscode';
import {
  HEADER_FIELDS,
  METADATA_PREFIX,
  type FieldChanges,
  type Fields,
} from '../../aws/objects/rewrite/fields.ts';
import { metadataField, nameProblem, valueProblem } from '../../aws/properties/fieldRules.ts';
import { cancelled, isCancellation } from '../../vscode/cancellation.ts';
import { askText, BackPressed } from '../../vscode/prompts.ts';
import { visibleLabel } from '../../vscode/visibleText.ts';
import { describeFieldProblem } from './fieldTexts.ts';

/** What is edited: the fields of one object, or all that any of several has. */
export interface FieldSet {
  readonly title: string;
  readonly before: Fields;
  /** Of several objects: how a field's values differ among them; undefined where they agree. */
  readonly describe?: (name: string) => string | undefined;
}

type Choice =
  | { readonly action: 'save' }
  | { readonly action: 'add' }
  | { readonly action: 'change'; readonly name: string }
  | { readonly action: 'remove'; readonly name: string };

type Item = QuickPickItem & { readonly choice?: Choice };

/**
 * Lets the user set, change and remove headers and user metadata in one list, and save them together.
 *
 * @returns the changes; none where everything is as before
 * @throws BrigadeError `Cancelled` when the list is closed without Save
 */
export async function editFields(set: FieldSet): Promise<FieldChanges> {
  let changes: FieldChanges = {};
  for (;;) {
    const choice = await choose(set, changes);
    if (choice.action === 'save') return changes;
    try {
      changes = await edited(set, changes, choice);
    } catch (error) {
      // Escape leads back to the list, with what was edited so far.
      if (!isCancellation(error) && !(error instanceof BackPressed)) throw error;
    }
  }
}

async function edited(
  set: FieldSet,
  changes: FieldChanges,
  choice: Exclude<Choice, { action: 'save' }>,
): Promise<FieldChanges> {
  if (choice.action === 'remove') return changed(set, changes, choice.name, null);
  const name = choice.action === 'add' ? await askName(set, changes) : choice.name;
  const now = current(set.before, changes);
  const value = await askText({
    title: set.title,
    canGoBack: true,
    prompt: l10n.t('Value of {0}', name),
    placeholder: EXAMPLES[name],
    value: now[name],
    validate: text => {
      const problem = valueProblem(name, text, now);
      return problem && describeFieldProblem(problem);
    },
  });
  const isDate = name === 'Expires';
  return changed(set, changes, name, isDate ? new Date(value).toUTCString() : value);
}

const EXAMPLES: Readonly<Record<string, string>> = {
  'Content-Type': 'text/html; charset=utf-8',
  'Cache-Control': 'public, max-age=3600',
  'Content-Disposition': 'attachment; filename="report.pdf"',
  'Content-Encoding': 'gzip',
  'Content-Language': 'en-GB',
  Expires: 'Wed, 21 Oct 2026 07:28:00 GMT',
};

async function askName({ title, before }: FieldSet, changes: FieldChanges): Promise<string> {
  const typed = await askText({
    title,
    canGoBack: true,
    prompt: l10n.t('Name of the user metadata; S3 adds the prefix x-amz-meta-'),
    placeholder: l10n.t('For example: department'),
    validate: text => {
      const problem = nameProblem(text, current(before, changes));
      return problem && describeFieldProblem(problem);
    },
  });
  return metadataField(typed);
}

/** What is as before is no change, but for several, whose values may differ. */
function changed(
  { before, describe }: FieldSet,
  changes: FieldChanges,
  name: string,
  to: string | null,
): FieldChanges {
  const others = Object.fromEntries(Object.entries(changes).filter(([each]) => each !== name));
  const isSame = (before[name] ?? null) === to && describe?.(name) === undefined;
  return isSame ? others : { ...others, [name]: to };
}

/** The fields with their changes. */
export function current(before: Fields, changes: FieldChanges): Fields {
  const entries = Object.entries({ ...before, ...changes });
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => entry[1] !== null),
  );
}

async function choose(set: FieldSet, changes: FieldChanges): Promise<Choice> {
  const input = window.createQuickPick<Item>();
  const remove = { iconPath: new ThemeIcon('trash'), tooltip: l10n.t('Remove') };
  input.title = visibleLabel(set.title);
  input.placeholder = l10n.t('Select a header or user metadata to change');
  input.matchOnDescription = true;
  input.items = itemsOf(set, changes).map(item =>
    item.choice?.action === 'change' && item.choice.name in current(set.before, changes)
      ? { ...item, buttons: [remove] }
      : item,
  );
  const last = input.items.at(-1);
  if (last?.choice?.action === 'save') input.activeItems = [last];
  try {
    return await new Promise<Choice>((resolve, reject) => {
      input.onDidAccept(() => {
        const [chosen] = input.selectedItems;
        if (chosen?.choice) resolve(chosen.choice);
      });
      input.onDidTriggerItemButton(({ item: { choice } }) => {
        if (choice?.action === 'change') resolve({ action: 'remove', name: choice.name });
      });
      input.onDidHide(() => reject(cancelled()));
      input.show();
    });
  } finally {
    input.dispose();
  }
}

function itemsOf(set: FieldSet, changes: FieldChanges): Item[] {
  const now = current(set.before, changes);
  const metadata = Object.keys(now).filter(name => name.startsWith(METADATA_PREFIX));
  const pending = Object.keys(changes).length;
  return [
    separator(l10n.t('Headers')),
    ...HEADER_FIELDS.map(name => fieldItem(set, changes, name, now[name])),
    separator(l10n.t('User metadata')),
    ...metadata.sort().map(name => fieldItem(set, changes, name, now[name])),
    {
      label: l10n.t('Add user metadata…'),
      iconPath: new ThemeIcon('add'),
      alwaysShow: true,
      choice: { action: 'add' },
    },
    ...(pending > 0 ? [separator(''), saveItem(pending)] : []),
  ];
}

function separator(label: string): Item {
  return { label, kind: QuickPickItemKind.Separator };
}

function fieldItem(
  { describe }: FieldSet,
  changes: FieldChanges,
  name: string,
  value: string | undefined,
): Item {
  const isChanged = Object.hasOwn(changes, name);
  const spread = isChanged ? undefined : describe?.(name);
  const shown = value === undefined ? l10n.t('not set') : visibleLabel(value);
  return {
    label: name,
    description: spread ?? shown,
    iconPath: new ThemeIcon(isChanged ? 'edit' : 'symbol-field'),
    choice: { action: 'change', name },
  };
}

function saveItem(pending: number): Item {
  return {
    label: l10n.t('Save…'),
    description: pending === 1 ? l10n.t('1 change') : l10n.t('{0} changes', pending),
    iconPath: new ThemeIcon('save'),
    alwaysShow: true,
    choice: { action: 'save' },
  };
}
