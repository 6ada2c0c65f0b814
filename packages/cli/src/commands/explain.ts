import { readAnalysis } from '../document/read-analysis.js';
import { type ExitCode, exitCode } from '../exit-code.js';
import type { Io } from '../io.js';
import { karpenterManifests, type ManifestFormat } from '../karpenter/manifests.js';
import type { Block } from '../render/block.js';
import { explainNode, explainPlan, explainWorkload } from '../render/explanation-blocks.js';
import { UserError } from '../user-error.js';
import { printDocument } from './print-document.js';

export interface ExplainOptions {
  readonly plan: string;
  readonly node?: string;
  readonly workload?: string;
  readonly output: 'table' | 'markdown' | ManifestFormat;
}

/** Tells why a plan does what it does, or why it leaves a node or a workload alone; from the plan file alone. */
export async function explain(options: ExplainOptions, io: Io): Promise<ExitCode> {
  const workload = options.workload === undefined ? undefined : parseWorkload(options.workload);
  const document = await readAnalysis(options.plan, io);
  if (options.output === 'karpenter' || options.output === 'karpenter-undo') {
    await io.stdout.write(await karpenterManifests(document, options.output));
    return exitCode.done;
  }
  const blocks = chosen();
  await printDocument(document, options.output, () => blocks, io);
  return exitCode.done;

  function chosen(): Block[] {
    if (workload !== undefined) return explainWorkload(document, workload.namespace, workload.name);
    if (options.node === undefined) return explainPlan(document);
    const found = explainNode(document, options.node);
    if (found !== undefined) return found;
    throw new UserError(
      `The plan knows no node ${JSON.stringify(options.node)}. It was made of ${document.legend.nodes.length} nodes, for example ${document.legend.nodes[0]?.name ?? 'none'}.`,
    );
  }
}

function parseWorkload(text: string): { namespace: string; name: string } {
  const [namespace = '', name = '', ...rest] = text.split('/');
  if (namespace !== '' && name !== '' && rest.length === 0) return { namespace, name };
  throw new UserError(`--workload is ${JSON.stringify(text)}; write NAMESPACE/NAME, for example checkout/cart.`);
}
