import type { InstanceType } from '@cloudoptim/core';
import { type AllocatableOptions, allocatable } from './allocatable.js';
import { ebsVolumeLimit } from './ebs-volume-limit.js';
import { instanceLabels } from './instance-labels.js';
import type { InstanceTypeFacts } from './instance-type-facts.js';

/** A type as core's Market lists it: what a new node of it would offer, with the labels that it would bear. */
export function marketInstanceType(facts: InstanceTypeFacts, options: AllocatableOptions = {}): InstanceType {
  const { unknown: _unknown, ...resources } = allocatable(facts, options);
  const volumes = ebsVolumeLimit(facts);
  return {
    name: facts.name,
    architecture: facts.architecture,
    vcpu: facts.vcpu,
    memoryBytes: facts.memoryBytes,
    allocatable: resources,
    labels: instanceLabels(facts),
    ...(volumes.known && { volumeLimit: volumes.value }),
  };
}
