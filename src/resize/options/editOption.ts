import { l10n, type QuickPickItem } from 'vscode';
import { problems } from '../../aws/resizeFunction/resizeProblems.ts';
import { FITS, FORMATS, type ResizeSettings } from '../../aws/resizeFunction/resizeSettings.ts';
import { formatCount } from '../../vscode/formats.ts';
import { askText, pick, type PromptPosition } from '../../vscode/prompts.ts';
import {
  fitText,
  formatText,
  optionName,
  permanentErrorsText,
  type OptionName,
} from './optionNames.ts';
import type { Options } from './optionValues.ts';
import { describeResizeProblem } from './problemText.ts';

/** Asks for one option again. @throws BrigadeError `Cancelled`, BackPressed */
export async function editOption(
  position: PromptPosition,
  options: Options,
  name: OptionName,
): Promise<Options> {
  const { settings } = options;
  const set = (change: Partial<ResizeSettings>): Options => ({
    ...options,
    settings: { ...settings, ...change },
  });
  switch (name) {
    case 'widths':
      return set({ widths: await askWidths(position, settings) });
    case 'height':
    case 'quality':
    case 'maxPixels':
    case 'maxBytes':
      return set({ [name]: await askNumberOrNone(position, settings, name) });
    case 'keyTemplate':
      return set({ keyTemplate: await askTemplate(position, settings) });
    case 'fit':
      return set({ fit: await choose(position, name, FITS, fitText, settings.fit) });
    case 'format':
      return set({ format: await choose(position, name, FORMATS, formatText, settings.format) });
    case 'permanentErrors': {
      const before = settings.permanentErrors;
      const both = ['log', 'throw'] as const;
      const chosen = await choose(position, name, both, permanentErrorsText, before);
      return set({ permanentErrors: chosen });
    }
    case 'enlarge':
    case 'keepMetadata':
    case 'keepTags':
      return set({ [name]: !settings[name] });
    default:
      return { ...options, ...(await editDeployment(position, options, name)) };
  }
}

type DeploymentOption = Exclude<OptionName, keyof ResizeSettings>;

async function editDeployment(
  position: PromptPosition,
  options: Options,
  name: DeploymentOption,
): Promise<Partial<Options>> {
  switch (name) {
    case 'prefix': {
      const prompt = l10n.t('Key prefix, such as photos/. Leave empty for all.');
      return { prefix: await askText({ ...position, prompt, value: options.prefix }) };
    }
    case 'suffixes': {
      const prompt = l10n.t(
        'Key suffixes, such as .jpg .JPG (case-sensitive). Leave empty for all.',
      );
      const value = options.suffixes.join(' ');
      const text = await askText({ ...position, prompt, value });
      return { suffixes: [...new Set(text.split(/[\s,]+/).filter(suffix => suffix !== ''))] };
    }
    case 'architecture': {
      const both = ['x86_64', 'arm64'] as const;
      const before = options.architecture;
      return { architecture: await choose(position, name, both, value => value, before) };
    }
    case 'memoryMegabytes': {
      const prompt = l10n.t('Memory in MB. CPU scales with memory.');
      return { memoryMegabytes: await askNumber(position, prompt, options[name], 128, 10_240) };
    }
    case 'timeoutSeconds': {
      const prompt = l10n.t('Timeout in seconds per image');
      return { timeoutSeconds: await askNumber(position, prompt, options[name], 1, 900) };
    }
  }
}

async function choose<T extends string>(
  position: PromptPosition,
  option: OptionName,
  values: readonly T[],
  text: (value: T) => string,
  before: T,
): Promise<T> {
  const { value } = await pick<QuickPickItem & { value: T }>({
    ...position,
    placeholder: optionName(option),
    items: values.map(value => ({ label: text(value), value })),
    active: item => item.value === before,
  });
  return value;
}

async function askWidths(position: PromptPosition, settings: ResizeSettings): Promise<number[]> {
  const parse = (text: string): number[] =>
    text
      .split(/[\s,]+/)
      .filter(part => part !== '')
      .map(wholeNumber);
  const text = await askText({
    ...position,
    prompt: l10n.t('Widths in pixels. Each width creates one image.'),
    value: settings.widths.join(', '),
    validate: typed => problemOf({ ...settings, widths: parse(typed) }, 'widths'),
  });
  return parse(text);
}

async function askTemplate(position: PromptPosition, settings: ResizeSettings): Promise<string> {
  const placeholders = '{key} {folder} {name} {extension} {width}';
  return await askText({
    ...position,
    prompt: l10n.t('Key of a resized image. It can contain {0}.', placeholders),
    value: settings.keyTemplate,
    // How many widths there are may change after it.
    validate: keyTemplate => problemOf({ ...settings, keyTemplate, widths: [200] }, 'keyTemplate'),
  });
}

async function askNumberOrNone(
  position: PromptPosition,
  settings: ResizeSettings,
  name: 'height' | 'quality' | 'maxPixels' | 'maxBytes',
): Promise<number | undefined> {
  const parse = (text: string): number | undefined =>
    text.trim() === '' ? undefined : wholeNumber(text.trim());
  const text = await askText({
    ...position,
    prompt: l10n.t('{0}. Leave empty for the default.', optionName(name)),
    value: String(settings[name] ?? ''),
    validate: typed => problemOf({ ...settings, [name]: parse(typed) }, name),
  });
  return parse(text);
}

async function askNumber(
  position: PromptPosition,
  prompt: string,
  before: number,
  least: number,
  most: number,
): Promise<number> {
  const fits = (text: string): boolean =>
    wholeNumber(text.trim()) >= least && wholeNumber(text.trim()) <= most;
  const range = l10n.t(
    'Enter a whole number from {0} to {1}.',
    formatCount(least),
    formatCount(most),
  );
  const value = String(before);
  const validate = (text: string) => (fits(text) ? undefined : range);
  return wholeNumber((await askText({ ...position, prompt, value, validate })).trim());
}

function problemOf(settings: ResizeSettings, field: keyof ResizeSettings): string | undefined {
  const wrong = problems(settings).find(problem => problem.field === field);
  return wrong && describeResizeProblem(wrong);
}

function wholeNumber(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : NaN;
}
