/** Where a pod may go, and of how many nodes each reason against it was said. */
export interface Answer {
  /** Names of all feasible nodes, in order. */
  readonly feasible: readonly string[];
  readonly reasons: Readonly<Record<string, number>>;
}

/** What stands for scheduling gates, of which kube-scheduler itself never speaks: the API server does. */
export const gated = 'waiting for scheduling gates';

/** What the extender says against every node that passed all filters. */
export const passed = 'passed every filter';

/** Reads the message of a pod's PodScheduled condition; throws when it is of another form. */
export function reasonsIn(message: string): Record<string, number> {
  const match = /^0\/(\d+) nodes are available: (.*)$/s.exec(message);
  if (match === null) throw new Error(`kube-scheduler said something else: ${message}`);
  const nodes = Number(match[1]);
  // What PostFilter plugins add is about making room, not about the filters.
  const text = (match[2] as string)
    .replace(/\. (no new claims to deallocate|not found|preemption: ).*$/s, '.')
    .replace(/\.$/, '');
  // The refusal of a whole pod is not counted by node.
  if (!/^\d+ /.test(text)) return { [text]: nodes };
  const reasons: Record<string, number> = {};
  for (const part of text.split(/, (?=\d+ )/)) {
    const [count, reason] = part.split(/ (.*)/s) as [string, string];
    if (reason !== passed) reasons[reason] = Number(count);
  }
  return reasons;
}

/** The same answer, whatever the order of its reasons. */
export function sameAnswer(a: Answer, b: Answer): boolean {
  return textOf(a) === textOf(b);
}

export function textOf({ feasible, reasons }: Answer): string {
  const counted = Object.entries(reasons)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([reason, count]) => `${count} ${reason}`);
  return `feasible: ${feasible.join(' ') || 'none'}; ${counted.join(', ')}`;
}
