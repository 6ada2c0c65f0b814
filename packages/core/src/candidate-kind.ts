/** What an engine judges one by one. Each candidate is acted on or named in a rejection; conformance laws check it. */
export type CandidateKind = 'nodes' | 'workloads' | 'containers' | 'replicas' | 'pools';
