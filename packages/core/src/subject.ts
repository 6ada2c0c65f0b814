import type { Node } from './node.js';
import { offeringKey } from './price-book.js';
import type { Subject } from './reason.js';
import { offeringRef, workloadKey, workloadRef } from './references.js';

/** The node as the subject of a rejection. */
export function nodeSubject({ uid, name }: Pick<Node, 'uid' | 'name'>): Subject {
  return { kind: 'node', uid, name };
}

/** The subject with the fields of its kind and nothing else. */
export function plainSubject(subject: Subject): Subject {
  switch (subject.kind) {
    case 'cluster':
      return { kind: 'cluster' };
    case 'node':
      return nodeSubject(subject);
    case 'pod':
      return { kind: 'pod', namespace: subject.namespace, name: subject.name };
    case 'workload':
      return { kind: 'workload', workload: workloadRef(subject.workload) };
    case 'container':
      return { kind: 'container', workload: workloadRef(subject.workload), container: subject.container };
    case 'pool':
      return { kind: 'pool', offering: offeringRef(subject.offering) };
    case 'object': {
      const { objectKind, namespace, name } = subject;
      return namespace === undefined
        ? { kind: 'object', objectKind, name }
        : { kind: 'object', objectKind, namespace, name };
    }
  }
}

/** A text that is the same for subjects that mean the same thing; two objects of one name but different uids do not. */
export function subjectKey(subject: Subject): string {
  switch (subject.kind) {
    case 'cluster':
      return 'cluster';
    case 'node':
      return `node|${subject.uid}`;
    case 'pod':
      return `pod|${subject.namespace}/${subject.name}`;
    case 'workload':
      return `workload|${workloadKey(subject.workload)}`;
    case 'container':
      return `container|${workloadKey(subject.workload)}|${subject.container}`;
    case 'pool':
      return `pool|${offeringKey(subject.offering)}`;
    case 'object':
      return `object|${subject.objectKind}|${subject.namespace ?? ''}/${subject.name}`;
  }
}
