/** One thing wrong with an input: where (for example `policy.headroom.cpuShare`) and what, in a sentence with the remedy. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

/** A bad column of 150,000 pods would give as many issues and a message of megabytes: show the first few and count the rest. */
const shown = 5;

/** Most issues that a check collects: nobody reads more, and collecting 150,000 takes seconds. */
export const issueLimit = 20;

/** One line for the issues, the first few in full. */
export function describeIssues(who: string, issues: readonly Issue[]): string {
  const lines = issues
    .slice(0, shown)
    .map((issue) => (issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`));
  const more = issues.length > shown ? `; and ${issues.length - shown} more` : '';
  return `${who}: ${lines.join('; ')}${more}`;
}
