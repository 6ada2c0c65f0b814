import type { SourceOptions } from '../commands/source-options.js';
import type { Io } from '../io.js';
import { createKubectl } from '../kubectl/kubectl.js';
import { type ClusterReading, readCluster } from '../kubectl/read-cluster.js';
import type { Progress } from '../progress.js';

/** The cluster behind the user's kubectl. */
export function liveCluster(options: SourceOptions, io: Io, progress: Progress): ClusterReading {
  const kubectl = createKubectl({
    ...(options.context === undefined ? {} : { context: options.context }),
    ...(options.kubeconfig === undefined ? {} : { kubeconfig: options.kubeconfig }),
    env: io.env,
    cwd: io.cwd,
    signal: io.signal,
    timeoutMs: options.kubectlTimeout * 1000,
  });
  return readCluster(kubectl, {
    namespaces: options.namespace ?? [],
    nowMs: io.nowMs,
    onProgress: (message) => progress.say(message),
  });
}
