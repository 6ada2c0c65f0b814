import type { TemplateContainer } from '@cloudoptim/core';
import { describe, expect, it } from 'vitest';
import { Unasked } from '../src/scoring/unasked.js';
import { WorkingPlacement } from '../src/working-placement.js';
import { node, state, template } from './support/build.js';

const mebibyte = 1024 ** 2;
const nothing = { cpuMillicores: 0, memoryBytes: 0 };
const some = { cpuMillicores: 70, memoryBytes: 50 * mebibyte };
const idle: TemplateContainer = { name: 'one', requests: nothing };
const modest: TemplateContainer = { name: 'one', requests: some };

/** Millicores and MiB that are counted beyond the requests. */
const counted = (containers: readonly TemplateContainer[], needs = nothing) => {
  const { cpuMillicores, memoryBytes } = new Unasked([{ ...template(), needs, containers }]).of(0);
  return [cpuMillicores, memoryBytes / mebibyte];
};

describe('what scores count for containers that ask for nothing', () => {
  it('is 100 millicores and 200 MiB for each, where it asks for none of the two', () => {
    expect([counted([]), counted([idle]), counted([idle, idle])]).toEqual([
      [0, 0],
      [100, 200],
      [200, 400],
    ]);
    expect(counted([modest], some)).toEqual([0, 0]);
    const cpuOnly = { ...some, memoryBytes: 0 };
    expect(counted([{ ...modest, requests: cpuOnly }], cpuOnly)).toEqual([0, 200]);
  });

  it('is what containers that run together come to, or init containers before them', () => {
    const [init, sidecar] = [{ init: true }, { sidecar: true }] as const;
    expect(counted([idle, { ...modest, ...init }], some)).toEqual([30, 150]);
    expect(counted([idle, { ...idle, ...init }, { ...idle, ...init }])).toEqual([100, 200]);
    expect(counted([idle, { ...idle, ...sidecar }])).toEqual([200, 400]);
    expect(
      counted([
        { ...idle, ...sidecar },
        { ...idle, ...init },
      ]),
    ).toEqual([200, 400]);
    expect(
      counted([
        { ...idle, ...init },
        { ...idle, ...sidecar },
      ]),
    ).toEqual([100, 200]);
  });

  it('is nothing where the pod as a whole asks for more than its containers', () => {
    expect(counted([idle], some)).toEqual([0, 0]);
  });

  it('is on a node as long as the pod', () => {
    const placement = new WorkingPlacement(
      state({
        nodes: [node('a'), node('b')],
        podTemplates: [template({ cpu: 0, memory: 0 })],
        pods: [{ template: 0, node: 0 }],
      }),
    );
    const on = (at: number) => placement.unasked.on(at).memoryBytes / mebibyte;
    const mark = placement.mark();
    placement.place({ template: 0, workload: -1 }, 1);
    placement.place({ template: 0, workload: -1 }, 1);
    placement.remove(0);
    expect([on(0), on(1)]).toEqual([0, 400]);
    placement.rollback(mark);
    expect([on(0), on(1)]).toEqual([200, 0]);
  });
});
