import { type Issue, issueLimit } from '../errors/issue.js';
import { plainJson } from '../plain-json.js';
import type { Reason, Rejection, Subject } from '../reason.js';
import { issuesOf } from '../schemas/issues-of.js';
import { reasonSchema, subjectSchema } from '../schemas/reason.js';
import { plainSubject } from '../subject.js';

/** Rejections with the contract's fields alone. Adds to `issues` what is wrong with them. */
export function checkRejections(rejections: readonly Rejection[], issues: Issue[]): Rejection[] {
  return rejections.map(({ reason, subjects }, index) => ({
    reason: readReason(reason, `rejections[${index}].reason`, issues),
    subjects: subjects.map((subject, at) => readSubject(subject, `rejections[${index}].subjects[${at}]`, issues)),
  }));
}

function readReason(reason: Reason, path: string, issues: Issue[]): Reason {
  const plain = plainJson(reason, path);
  const parsed = reasonSchema().safeParse(plain.value);
  if (plain.issues.length === 0 && parsed.success) return parsed.data;
  const found = plain.issues.length > 0 || parsed.success ? plain.issues : issuesOf(parsed.error, path, plain.value);
  report(issues, found);
  return reason;
}

/** Through the schema only when a field is not a text: 20,000 subjects take it 30 ms and this a tenth. */
function readSubject(subject: Subject, path: string, issues: Issue[]): Subject {
  try {
    const plain = plainSubject(subject);
    if (plain !== undefined && holdsOnlyTexts(plain)) return plain;
  } catch {
    // Written without types: the schema says what is missing.
  }
  const parsed = subjectSchema().safeParse(subject);
  if (!parsed.success) report(issues, issuesOf(parsed.error, path, subject));
  return subject;
}

function holdsOnlyTexts(value: object): boolean {
  for (const field of Object.values(value)) {
    if (typeof field === 'string') continue;
    if (typeof field !== 'object' || field === null || !holdsOnlyTexts(field)) return false;
  }
  return true;
}

function report(issues: Issue[], found: readonly Issue[]): void {
  for (const issue of found) if (issues.length < issueLimit) issues.push(issue);
}
