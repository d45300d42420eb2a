import { l10n, QuickPickItemKind, ThemeIcon, type QuickPickItem } from 'vscode';
import { problems } from '../../aws/resizeFunction/resizeProblems.ts';
import { isCancellation } from '../../vscode/cancellation.ts';
import { BackPressed, pick, type PromptPosition } from '../../vscode/prompts.ts';
import { visible } from '../../vscode/visibleText.ts';
import { editOption } from './editOption.ts';
import { optionName, type OptionName } from './optionNames.ts';
import { optionText, type Options } from './optionValues.ts';
import { describeResizeProblem } from './problemText.ts';

const IMAGE: readonly OptionName[] = [
  'widths',
  'height',
  'fit',
  'format',
  'quality',
  'enlarge',
  'keepMetadata',
];
const OBJECTS: readonly OptionName[] = ['keyTemplate', 'keepTags', 'prefix', 'suffixes'];
const FUNCTION: readonly OptionName[] = [
  'architecture',
  'memoryMegabytes',
  'timeoutSeconds',
  'maxPixels',
  'maxBytes',
  'permanentErrors',
];
/** What a function that is there keeps: other options belong to its notification and its code. */
const SETTLED: ReadonlySet<OptionName> = new Set(['prefix', 'suffixes', 'architecture']);

interface OptionItem extends QuickPickItem {
  readonly option?: OptionName;
}

/**
 * A form of everything that has a default: choosing an option changes it, until it is continued.
 *
 * @param which `settings` leaves out what is settled when a function is deployed.
 * @throws BrigadeError `Cancelled`, BackPressed
 */
export async function askOptions(
  position: PromptPosition,
  before: Options,
  which: 'all' | 'settings' = 'all',
): Promise<Options> {
  let options = before;
  let last: OptionName | undefined;
  for (;;) {
    const { option } = await pick<OptionItem>({
      ...position,
      placeholder: l10n.t('Continue, or select a setting to change'),
      items: items(options, which),
      active: item => item.option === last,
    });
    const wrong = problems(options.settings)[0];
    if (option === undefined && wrong === undefined) return options;
    last = option ?? wrong?.field;
    if (last === undefined) continue;
    try {
      options = await editOption({ ...position, canGoBack: true }, options, last);
    } catch (error) {
      // The option stays as it was; Escape in the list itself ends the questions.
      if (!(error instanceof BackPressed) && !isCancellation(error)) throw error;
    }
  }
}

function items(options: Options, which: 'all' | 'settings'): OptionItem[] {
  const offered = (group: readonly OptionName[]): OptionItem[] =>
    group
      .filter(option => which === 'all' || !SETTLED.has(option))
      .map(option => ({
        label: optionName(option),
        description: visible(optionText(options, option)),
        option,
      }));
  return [
    continueItem(options),
    separator(l10n.t('Image')),
    ...offered(IMAGE),
    separator(l10n.t('Objects')),
    ...offered(OBJECTS),
    separator(l10n.t('Function')),
    ...offered(FUNCTION),
  ];
}

function continueItem({ settings }: Options): OptionItem {
  const label = l10n.t('Continue');
  const [wrong] = problems(settings);
  return wrong === undefined
    ? { label, iconPath: new ThemeIcon('check') }
    : { label, detail: describeResizeProblem(wrong), iconPath: new ThemeIcon('warning') };
}

function separator(label: string): OptionItem {
  return { label, kind: QuickPickItemKind.Separator };
}
