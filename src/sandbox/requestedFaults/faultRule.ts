/** The services as the AWS CLI names them. */
export const SERVICES = [
  's3',
  's3control',
  'lambda',
  'iam',
  'sts',
  'cloudwatch',
  'logs',
  'cloudtrail',
] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Errors that a request or a task of a batch job gets instead of its answer. */
export const ERRORS = ['SlowDown', 'AccessDenied', 'InternalError'] as const;
export type ErrorFault = (typeof ERRORS)[number];

/** When a rule strikes; without any of these, always. */
export interface Occasion {
  /** At random, by the file's seed: above 0, up to 1. */
  readonly share?: number;
  /** Of requests, the one with this number since the file was read; of tasks, of each job. */
  readonly nth?: number;
  /** In the first `seconds` of every `every` seconds. */
  readonly burst?: { readonly seconds: number; readonly every: number };
  /** What comes beyond so many in a second. */
  readonly perSecond?: number;
  /** So many times at most. */
  readonly times?: number;
}

/** Which requests a rule is for; all of them when nothing is said. */
export interface Target {
  readonly service?: ServiceName;
  /** As AWS names it: `PutObjectTagging`. */
  readonly operation?: string;
}

export type FaultRule =
  | ({ readonly fault: ErrorFault; readonly where: 'requests' } & Target & Occasion)
  | ({ readonly fault: ErrorFault; readonly where: 'tasks' } & Occasion)
  | ({ readonly fault: 'latency'; readonly milliseconds: number } & Target & Occasion)
  /** A role can't be assumed for so long after it was made. */
  | { readonly fault: 'lateRole'; readonly seconds: number }
  /** The report of a batch job is not whole for so long after the job's end. */
  | { readonly fault: 'lateReport'; readonly seconds: number }
  /** Observations of metrics are not told for so long. */
  | { readonly fault: 'lateMetrics'; readonly seconds: number }
  /** A bucket's events go by its former configuration for so long after a new one. */
  | { readonly fault: 'lateEvents'; readonly seconds: number }
  /** A function is Pending, or its update InProgress, for so long. */
  | { readonly fault: 'slowFunction'; readonly seconds: number }
  /** The process of a function is killed while it runs. */
  | ({ readonly fault: 'killFunction'; readonly function?: string } & Occasion);

export interface RequestedFaults {
  readonly seed: number;
  readonly rules: readonly FaultRule[];
}

/** A rule in a few words, for the log and the status bar. */
export function describeRule(rule: FaultRule): string {
  switch (rule.fault) {
    case 'lateRole':
    case 'lateReport':
    case 'lateMetrics':
    case 'lateEvents':
    case 'slowFunction':
      return `${rule.fault} ${rule.seconds} s`;
    case 'latency':
      return join(`latency ${rule.milliseconds} ms`, targetText(rule), occasionText(rule));
    case 'killFunction':
      return join('killFunction', rule.function ?? '', occasionText(rule));
    default:
      return join(
        rule.fault,
        rule.where === 'tasks' ? 'tasks' : targetText(rule),
        occasionText(rule),
      );
  }
}

function targetText({ service, operation }: Target): string {
  return [service, operation].filter(Boolean).join(':');
}

function occasionText({ share, nth, burst, perSecond, times }: Occasion): string {
  return join(
    share === undefined ? '' : `${Math.round(share * 1000) / 10} %`,
    nth === undefined ? '' : `no. ${nth}`,
    burst === undefined ? '' : `${burst.seconds} s of ${burst.every} s`,
    perSecond === undefined ? '' : `beyond ${perSecond} a second`,
    times === undefined ? '' : `${times} times`,
  );
}

function join(...words: readonly string[]): string {
  return words.filter(word => word !== '').join(' ');
}
