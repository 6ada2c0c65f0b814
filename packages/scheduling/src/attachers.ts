import { driverOf, volumesWanted } from './filters/node-volume-limits.js';
import type { PodFacts } from './pod-facts.js';
import type { View } from './view.js';

/** Of classes whose volumes are made by hand (component-helpers/storage/volume, NotSupportedProvisioner). */
const noProvisioner = 'kubernetes.io/no-provisioner';

/**
 * CSI drivers that may attach the pod's volumes. Of a claim that waits for one of the volumes that somebody made by hand, whose class
 * provisions nothing, any that such volumes have.
 */
export function attachersOf(pod: PodFacts, view: View): ReadonlySet<string> {
  const drivers = new Set(volumesWanted(pod, view).values());
  if (!drivers.delete(noProvisioner)) return drivers;
  for (const volume of view.state.persistentVolumes) {
    const { storageClass = '' } = volume;
    const [driver] = driverOf(volume);
    if (driver !== undefined && view.lookups.storageClass(storageClass)?.provisioner === noProvisioner)
      drivers.add(driver);
  }
  return drivers;
}
