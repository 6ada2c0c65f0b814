/**
 * Turns the node and pod lists of openb (alibaba/clusterdata, cluster-trace-gpu-v2023) into what `kubectl get … -o json`
 * would print of such a cluster, so that `cloudoptim analyze --snapshot` can read it:
 *
 *   node examples/openb/make.mjs [--data FOLDER] [--pods default|cpu050] [--at SECONDS] > openb.json
 *
 * The lists are not part of this repository; README.md beside this file says where they come from and what is assumed here.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { emptyLists, header, nodeObjects, podObjects } from './objects.mjs';
import { placeLeastAllocated } from './place.mjs';

const usage = 'usage: node examples/openb/make.mjs [--data FOLDER] [--pods default|cpu050] [--at SECONDS] > openb.json';

// `| head` closes the pipe early; that is no error of ours.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  main();
} catch (error) {
  console.error(`openb: ${error.message}`);
  process.exitCode = 2;
}

function main() {
  const { data, pods: list, at, help } = readArguments();
  if (help) return console.log(usage);
  const nodes = readTable(data, 'openb_node_list_all_node').map(toNode);
  const pods = podsAt(readTable(data, `openb_pod_list_${list}`).map(toPod), at);
  const unplaced = placeLeastAllocated(
    pods.filter((pod) => pod.phase === 'Running'),
    nodes,
  );
  for (const pod of unplaced) pod.phase = 'Pending';

  let documents = 0;
  const takenAt = at ?? Math.max(0, ...pods.map((pod) => pod.createdAt));
  for (const document of [header(takenAt), ...nodeObjects(nodes), ...podObjects(pods), ...emptyLists()]) {
    process.stdout.write(`${JSON.stringify(document)}\n`);
    documents++;
  }
  const count = (phase) => pods.filter((pod) => pod.phase === phase).length;
  console.error(
    `openb: ${nodes.length} nodes; ${count('Running')} pods running, ${count('Pending')} pending (${unplaced.length} of them found no room), ` +
      `${count('Succeeded') + count('Failed')} finished; ${documents} lists`,
  );
}

function readArguments() {
  const { values } = parseArgs({
    options: {
      data: {
        type: 'string',
        default: fileURLToPath(new URL('../../../shared/data/openb-gpu-v2023', import.meta.url)),
      },
      pods: { type: 'string', default: 'default' },
      at: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.pods !== 'default' && values.pods !== 'cpu050')
    throw new Error(`--pods is "${values.pods}"; give default or cpu050 (multigpu20 has neither phases nor times)`);
  const at = values.at === undefined ? undefined : Number(values.at);
  if (at !== undefined && !Number.isFinite(at))
    throw new Error(`--at is "${values.at}"; give seconds since the start of the trace`);
  return { ...values, at };
}

/** Rows of a csv or csv.gz of openb as objects of strings. Its files quote nothing. */
function readTable(folder, name) {
  for (const file of [`${name}.csv.gz`, `${name}.csv`]) {
    const path = join(folder, file);
    if (!existsSync(path)) continue;
    const bytes = readFileSync(path);
    const [header, ...lines] = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes)
      .toString('utf8')
      .trim()
      .split(/\r?\n/);
    const columns = header.split(',');
    return lines.map((line) => {
      const cells = line.split(',');
      return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
    });
  }
  throw new Error(
    `${folder} has no ${name}.csv or ${name}.csv.gz; take cluster-trace-gpu-v2023/csv of https://github.com/alibaba/clusterdata and name its folder with --data`,
  );
}

function toNode(row) {
  return {
    name: row.sn,
    cpuMilli: whole(row, 'cpu_milli'),
    memoryMib: whole(row, 'memory_mib'),
    gpus: whole(row, 'gpu'),
    model: row.model,
  };
}

function toPod(row) {
  const gpus = whole(row, 'num_gpu');
  return {
    name: row.name,
    cpuMilli: whole(row, 'cpu_milli'),
    memoryMib: whole(row, 'memory_mib'),
    // A share of a GPU takes a whole one: Kubernetes itself cannot divide a device (README.md, "Shared GPUs").
    gpus,
    gpuMilli: whole(row, 'gpu_milli'),
    qos: row.qos,
    phase: row.pod_phase,
    createdAt: whole(row, 'creation_time'),
    deletedAt: row.deletion_time === '' ? Number.POSITIVE_INFINITY : whole(row, 'deletion_time'),
    scheduledAt: row.scheduled_time === '' ? undefined : whole(row, 'scheduled_time'),
    node: undefined,
  };
}

/**
 * Which pods exist, and in which phase. Without an instant: all of the list, each in the phase it is listed with, as the
 * authors of the trace replay it. With one: only those created and not yet deleted then.
 */
function podsAt(pods, at) {
  if (at === undefined) return pods;
  return pods
    .filter((pod) => pod.createdAt <= at && pod.deletedAt > at)
    .map((pod) => ({ ...pod, phase: pod.scheduledAt !== undefined && pod.scheduledAt <= at ? 'Running' : 'Pending' }));
}

function whole(row, column) {
  const value = Number(row[column]);
  if (!Number.isSafeInteger(value) || row[column] === '')
    throw new Error(`column ${column} is "${row[column]}" in ${JSON.stringify(row)}; expected a whole number`);
  return value;
}
