import { parsePlan, parsePolicy } from '@cloudoptim/core';
import { z } from 'zod';
import { parseDocument } from '../input/parse-document.js';
import { readAll } from '../input/read-stdin.js';
import { readTextFile } from '../input/read-text-file.js';
import type { Io } from '../io.js';
import { UserError } from '../user-error.js';
import type { AnalysisDocument } from './analysis-document.js';

/**
 * Reads what `analyze` wrote, from a file or from the standard input. Throws UserError, or core's InvalidInput, which say
 * where the document is not what it must be.
 */
export async function readAnalysis(path: string, io: Io): Promise<AnalysisDocument> {
  const file = path === '-' ? 'The standard input' : path;
  const text = path === '-' ? await readAll(io) : await readTextFile(path, io.cwd, 'The plan file');
  if (text.trim() === '')
    throw new UserError(`${file} is empty; a plan is what \`cloudoptim analyze --output json\` prints.`);
  const value = await parseDocument(text, file);
  const schema = (value as { schema?: unknown } | null | undefined)?.schema;
  if (schema === 'plan/v1') {
    throw new UserError(
      `${file} is a bare plan, without the policy and prices that it was made with. Use the whole document that \`cloudoptim analyze --output json\` prints.`,
    );
  }
  if (schema !== 'cloudoptim-analysis/v1') {
    throw new UserError(
      `${file} is not a plan of cloudoptim: its schema is ${JSON.stringify(schema) ?? 'missing'} and must be "cloudoptim-analysis/v1". Make one with \`cloudoptim analyze --output json\`.`,
    );
  }
  const envelope = envelopeSchema.safeParse(value);
  if (!envelope.success) {
    const [issue] = envelope.error.issues;
    throw new UserError(
      `${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'it is not valid'}. Was it edited by hand?`,
    );
  }
  // The parts with a schema of their own are parsed by core; the envelope keeps what it does not know.
  return {
    ...(envelope.data as unknown as AnalysisDocument),
    plan: parsePlan(envelope.data.plan, `${file}: plan`),
    policy: parsePolicy(envelope.data.policy, `${file}: policy`),
  };
}

const reason = z.looseObject({ code: z.string(), message: z.string() });
const subject = z.looseObject({ kind: z.string() });
const offering = z.looseObject({
  instanceType: z.string(),
  zone: z.string(),
  capacityType: z.enum(['on-demand', 'spot', 'reserved']),
  priceUsdPerHour: z.number().min(0).nullable(),
});
const counts = z.array(z.looseObject({ kind: z.string(), count: z.number() }));

const envelopeSchema = z.looseObject({
  schema: z.literal('cloudoptim-analysis/v1'),
  cloudoptim: z.string(),
  plan: z.unknown(),
  policy: z.unknown(),
  snapshot: z.looseObject({
    source: z.string(),
    takenAtMs: z.number(),
    nodes: z.number(),
    pods: z.number(),
    notes: z.array(z.string()),
    coverage: z.array(z.looseObject({ kind: z.string(), state: z.enum(['listed', 'partial', 'absent', 'forbidden']) })),
    conversion: z.looseObject({
      findings: z.array(z.looseObject({ level: z.string(), code: z.string(), message: z.string() })),
      findingsOmitted: z.number(),
      ignored: counts,
      withoutKind: z.number(),
    }),
  }),
  prices: z.looseObject({
    region: z.string().optional(),
    zones: z.array(z.string()),
    instanceTypes: z.array(z.string()),
    own: z.array(
      z.object({
        instanceType: z.string(),
        zone: z.string().exactOptional(),
        capacityType: z.enum(['on-demand', 'spot', 'reserved']),
        usdPerHour: z.number().min(0),
        asOfMs: z.number().exactOptional(),
      }),
    ),
    used: z.array(offering),
    unpriced: z.array(z.looseObject({ message: z.string(), remedy: z.string(), nodes: z.array(z.string()) })),
  }),
  verification: z.looseObject({
    verdict: z.enum(['verified', 'refused', 'conditional']),
    refusals: z.array(z.looseObject({ reason, subject })),
    unknowns: z.array(z.looseObject({ reason, remedy: z.string() })),
  }),
  legend: z.looseObject({
    nodes: z.array(
      z.looseObject({ uid: z.string(), name: z.string(), usdPerHour: z.number().nullable(), pods: z.number() }),
    ),
    templates: z.array(
      z.looseObject({
        template: z.number(),
        workload: z.looseObject({ kind: z.string(), namespace: z.string(), name: z.string() }),
      }),
    ),
  }),
});
