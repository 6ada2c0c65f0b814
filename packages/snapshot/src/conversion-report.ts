import { byText, type Writable } from './order.js';

/** Something about the input that a user should know. `error` findings mean that the state must not be trusted as it is. */
export interface ConversionFinding {
  readonly level: 'error' | 'warning';
  /**
   * `malformed-object`, `duplicate-object`, `two-clusters`, `pod-on-unknown-node`, `node-without-uid`, `unreadable-version`,
   * `several-schedulers`, `scheduler-not-modelled`.
   */
  readonly code: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** Path of the field within the object, for example `spec.containers[0].resources.requests["cpu"]`. */
  readonly field?: string;
  readonly message: string;
}

export interface KindCount {
  readonly kind: string;
  readonly count: number;
}

/** What became of the objects of one conversion. */
export interface ConversionReport {
  /** Objects that came in, lists counted by their items. */
  readonly objects: number;
  /** Objects of kinds that the state has a place for, by kind; malformed and repeated ones included. */
  readonly read: readonly KindCount[];
  /** Objects of other kinds: ignored. */
  readonly ignored: readonly KindCount[];
  /** Documents without a kind: ignored, unless they tell the server's version. */
  readonly withoutKind: number;
  /** Objects that came more than once and were kept once. */
  readonly duplicates: number;
  readonly malformed: number;
  /** The first findings, errors first. */
  readonly findings: readonly ConversionFinding[];
  /** How many findings more there were than are listed. */
  readonly findingsOmitted: number;
  /** Where `takenAtMs` comes from: the newest time within the objects when nobody said it. */
  readonly takenAt: 'given' | 'dump' | 'newest-object' | 'clock';
}

/** 150,000 malformed pods must not make a report larger than the state. Errors have room of their own. */
const mostFindings = 200;

/** Collects a report while objects stream by. */
export class ReportBuilder {
  private objects = 0;
  private withoutKind = 0;
  private duplicates = 0;
  private malformed = 0;
  private omitted = 0;
  private readonly read = new Map<string, number>();
  private readonly ignored = new Map<string, number>();
  private readonly errors: ConversionFinding[] = [];
  private readonly warnings: ConversionFinding[] = [];

  countRead(kind: string): void {
    this.objects++;
    this.read.set(kind, (this.read.get(kind) ?? 0) + 1);
  }

  countIgnored(kind: string): void {
    this.objects++;
    this.ignored.set(kind, (this.ignored.get(kind) ?? 0) + 1);
  }

  countWithoutKind(): void {
    this.withoutKind++;
  }

  countDuplicate(finding: ConversionFinding): void {
    this.duplicates++;
    this.add(finding);
  }

  countMalformed(finding: ConversionFinding): void {
    this.malformed++;
    this.add(finding);
  }

  add(finding: ConversionFinding): void {
    const findings = finding.level === 'error' ? this.errors : this.warnings;
    if (findings.length < mostFindings) findings.push(finding);
    else this.omitted++;
  }

  build(takenAt: ConversionReport['takenAt']): ConversionReport {
    const report: Writable<ConversionReport> = {
      objects: this.objects,
      read: counts(this.read),
      ignored: counts(this.ignored),
      withoutKind: this.withoutKind,
      duplicates: this.duplicates,
      malformed: this.malformed,
      findings: [...this.errors, ...this.warnings],
      findingsOmitted: this.omitted,
      takenAt,
    };
    return report;
  }
}

function counts(map: ReadonlyMap<string, number>): KindCount[] {
  return [...map].map(([kind, count]) => ({ kind, count })).sort((a, b) => byText(a.kind, b.kind));
}
