/** Few words, so that what is asked and what is there meet often. */

export const hostname = 'kubernetes.io/hostname';
export const zone = 'topology.kubernetes.io/zone';
export const region = 'topology.kubernetes.io/region';
export const betaZone = 'failure-domain.beta.kubernetes.io/zone';
export const betaRegion = 'failure-domain.beta.kubernetes.io/region';

export const zones = ['a', 'b', 'c', 'd'];
export const racks = ['r1', 'r2', 'r3'];
export const disks = ['ssd', 'hdd', 'nvme'];
/** Labels that Gt and Lt compare: integers, leading zeros, and what is no integer. */
export const generations = ['1', '3', '5', '8', '2', '4', '007', 'x', '1.5', '9223372036854775808', ''];

export const apps = ['web', 'api', 'db'];
export const tiers = ['front', 'back'];
export const revisions = ['one', 'two'];

/** Namespaces and their labels; all have kubernetes.io/metadata.name besides. */
export const namespaces: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  shop: { team: 'a', env: 'prod' },
  pay: { team: 'b', env: 'prod' },
  lab: { team: 'a', env: 'dev' },
  bare: {},
};
export const namespaceNames = Object.keys(namespaces);

export const taintKeys = ['dedicated', 'gpu', 'spot'];
export const taintValues = ['', 'yes', 'no'];
export const effects = ['NoSchedule', 'NoExecute', 'PreferNoSchedule'];
export const unschedulable = 'node.kubernetes.io/unschedulable';

export const extended = 'example.com/widget';
export const otherExtended = 'nvidia.com/gpu';
export const hugepages = 'hugepages-2Mi';

/** Bound pods have no lower priority than 0. */
export const priorityClasses: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  modest: { value: -10 },
  vital: { value: 1000 },
  patient: { value: 1000, preemptionPolicy: 'Never' },
};

export const runtimeClasses: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  heavy: { overhead: { podFixed: { cpu: '250m', memory: '200Mi' } } },
  boxed: {
    overhead: { podFixed: { cpu: '100m' } },
    scheduling: { nodeSelector: { disk: 'ssd' }, tolerations: [{ key: 'gpu', operator: 'Exists' }] },
  },
};
