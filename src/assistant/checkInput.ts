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
      if (typeof value !== 'boolean') refuse(name, l10n.t('must be true or false'));
      return;
    case 'object':
      checkObject(schema, value, name);
      return;
  }
}

function checkText(schema: InputSchema, value: unknown, name: string): void {
  if (typeof value !== 'string') refuse(name, l10n.t('must be text'));
  const { minLength = 0, maxLength = Infinity, pattern } = schema;
  const length = Array.from(value).length;
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    refuse(name, l10n.t('must be one of: {0}', schema.enum.join(', ')));
  }
  if (length < minLength) refuse(name, l10n.t('must not be empty'));
  if (length > maxLength) {
    refuse(name, l10n.t('must have at most {0} characters', formatCount(maxLength)));
  }
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) {
    refuse(name, l10n.t('must match {0}', pattern));
  }
}

function checkInteger({ minimum, maximum }: InputSchema, value: unknown, name: string): void {
  const [least, most] = [minimum ?? 0, maximum ?? Number.MAX_SAFE_INTEGER];
  if (!Number.isInteger(value) || Number(value) < least || Number(value) > most) {
    refuse(
      name,
      l10n.t('must be a whole number from {0} to {1}', formatCount(least), formatCount(most)),
    );
  }
}

function checkObject(schema: InputSchema, value: unknown, name: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    refuse(name, l10n.t('must be an object'));
  }
  const { properties = {}, required = [], additionalProperties = false } = schema;
  const given = Object.entries(value as Readonly<Record<string, unknown>>);
  for (const missing of required) {
    if (!Object.hasOwn(value, missing)) refuse(path(name, missing), l10n.t('is missing'));
  }
  if (given.length < (schema.minProperties ?? 0)) refuse(name, l10n.t('must not be empty'));
  if (given.length > (schema.maxProperties ?? Infinity)) {
    refuse(name, l10n.t('must have at most {0} entries', schema.maxProperties ?? 0));
  }
  for (const [key, inner] of given) {
    const known = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    if (known === undefined || known === false) {
      refuse(
        path(name, key),
        l10n.t('isn’t an input of this tool, which has: {0}', Object.keys(properties).join(', ')),
      );
    }
    check(known, inner, path(name, key));
  }
}

function path(outer: string, name: string): string {
  return outer === '' ? name : `${outer}.${name}`;
}

function refuse(name: string, rule: string): never {
  const sentence =
    name === '' ? l10n.t('The input {0}.', rule) : l10n.t('The input “{0}” {1}.', name, rule);
  throw new BrigadeError('InvalidInput', sentence);
}
