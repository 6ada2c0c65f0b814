import type { Subject } from '@cloudoptim/core';

/** What a subject is called, for people. */
export function subjectName(subject: Subject): string {
  switch (subject.kind) {
    case 'cluster':
      return 'the cluster';
    case 'node':
      return subject.name;
    case 'pod':
      return `pod ${subject.namespace}/${subject.name}`;
    case 'workload':
      return `${subject.workload.namespace}/${subject.workload.name}`;
    case 'container':
      return `${subject.workload.namespace}/${subject.workload.name} (${subject.container})`;
    case 'pool':
      return `${subject.offering.instanceType} ${subject.offering.capacityType} in ${subject.offering.zone}`;
    case 'object':
      return `${subject.objectKind} ${subject.namespace === undefined ? '' : `${subject.namespace}/`}${subject.name}`;
  }
}

/** The first few names and how many more there are. */
export function someNames(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
