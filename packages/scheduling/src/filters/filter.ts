import type { PodFacts } from '../pod-facts.js';
import type { View } from '../view.js';

/** Says in kube-scheduler's words why a node does not take a pod; undefined when the filter has nothing against it. */
export type Filter = (pod: PodFacts, node: number, view: View) => readonly string[] | undefined;

/** The same for the whole pod, before any node is looked at. */
export type PreFilter = (pod: PodFacts, view: View) => readonly string[] | undefined;
