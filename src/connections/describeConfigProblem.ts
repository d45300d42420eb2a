import { l10n } from 'vscode';
import { ConfigFault, type ConfigProblem } from '../aws/connection/configProblem.ts';
import { BrigadeError } from '../aws/errors.ts';
import { shortPath } from './shortPath.ts';
import { formatList } from '../vscode/formats.ts';

/**
 * Errors of the configuration with the sentence to show in place of the facts; others as they are.
 *
 * @param label whose configuration it is, where the sentence does not say.
 */
export function configSentence(error: unknown, label?: string): unknown {
  const cause = error instanceof BrigadeError ? error.cause : undefined;
  if (!(error instanceof BrigadeError) || !(cause instanceof ConfigFault)) return error;
  const sentence = describeConfigProblem(cause.problem);
  const said = label === undefined ? sentence : l10n.t('{0}: {1}', label, sentence);
  return new BrigadeError('Misconfigured', said, { cause });
}

/** One sentence that names the section and the file, and says what to do. */
export function describeConfigProblem(problem: ConfigProblem): string {
  const file = shortPath(problem.file ?? '');
  switch (problem.kind) {
    case 'unreadable':
      return l10n.t('{0} can’t be read ({1}).', file, problem.why);
    case 'notText':
      return l10n.t('{0} isn’t UTF-8 text. Save it as UTF-8.', file);
    case 'line':
      return describeLine(problem, file);
    case 'sectionName':
      return problem.word === 'profile'
        ? l10n.t('Put the name of [{0}] in quotation marks ({1}).', problem.section, file)
        : l10n.t(
            'Put the name of [{0}] in quotation marks, as in [{2} "My Corp"] ({1}).',
            problem.section,
            file,
            problem.word,
          );
    case 'noPrefix':
      return l10n.t('[{0}] must be [profile {0}] ({1}).', problem.section, file);
    case 'noProfile':
      return problem.variable === undefined
        ? l10n.t('There is no profile {0} in {1} or the credentials file.', problem.profile, file)
        : l10n.t(
            '{0} names the profile {1}, which isn’t in {2} or the credentials file.',
            problem.variable,
            problem.profile,
            file,
          );
    case 'missingSection':
      return l10n.t(
        '{2} names [{3}], which doesn’t exist ([{0}] in {1}).',
        problem.section,
        file,
        problem.key,
        problem.missing,
      );
    case 'missingKeys':
      return describeMissingKeys(problem, file);
    case 'cycle':
      return l10n.t(
        'The source profiles form a loop: {1} ({0}).',
        file,
        problem.profiles.join(' → '),
      );
    case 'bothSources':
      return l10n.t(
        'Use either source_profile or credential_source, not both ([{0}] in {1}).',
        problem.section,
        file,
      );
    case 'differs':
      return l10n.t(
        '{0} differs between [{1}] and [{2}] ({3}).',
        problem.key,
        problem.section,
        problem.other,
        file,
      );
    case 'badValue':
      return describeBadValue(problem, file);
    case 'noCredentials':
      return problem.by === undefined
        ? l10n.t('The profile {0} has no credentials.', problem.profile)
        : l10n.t('The source profile {0} of {1} has no credentials.', problem.profile, problem.by);
    case 'process':
      return describeProcess(problem);
  }
}

type Kind<K extends ConfigProblem['kind']> = Extract<ConfigProblem, { readonly kind: K }>;

function describeProcess({ profile, program, why }: Kind<'process'>): string {
  switch (why.kind) {
    case 'timedOut':
      return l10n.t(
        'The credential_process of [{0}], {1}, returned nothing within {2} seconds and was stopped. Run its command in a terminal to see why, then retry.',
        ...[profile, program, why.seconds ?? 0],
      );
    case 'failed':
      return l10n.t(
        'The credential_process of [{0}], {1}, failed ({2}). Run its command in a terminal to see why, then retry.',
        ...[profile, program, why.code ?? '?'],
      );
    case 'noCredentials':
      return l10n.t(
        'The credential_process of [{0}], {1}, returned no credentials. It must print JSON with Version 1, AccessKeyId, and SecretAccessKey.',
        ...[profile, program],
      );
    case 'expired':
      return l10n.t(
        'The credential_process of [{0}], {1}, returned credentials that have expired.',
        ...[profile, program],
      );
  }
}

function describeLine({ fault, line = 0, text = '' }: Kind<'line'>, file: string): string {
  switch (fault) {
    case 'noSection':
      return l10n.t('Line {0} comes before any [section] ({1}).', line, file);
    case 'noValue':
      return l10n.t('Line {0} isn’t “key = value” ({1}).', line, file);
    case 'repeatedKey':
      return l10n.t('Line {0} repeats the key {2} ({1}).', line, file, text);
    case 'repeatedSection':
      return l10n.t('Line {0} repeats the section [{2}] ({1}).', line, file, text);
  }
}

function describeMissingKeys({ section, keys }: Kind<'missingKeys'>, file: string): string {
  const names = formatList(keys);
  return section === ''
    ? l10n.t('The environment variable {0} isn’t set.', names)
    : l10n.t('{2} is missing ([{0}] in {1}).', section, file, names);
}

function describeBadValue(
  { name, section, value, expected }: Kind<'badValue'>,
  file: string,
): string {
  const shown = value.length > 60 ? `${value.slice(0, 59)}…` : value;
  if (section === undefined) {
    return expected === ''
      ? l10n.t('Invalid value for {0}: “{1}”.', name, shown)
      : l10n.t('Invalid value for {0}: “{1}”. Expected: {2}.', name, shown, expected);
  }
  return l10n.t(
    '{2} can’t be “{3}”. Expected: {4} ([{0}] in {1}).',
    section,
    file,
    name,
    shown,
    expected,
  );
}
