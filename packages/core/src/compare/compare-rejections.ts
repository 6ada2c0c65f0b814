import type { Plan } from '../plan.js';
import type { Reason, Subject } from '../reason.js';
import { subjectKey } from '../subject.js';

/** A subject that is left alone for other reasons than before. */
export interface RejectionChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly subject: Subject;
  /** Codes of its reasons, sorted; empty where it was not rejected. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly sentence: string;
}

/** Subject by subject, since plans group rejections each in its own way. */
export function compareRejections(before: Plan, after: Plan): RejectionChange[] {
  const [earlier, later] = [reasonsBySubject(before), reasonsBySubject(after)];
  const changes: RejectionChange[] = [];
  for (const key of new Set([...earlier.keys(), ...later.keys()])) {
    const was = earlier.get(key);
    const is = later.get(key);
    const [old, now] = [was?.codes ?? [], is?.codes ?? []];
    if (old.join() === now.join()) continue;
    const subject = (is ?? was)?.subject as Subject;
    const name = key.replaceAll('|', ' ');
    if (was === undefined) {
      const sentence = `${name} is left alone now (${now.join(', ')}).`;
      changes.push({ change: 'added', subject, before: old, after: now, sentence });
    } else if (is === undefined) {
      const sentence = `${name} is no longer rejected (it was: ${old.join(', ')}).`;
      changes.push({ change: 'removed', subject, before: old, after: now, sentence });
    } else {
      const sentence = `${name} is left alone for ${now.join(', ')} instead of ${old.join(', ')}.`;
      changes.push({ change: 'changed', subject, before: old, after: now, sentence });
    }
  }
  return changes;
}

function reasonsBySubject(plan: Plan): Map<string, { readonly subject: Subject; readonly codes: string[] }> {
  const bySubject = new Map<string, { readonly subject: Subject; readonly codes: string[] }>();
  const add = (subject: Subject, { code }: Reason) => {
    const key = subjectKey(subject);
    const codes = bySubject.get(key)?.codes ?? [];
    if (!codes.includes(code)) codes.push(code);
    codes.sort();
    bySubject.set(key, { subject, codes });
  };
  for (const { reason, subjects } of plan.rejections) for (const subject of subjects) add(subject, reason);
  return bySubject;
}
