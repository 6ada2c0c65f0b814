/**
 * Builds the programs of a Kubernetes control plane that the e2e tests run against, from the Go modules under e2e/tools, and
 * prints the folder that holds them, for KUBEBUILDER_ASSETS. A second call only prints.
 *
 *   export KUBEBUILDER_ASSETS="$(node scripts/e2e-assets.mjs)"
 */
import { buildAssets } from './lib/e2e-assets.mjs';

try {
  console.log(await buildAssets((line) => console.error(line)));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
