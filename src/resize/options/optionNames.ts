import { l10n } from 'vscode';
import type {
  ResizeFit,
  ResizeFormat,
  ResizeSettings,
} from '../../aws/resizeFunction/resizeSettings.ts';

/** Everything about a deployment that has a default: the settings, and what the function gets. */
export type OptionName =
  | keyof ResizeSettings
  | 'prefix'
  | 'suffixes'
  | 'architecture'
  | 'memoryMegabytes'
  | 'timeoutSeconds';

/** What an option is called. */
export function optionName(option: OptionName): string {
  return names()[option];
}

/** Made when asked for: the language is not known before. */
function names(): Record<OptionName, string> {
  return {
    widths: l10n.t('Widths'),
    height: l10n.t('Height'),
    fit: l10n.t('Fit'),
    format: l10n.t('Format'),
    quality: l10n.t('Quality'),
    keyTemplate: l10n.t('Key template'),
    enlarge: l10n.t('Enlarge small images'),
    keepMetadata: l10n.t('Keep metadata'),
    keepTags: l10n.t('Keep tags'),
    maxPixels: l10n.t('Pixel limit'),
    maxBytes: l10n.t('Size limit'),
    permanentErrors: l10n.t('Images that can’t be resized'),
    prefix: l10n.t('Only keys that begin with'),
    suffixes: l10n.t('Only keys that end in'),
    architecture: l10n.t('Architecture'),
    memoryMegabytes: l10n.t('Memory'),
    timeoutSeconds: l10n.t('Timeout'),
  };
}

export function fitText(fit: ResizeFit): string {
  switch (fit) {
    case 'inside':
      return l10n.t('inside: fit within both dimensions');
    case 'cover':
      return l10n.t('cover: fill both dimensions, crop the rest');
    case 'contain':
      return l10n.t('contain: fit within both dimensions, with a border');
    case 'fill':
      return l10n.t('fill: stretch to both dimensions');
    case 'outside':
      return l10n.t('outside: smallest size that covers both dimensions');
  }
}

export function formatText(format: ResizeFormat): string {
  return format === 'same' ? l10n.t('Same as the image') : format.toUpperCase();
}

export function permanentErrorsText(choice: ResizeSettings['permanentErrors']): string {
  return choice === 'log' ? l10n.t('Log only') : l10n.t('Log and fail the invocation');
}
