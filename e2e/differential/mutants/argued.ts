/** Code that no answer of the kube-scheduler that is asked can depend on; its mutants are not counted. */
export const unreachable: readonly {
  readonly file: string;
  readonly words: readonly string[];
  readonly why: string;
}[] = [
  {
    file: 'tolerations.ts',
    words: ['comparisons', 'have', 'bound', 'canonical', ': false → true (4)'],
    why: 'Lt and Gt of tolerations are behind a gate that is off, and the API server refuses them',
  },
  {
    file: 'tolerations.ts',
    words: [": toleration.key !== undefined && toleration.key !== ''", ': false → true'],
    why: 'the API server drops empty keys, and gives every pod two tolerations',
  },
  {
    file: 'filters/inter-pod-affinity.ts',
    words: ['asksForNamespaceLabels', "covers('Namespace')", 'namespaceLabels'],
    why: 'our caution about namespaces that nobody listed; here all are',
  },
  {
    file: 'affinity-term.ts',
    words: ['!isEmptySelector(term.namespaceSelector)'],
    why: 'asked only where namespaces were not listed; here all are',
  },
  {
    file: 'affinity-term.ts',
    words: ['&& isAtLeas'],
    why: 'the bug of 1.34 is code without a gate, so an emulated 1.33 has it as well',
  },
  {
    file: 'labels.ts',
    words: [': match.length === 0 && mismatch.length === 0'],
    why: 'the API server has merged the keys into the selector of every live pod already',
  },
  {
    file: 'node-selectors.ts',
    words: ['values.length === 1'],
    why: 'the API server lets in exactly one value for Gt and Lt',
  },
  {
    file: 'filters/taint-toleration.ts',
    words: ["taint.value ?? ''", 'isAtLeast'],
    why: 'words of 1.34 and older, which a newer build does not speak when it emulates them',
  },
  {
    file: 'filters/pod-topology-spread.ts',
    words: ['known.counter', 'known.topology', 'witness', 'counting.every'],
    why: 'counts are made anew when pods move; here none does, and laws of the two halves judge that',
  },
  {
    file: 'filters/pod-topology-spread.ts',
    words: [
      'counting[domain] === true → ',
      'counting[domain] === true || !counts(node) → right alone',
      ': false → true (',
    ],
    why: 'sets again what is set, or asks of a node that is gone, and here none goes',
  },
  {
    file: 'filters/node-ports.ts',
    words: ['|| anyAddress'],
    why: 'a state never lacks the address: the converter writes 0.0.0.0',
  },
  {
    file: 'filters/node-affinity.ts',
    words: ["key !== 'metadata.name' || operator"],
    why: 'metadata.name is the only field that the API server lets in',
  },
  {
    file: 'node-selectors.ts',
    words: ["requirement.key === 'metadata.name' &&"],
    why: 'metadata.name is the only field that the API server lets in',
  },
  {
    file: 'node-selectors.ts',
    words: ['nodeSelectorTerms.some', 'matchFields.length', 'matchExpressions.every', ': false → true'],
    why: 'asked only of persistent volumes',
  },
  {
    file: 'filters/node-volume-limits.ts',
    words: [': name === driver', ': other === driver', ': limit - attached'],
    why: 'attachSlotsLeft serves the verifier, not the filter',
  },
  {
    file: 'filters/volume-zone.ts',
    words: ["claim.storageClass === undefined || claim.storageClass === ''"],
    why: 'VolumeBinding has refused such claims before, as unbound ones that bind at once',
  },
  {
    file: 'filters/volume-binding.ts',
    words: ["provisioner === '' ||", ': expressions.length > 0'],
    why: 'the API server refuses a class without a provisioner, or with a term of topologies that has no expression',
  },
];

const shortcut = 'a shortcut: the long way comes to the same';

/** Mutants that survive, by id, and why no answer, or hardly any, tells them from the original. */
export const argued: Readonly<Record<string, string>> = {
  'labels.ts: match.length === 0 → !==': shortcut,
  'labels.ts: mismatch.length === 0 → !==': shortcut,
  'labels.ts: selector === undefined || (match.length === 0 && mismatch.length === 0) → left alone': shortcut,
  'labels.ts: false → true (4)': 'a missing selector counts nothing, whether it is called empty or not',
  'filters/inter-pod-affinity.ts: pod.affinity.length > 0 → >=': shortcut,
  'filters/inter-pod-affinity.ts: pod.affinity.length > 0 && !satisfiesAffinity(pod, node, view) → right alone':
    shortcut,
  'filters/inter-pod-affinity.ts: pod.affinity.some((term) => matching.byDomain(term.topologyKey, view.topology).some((co… → every':
    'not the same, but told apart only by the first pod of a group with two terms while the one pod that matches both is on a node that lacks one of the two keys',
  'filters/inter-pod-affinity.ts: terms.length === 1 ? (terms[0] as AffinityTerm).key : terms.map((term) => term.key).joi… → always the second':
    shortcut,
  'filters/inter-pod-affinity.ts: domain === -1 ? 0 : (counter.byDomain(term.topologyKey, view.topology)[domain] ?? 0) → always the second':
    'there is no count at -1, and what is not there reads as zero',
  "filters/node-affinity.ts: namesAllowed(pod)?.size === 0 ? ['pod affinity terms conflict'] : undefined → always the second":
    'not the same, but no generated term names two different nodes',
  'filters/pod-topology-spread.ts: false → true': 'said of a node that is gone, and here none goes',
  'node-selectors.ts: value >= -(2n ** 63n) → >':
    'told apart only by the least 64-bit integer, which no generated bound is',
  'node-selectors.ts: value >= -(2n ** 63n) && value < 2n ** 63n → right alone':
    'told apart only by bounds below the least 64-bit integer, which are not generated',
  'filters/node-volume-limits.ts: object === undefined || limits.size === 0 → left alone': shortcut,
  'filters/volume-binding.ts: object === undefined || pod.claimed.length === 0 → left alone': shortcut,
  'filters/volume-binding.ts: (volume.capacityBytes ?? 0) < (best.capacityBytes ?? 0) → <=':
    'of two volumes of one size kube-scheduler takes whichever comes first in a map',
  'filters/volume-restrictions.ts: pod.inlineEbsVolumes.length > 0 → >=': shortcut,
  "filters/volume-restrictions.ts: volume.kind === 'aws-ebs' && pod.inlineEbsVolumes.includes(volume.volumeId) → right alone":
    'no other kind of volume has a volumeId',
  'filters/volume-zone.ts: key === betaRegion ? region : key → always the first':
    'told apart only where a zone has the name of a region',
};
