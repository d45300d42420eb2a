import { AwsError } from '../errors.ts';
import type { Json } from './lambdaCall.ts';

/** Collects what a request's fields break of the API model's rules, and says all of it at once, as AWS. */
export class Constraints {
  private readonly broken: string[] = [];
  private readonly body: Json;

  constructor(body: Json) {
    this.body = body;
  }

  /** A text of a length and a pattern. */
  text(
    name: string,
    rule: { readonly least?: number; readonly most?: number; readonly pattern?: RegExp } = {},
  ): string | undefined {
    const value = this.body[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw notOfType(name);
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

  required(name: string, rule: Parameters<Constraints['text']>[1] = {}): string {
    const value = this.text(name, rule);
    if (value === undefined) this.report(name, undefined, 'Member must not be null');
    return value ?? '';
  }

  /** A whole number of a range. */
  integer(name: string, least: number, most: number): number | undefined {
    const value = this.body[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'number' || !Number.isInteger(value)) throw notOfType(name);
    if (value < least)
      this.report(name, value, `Member must have value greater than or equal to ${least}`);
    if (value > most)
      this.report(name, value, `Member must have value less than or equal to ${most}`);
    return value;
  }

  flag(name: string): boolean | undefined {
    const value = this.body[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'boolean') throw notOfType(name);
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

  object(name: string): Json | undefined {
    const value = this.body[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) throw notOfType(name);
    return value as Json;
  }

  /** A map of texts. */
  texts(name: string): Readonly<Record<string, string>> | undefined {
    const value = this.object(name);
    if (value === undefined) return undefined;
    if (Object.values(value).some(entry => typeof entry !== 'string')) throw notOfType(name);
    return value as Readonly<Record<string, string>>;
  }

  report(name: string, value: string | number | undefined, rule: string): void {
    const shown = value === undefined ? 'null' : `'${String(value)}'`;
    const member = name.charAt(0).toLowerCase() + name.slice(1);
    this.broken.push(`Value ${shown} at '${member}' failed to satisfy constraint: ${rule}`);
  }

  /** @throws AwsError ValidationException when a field broke a rule */
  check(): void {
    const { length } = this.broken;
    if (length === 0) return;
    const head = `${length} validation error${length > 1 ? 's' : ''} detected: `;
    throw new AwsError('ValidationException', 400, head + this.broken.join('; '));
  }
}

function notOfType(name: string): AwsError {
  return new AwsError(
    'SerializationException',
    400,
    `The value of ${name} is not of the type that the API model gives it.`,
  );
}
