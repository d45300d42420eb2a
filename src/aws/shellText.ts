/**
 * Text for a POSIX shell and for the AWS CLI in it. Nothing here loads the AWS SDK.
 */

/** A word that a POSIX shell reads as exactly this text. */
export function shellWord(text: string): string {
  return /^[\w./:=+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * JSON in which all but ASCII is escaped: terminals and files have encodings of their own. So is `!`, for
 * which an interactive shell looks in its history, also on a line in the middle of a quotation.
 */
export function asciiJson(value: unknown, indent = 0): string {
  return escaped(JSON.stringify(value, undefined, indent), /[^\x20\x22-\x7e\n]/g);
}

/**
 * A JSON value in an expression of `--query` (JMESPath), for an expression in single quotation marks.
 * What ends the literal or the quotation is escaped as JSON.
 */
export function queryLiteral(value: unknown): string {
  return `\`${escaped(asciiJson(value), /['`]/g)}\``;
}

function escaped(json: string, what: RegExp): string {
  return json.replace(what, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Text for a comment: it ends with its line, whatever is in it. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}

export interface CliPlace {
  readonly region: string;
  /** The name of a profile of the AWS config files, where that is whom one is. */
  readonly profile?: string;
  /** Set where the engine is not at AWS's own address. */
  readonly endpoint?: string;
}

/** Where a script's commands go, as variables at its top. */
export function placeVariables({ region, profile, endpoint }: CliPlace): string[] {
  return [
    `region=${shellWord(region)}`,
    ...(profile === undefined ? [] : [`profile=${shellWord(profile)}`]),
    ...(endpoint === undefined ? [] : [`endpoint=${shellWord(endpoint)}`]),
  ];
}

/** The options of the AWS CLI that say the same. */
export function placeOptions({ profile, endpoint }: CliPlace): string {
  return [
    '--region "$region"',
    ...(profile === undefined ? [] : ['--profile "$profile"']),
    ...(endpoint === undefined ? [] : ['--endpoint-url "$endpoint"']),
  ].join(' ');
}
