import { expandSizes } from './sizes.js';

/**
 * A family line, for example
 *
 *     c8gb aws medium..24xlarge 48xlarge metal-24xl metal-48xl gib/vcpu=2 eni=aws-net net=c8gb ebs=dedicated
 *       usd/vcpu=0.05925 48xlarge:card=12 metal-24xl:usd=x1.06 metal-48xl:card=12,ebs=78
 *
 * reads: family, CPU manufacturer (aws is Graviton, hence arm64), `xen` or `mac` where true (else Nitro), the sizes, the
 * rules of the family, and what single sizes do otherwise. An indented line goes on with the line above; `#` is a remark.
 *
 * | rule | of a family | of a size |
 * |---|---|---|
 * | cpu | | vCPU, where it is not the usual one of the size |
 * | gib/vcpu, gib | memory as GiB per vCPU | memory in GiB |
 * | eni, card | ladder of network interfaces | interfaces x IPv4 each; interfaces on the first network card |
 * | net | ladder of baseline bandwidth | Mbps |
 * | nvme | ladder of local NVMe | disks x GB, or GB |
 * | acc | accelerator; each size has one | how many, or which fraction of one |
 * | ebs | shared (default on Nitro) or dedicated | most volumes |
 * | usd/vcpu, usd, dp | USD per vCPU and hour; decimals it is rounded to | USD per hour, or x1.1: the family's price times 1.1 |
 *
 * `?` is unknown.
 */
export interface FamilyRule {
  readonly family: string;
  readonly manufacturer: string;
  readonly flags: ReadonlySet<string>;
  readonly sizes: readonly string[];
  readonly rules: ReadonlyMap<string, string>;
  /** Size, then rule. */
  readonly exceptions: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

const flagWords = new Set(['xen', 'mac']);

export function parseFamilyLine(line: string): FamilyRule {
  const [family = '', manufacturer = '', ...words] = line.trim().split(/\s+/);
  const flags = new Set<string>();
  const sizes: string[] = [];
  const rules = new Map<string, string>();
  const exceptions = new Map<string, Map<string, string>>();
  for (const word of words) {
    const colon = word.indexOf(':');
    if (colon > 0) exceptions.set(word.slice(0, colon), assignments(word.slice(colon + 1)));
    else if (word.includes('=')) for (const [rule, value] of assignments(word)) rules.set(rule, value);
    else if (flagWords.has(word)) flags.add(word);
    else sizes.push(...expandSizes(word));
  }
  return { family, manufacturer, flags, sizes, rules, exceptions };
}

/** The lines of a table by family, remarks dropped and continued lines joined. Splits only: a line is parsed when asked for. */
export function splitFamilyLines(table: string): Map<string, string> {
  const lines = new Map<string, string>();
  let family = '';
  for (const line of table.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    if (line.startsWith(' ')) lines.set(family, `${lines.get(family)}${line}`);
    else {
      family = line.slice(0, line.indexOf(' '));
      lines.set(family, line);
    }
  }
  return lines;
}

function assignments(text: string): Map<string, string> {
  const pairs = text.split(',').map((pair): [string, string] => {
    const equals = pair.indexOf('=');
    return [pair.slice(0, equals), pair.slice(equals + 1)];
  });
  return new Map(pairs);
}
