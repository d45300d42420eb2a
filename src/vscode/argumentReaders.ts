import { l10n } from 'vscode';
import { BrigadeError } from '../aws/errors.ts';
import { selectedWith, shownRow } from './shownRows.ts';

/**
 * Reads what a command was called with: its value, or undefined where that says nothing to the command
 * (a row of another kind, the resource of an editor): then it asks.
 *
 * @throws BrigadeError `InvalidInput` for anything else that does not fit, with a sentence that names
 *   the member and the rule it breaks
 */
export type Reader<T> = (given: unknown) => T | undefined;

/** Reads all that a command was called with. @throws BrigadeError `InvalidInput` as a Reader does */
export type ArgumentsReader<Args extends readonly unknown[]> = (given: readonly unknown[]) => Args;

/** A value that has been looked at. @throws BrigadeError `InvalidInput`, naming `name` */
export type Check<T> = (given: unknown, name: string) => T;

function misfit(name: string, rule: string): BrigadeError {
  return new BrigadeError('InvalidInput', l10n.t('“{0}” must be {1}.', name, rule));
}

export function text(rule: () => string, fits: (text: string) => boolean): Check<string> {
  return (given, name) => {
    if (typeof given !== 'string' || !fits(given)) throw misfit(name, rule());
    return given;
  };
}

export function positive(given: unknown, name: string): number {
  if (typeof given !== 'number' || !Number.isFinite(given) || given <= 0) {
    throw misfit(name, l10n.t('a number above 0'));
  }
  return given;
}

export function listOf<T>(check: Check<T>): Check<readonly T[]> {
  return (given, name) => {
    if (!Array.isArray(given)) throw misfit(name, l10n.t('a list'));
    return given.map((item: unknown, index) => check(item, `${name}[${index}]`));
  };
}

type Checks<T> = { readonly [Name in keyof T]-?: Check<NonNullable<T[Name]>> };

/** An object with these members and no others: what is not asked for is left out. */
export function shape<T extends object>(
  required: readonly (keyof T & string)[],
  checks: Checks<T>,
): Check<T> {
  return (given, name) => {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      const members = required.map(one => `“${one}”`).join(', ');
      throw misfit(
        name,
        members === '' ? l10n.t('an object') : l10n.t('an object with {0}', members),
      );
    }
    const members = Object.entries<Check<unknown>>(checks).flatMap(([member, check]) => {
      const value = (given as Record<string, unknown>)[member];
      const isAbsent = value === undefined && !required.some(one => one === member);
      return isAbsent ? [] : [[member, check(value, member)]];
    });
    return Object.fromEntries(members) as T;
  };
}

/** The first that fits; where none does, what the last says. */
export function either<A, B>(first: Check<A>, second: Check<B>): Check<A | B> {
  return (given, name) => {
    try {
      return first(given, name);
    } catch {
      return second(given, name);
    }
  };
}

const ARGUMENT = 'argument';

/** A plain value. Rows say nothing, nor do the resources that an editor's buttons pass. */
export function plainValue<T>(check: Check<T>): Reader<T> {
  return given => (isUnsaid(given) || shownRow(given) ? undefined : check(given, ARGUMENT));
}

/** A row of one of these kinds, as it is or as `check` copies it; or a plain value that fits. */
export function row<T>(
  kinds: readonly string[],
  check: Check<T>,
  as: 'row' | 'copy' = 'copy',
): Reader<T> {
  return given => {
    const shown = shownRow(given);
    if (!shown) return isUnsaid(given) ? undefined : check(given, ARGUMENT);
    if (!kinds.includes(shown.kind)) return undefined;
    const copy = check(shown, ARGUMENT);
    return as === 'copy' ? copy : (given as T);
  };
}

/** Nothing; or the resource of an editor, passed to commands that are not about it too. */
function isUnsaid(given: unknown): boolean {
  return given === undefined || given === null || isResource(given);
}

function isResource(given: unknown): boolean {
  if (typeof given !== 'object' || given === null) return false;
  const { scheme, path, fsPath } = given as Record<string, unknown>;
  return [scheme, path, fsPath].every(part => typeof part === 'string');
}

/** The resource of an editor, or what another reader makes of the rest. */
export function resourceOr<R, T>(resource: Check<R>, read: Reader<T>): Reader<R | T> {
  return given => (isResource(given) ? resource(given, ARGUMENT) : read(given));
}

/** A command that is about nothing. */
export function nothing(): [] {
  return [];
}

/** A command that acts on one thing. Of several selected rows that it could act on, it takes none. */
export function one<T>(read: Reader<T>): ArgumentsReader<[target?: T]> {
  return ([target, selection]) => {
    const usable = usableOf(read, selection);
    if (usable.length > 1) {
      const rule = l10n.t('This works on one item at a time, but {0} are selected.', usable.length);
      throw new BrigadeError('InvalidInput', rule);
    }
    const value = read(target) ?? usable[0];
    return value === undefined ? [] : [value];
  };
}

/** A command that acts on all that is selected; rows that only stand among it don't count. */
export function each<T>(read: Reader<T>): ArgumentsReader<[target?: T, selection?: readonly T[]]> {
  return ([target, given]) => {
    // A menu passes the selection, a key of the keyboard only the row that has the focus.
    const selection = Array.isArray(given) ? given : selectedWith(target);
    const usable = usableOf(read, selection);
    const value = read(target);
    if (usable.length > 0) {
      assertOneOwner(usable);
      return [value ?? usable[0], usable];
    }
    if (value === undefined && (shownRow(target) ?? selection?.length)) {
      throw new BrigadeError(
        'InvalidInput',
        l10n.t('This command doesn’t apply to the selection.'),
      );
    }
    return value === undefined ? [] : [value];
  };
}

/** What is done to several things is done for one account: a bucket may have its name in several. */
function assertOneOwner(usable: readonly unknown[]): void {
  const owners = new Set(usable.map(sessionIn));
  if (owners.size < 2) return;
  const rule = l10n.t(
    'The selection belongs to several connections. Select items of one connection only.',
  );
  throw new BrigadeError('InvalidInput', rule);
}

function sessionIn(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'session' in value
    ? value.session
    : undefined;
}

/** Only menus of a view pass a second argument that is a list. */
function usableOf<T>(read: Reader<T>, selection: unknown): T[] {
  if (!Array.isArray(selection)) return [];
  return selection.flatMap((item: unknown) => read(item) ?? []);
}
