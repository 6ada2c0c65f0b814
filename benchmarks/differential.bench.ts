import { runDifferential } from '../e2e/differential/differential.js';
import type { Bench } from './bench.js';

/**
 * Our filters against the real kube-scheduler (needs KUBEBUILDER_ASSETS): `--probes N` pods are asked about, `--emulated 1.34`
 * plays an older version. Of a long run every clause is asked for 200 decisions each way, else 20.
 */
export const run: Bench = async ({ quick, seed, log, probes = quick ? 600 : 10_000, emulated }) =>
  runDifferential({
    ...{ seed, probes, log },
    enough: probes >= 50_000 ? 200 : 20,
    ...(emulated === undefined ? {} : { emulatedVersion: emulated }),
  });
