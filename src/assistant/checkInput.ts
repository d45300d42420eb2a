import { l10n } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import { formatCount } from '../vscode/formats.ts';

/** The part of JSON Schema that our tools' inputs are described with. */
export interface InputSchema {
  readonly type: 'object' | 'string' | 'integer' | 'boolean';
  readonly properties?: Readonly<Record<string, InputSchema>>;
  readonly required?: readonly string[];
  /** Of a map; `false` where only `properties` are allowed. */
  readonly additionalProperties?: InputSchema | false;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly enum?: readonly string[];
  /** In characters as JSON Schema counts them. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/**
 * Holds what a model passed against a tool's schema: VS Code does not.
 *
 * @throws BrigadeError `InvalidInput` with a sentence that names the input and the rule
 */
export function checkInput(schema: InputSchema, input: unknown): object {
  check(schema, input, '');
  return input as object;
}

function check(schema: InputSchema, value: unknown, name: string): void {
  switch (schema.type) {
    case 'string':
      checkText(schema, value, name);
      return;
    case 'integer':
      checkInteger(schema, value, name);
      return;
    case 'boolean':
      if (typeof value !== 'boolean')
        refuse(l10n.t('The input “{0}” must be true or false.', name));
      return;
    case 'object':
      checkObject(schema, value, name);
      return;
  }
}

function checkText(schema: InputSchema, value: unknown, name: string): void {
  if (typeof value !== 'string') refuse(l10n.t('The input “{0}” must be text.', name));
  const { minLength = 0, maxLength = Infinity, pattern } = schema;
  const length = Array.from(value).length;
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    refuse(l10n.t('The input “{0}” must be one of: {1}.', name, schema.enum.join(', ')));
  }
  if (length < minLength) refuse(l10n.t('The input “{0}” must not be empty.', name));
  if (length > maxLength) {
    const most = formatCount(maxLength);
    refuse(l10n.t('The input “{0}” must have at most {1} characters.', name, most));
  }
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) {
    refuse(l10n.t('The input “{0}” must match {1}.', name, pattern));
  }
}

function checkInteger({ minimum, maximum }: InputSchema, value: unknown, name: string): void {
  const [least, most] = [minimum ?? 0, maximum ?? Number.MAX_SAFE_INTEGER];
  if (!Number.isInteger(value) || Number(value) < least || Number(value) > most) {
    const range = [formatCount(least), formatCount(most)];
    refuse(l10n.t('The input “{0}” must be a whole number from {1} to {2}.', name, ...range));
  }
}

function checkObject(schema: InputSchema, value: unknown, name: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse(
      name === ''
        ? l10n.t('The input must be an object.')
        : l10n.t('The input “{0}” must be an object.', name),
    );
  }
  const { properties = {}, required = [], additionalProperties = false } = schema;
  const given = Object.entries(value as Readonly<Record<string, unknown>>);
  for (const missing of required) {
    if (!Object.hasOwn(value, missing))
      refuse(l10n.t('The input “{0}” is missing.', path(name, missing)));
  }
  if (given.length < (schema.minProperties ?? 0))
    refuse(l10n.t('The input “{0}” must not be empty.', name));
  if (given.length > (schema.maxProperties ?? Infinity)) {
    const most = formatCount(schema.maxProperties ?? 0);
    refuse(l10n.t('The input “{0}” must have at most {1} entries.', name, most));
  }
  for (const [key, inner] of given) {
    const known = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    if (known === undefined || known === false) {
      const inputs = Object.keys(properties).join(', ');
      refuse(l10n.t('This tool has no input “{0}”. Its inputs: {1}.', path(name, key), inputs));
    }
    check(known, inner, path(name, key));
  }
}

function path(outer: string, name: string): string {
  return outer === '' ? name : `${outer}.${name}`;
}

function refuse(sentence: string): never {
  throw new BrigadeError('InvalidInput', sentence);
}
