/**
 * Builds the program that runs Karpenter's own scheduler, from the Go module e2e/peers/karpenter, and prints its path. A second
 * call only prints.
 *
 *   KARPENTER="$(node scripts/e2e-karpenter.mjs)"
 */
import { buildKarpenter } from './lib/e2e-peers.mjs';

try {
  console.log(await buildKarpenter((line) => console.error(line)));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
