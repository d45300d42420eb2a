import { AwsError } from '../../errors.ts';
import type { Input } from '../../input.ts';

/** Collects what a request's members break of the API model's rules, and says all of it at once, as AWS. */
export class Constraints {
  private readonly input: Input;
  private readonly broken: string[];

  constructor(input: Input, broken: string[] = []) {
    this.input = input;
    this.broken = broken;
  }

  /** A structure, whose broken rules are said with those around it; undefined when it is absent. */
  child(name: string): Constraints | undefined {
    const input = this.input.child(name);
    return input && new Constraints(input, this.broken);
  }

  /** A text of a length and a pattern. */
  text(
    name: string,
    rule: { readonly least?: number; readonly most?: number; readonly pattern?: RegExp } = {},
  ): string | undefined {
    const value = this.input.text(name);
    if (value === undefined) return undefined;
    const { least = 0, most = Infinity, pattern } = rule;
    if (value.length < least)
      this.report(name, value, `Member must have length greater than or equal to ${least}`);
    if (value.length > most)
      this.report(name, value, `Member must have length less than or equal to ${most}`);
    if (pattern && !pattern.test(value)) {
      const shown = pattern.source.replace(/^\^|\$$/g, '').replaceAll('\\/', '/');
      this.report(name, value, `Member must satisfy regular expression pattern: ${shown}`);
    }
    return value;
  }

  requiredText(name: string, rule: Parameters<Constraints['text']>[1] = {}): string {
    this.require(name);
    return this.text(name, rule) ?? '';
  }

  require(name: string): void {
    if (!this.input.has(name)) this.report(name, undefined, 'Member must not be null');
  }

  /** A whole number of a range. */
  wholeNumber(name: string, least: number, most: number): number | undefined {
    const value = this.input.wholeNumber(name);
    if (value === undefined) return undefined;
    if (value < least)
      this.report(name, value, `Member must have value greater than or equal to ${least}`);
    if (value > most)
      this.report(name, value, `Member must have value less than or equal to ${most}`);
    return value;
  }

  /** One of some words. */
  word<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const word = words.find(candidate => candidate === value);
    if (word === undefined) {
      this.report(name, value, `Member must satisfy enum value set: [${words.join(', ')}]`);
    }
    return word;
  }

  report(name: string, value: string | number | undefined, rule: string): void {
    this.add(`Value ${value === undefined ? 'null' : `'${String(value)}'`}`, name, rule);
  }

  /** Of what the API model calls sensitive, AWS repeats nothing. */
  reportSecret(name: string, rule: string): void {
    this.add('Value', name, rule);
  }

  private add(value: string, name: string, rule: string): void {
    const member = this.input
      .pathOf(name)
      .replace(/(^|\.)([A-Z])/g, (_, dot: string, letter: string) => dot + letter.toLowerCase());
    this.broken.push(`${value} at '${member}' failed to satisfy constraint: ${rule}`);
  }

  /** @throws AwsError ValidationException when a member broke a rule */
  check(): void {
    const { length } = this.broken;
    if (length === 0) return;
    const head = `${length} validation error${length > 1 ? 's' : ''} detected: `;
    throw new AwsError('ValidationException', 400, head + this.broken.join('; '));
  }
}
