import { l10n } from 'vscode';
import type { DeploymentTarget } from '../../aws/resizeDeployment/target.ts';
import { formatCount } from '../../vscode/formats.ts';
import { fitText, formatText, permanentErrorsText, type OptionName } from './optionNames.ts';

/** What the form for the options changes. */
export type Options = Pick<
  DeploymentTarget,
  'settings' | 'prefix' | 'suffixes' | 'architecture' | 'memoryMegabytes' | 'timeoutSeconds'
>;

/** How an option is now, in a few words. */
export function optionText(options: Options, name: OptionName): string {
  const { settings } = options;
  switch (name) {
    case 'widths':
      return pixels(settings.widths.map(String).join(', '));
    case 'height':
      return settings.height === undefined
        ? l10n.t('Proportional')
        : pixels(formatCount(settings.height));
    case 'fit':
      return fitText(settings.fit);
    case 'format':
      return formatText(settings.format);
    case 'quality':
      return settings.quality === undefined
        ? l10n.t('Default of the format')
        : formatCount(settings.quality);
    case 'keyTemplate':
      return settings.keyTemplate;
    case 'enlarge':
    case 'keepMetadata':
    case 'keepTags':
      return settings[name] ? l10n.t('yes') : l10n.t('no');
    case 'maxPixels':
    case 'maxBytes':
      return limitText(settings[name]);
    case 'permanentErrors':
      return permanentErrorsText(settings.permanentErrors);
    case 'prefix':
      return options.prefix === '' ? l10n.t('anything') : options.prefix;
    case 'suffixes':
      return options.suffixes.length === 0 ? l10n.t('anything') : options.suffixes.join(' ');
    case 'architecture':
      return options.architecture;
    case 'memoryMegabytes':
      return l10n.t('{0} MB', formatCount(options.memoryMegabytes));
    case 'timeoutSeconds':
      return l10n.t('{0} s', formatCount(options.timeoutSeconds));
  }
}

function pixels(text: string): string {
  return l10n.t('{0} px', text);
}

function limitText(limit: number | undefined): string {
  return limit === undefined ? l10n.t('Default of the function') : formatCount(limit);
}
