import type { Answer } from './normalise.ts';

/** One thing that the two sides answer differently. */
export interface Difference {
  readonly probe: string;
  /** `status`, `header NAME` or `body PATH`. */
  readonly field: string;
  readonly aws: string;
  readonly sandbox: string;
}

export type Answers = Readonly<Record<string, Answer>>;

const ABSENT = '—';

/** @param scenario what the probes' names are of */
export function differencesOf(scenario: string, aws: Answers, sandbox: Answers): Difference[] {
  const probes = [...new Set([...Object.keys(aws), ...Object.keys(sandbox)])];
  return probes.flatMap(name => {
    const one = fieldsOf(aws[name]);
    const other = fieldsOf(sandbox[name]);
    const probe = `${scenario}: ${name}`;
    return [...new Set([...one.keys(), ...other.keys()])]
      .filter(field => one.get(field) !== other.get(field))
      .map(field => ({
        ...{ probe, field },
        aws: one.get(field) ?? ABSENT,
        sandbox: other.get(field) ?? ABSENT,
      }));
  });
}

function fieldsOf(answer: Answer | undefined): Map<string, string> {
  const fields = new Map<string, string>();
  if (answer === undefined) return fields;
  fields.set('status', answer.status.toString());
  for (const [name, value] of Object.entries(answer.headers)) fields.set(`header ${name}`, value);
  answer.body.forEach((line, index) => {
    const at = line.indexOf(' = ');
    const path = line.slice(0, at);
    // Plain text has many lines of one name.
    fields.set(`body ${path === 'text' ? `line ${index + 1}` : path}`, line.slice(at + 3));
  });
  return fields;
}

const MAX_LENGTH = 60;

/** The differences as a table for people. */
export function tableOf(differences: readonly Difference[]): string[] {
  const rows = [
    ['probe', 'field', 'AWS', 'sandbox'],
    ...differences.map(({ probe, field, aws, sandbox }) => [probe, field, aws, sandbox]),
  ].map(row => row.map(cell => cut(cell.replace(/\s+/g, ' '))));
  const widths = [0, 1, 2].map(column => Math.max(...rows.map(row => row[column]!.length)));
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

const cut = (text: string): string =>
  text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
