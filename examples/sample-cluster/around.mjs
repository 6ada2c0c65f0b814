import { apps } from './apps.mjs';
import { hash, suffix, uid } from './identity.mjs';
import { daysBefore } from './nodes.mjs';
import { labelsOf, selector } from './pod-spec.mjs';

/** Budgets, autoscalers, services with their endpoints, webhooks: what surrounds the workloads and bears on their pods. */
export function surroundingObjects(pods, takenAt) {
  const podsOf = (app) =>
    pods.filter(
      (pod) => pod.metadata.namespace === app.namespace && pod.metadata.labels['app.kubernetes.io/name'] === app.name,
    );
  const isReady = (pod) => pod.status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  const meta = (kind, namespace, name) => ({
    name,
    namespace,
    uid: uid(`${kind}/${namespace}/${name}`),
    resourceVersion: String(800000 + (hash(`${kind}/${namespace}/${name}`) % 90000)),
    creationTimestamp: daysBefore(takenAt, 90),
    generation: 1,
  });

  const budgets = apps
    .filter((app) => app.budget)
    .map((app) => budget(app.namespace, app.name, app.budget, selector(app)));
  // A second one, by the platform team, over pods that already have theirs.
  budgets.push(budget('checkout-prod', 'tier-ledger', { maxUnavailable: 1 }, { tier: 'ledger' }));

  const scalers = apps
    .filter((app) => app.scaler)
    .map((app) => ({
      metadata: meta('hpa', app.namespace, app.name),
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: app.kind, name: app.name },
        minReplicas: app.scaler[0],
        maxReplicas: app.scaler[1],
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
        ],
      },
      status: { currentReplicas: app.replicas, desiredReplicas: app.replicas, observedGeneration: 1 },
    }));

  const served = apps.filter((app) => app.service);
  const services = served.map((app) => ({
    metadata: { ...meta('service', app.namespace, app.name), labels: labelsOf(app) },
    spec: { selector: selector(app), ports: [{ port: 80, targetPort: 8080 }], type: 'ClusterIP' },
  }));
  const endpointSlices = served.map((app) => ({
    metadata: {
      ...meta('endpointslice', app.namespace, `${app.name}-${suffix(`slice/${app.namespace}/${app.name}`, 5)}`),
      labels: { 'kubernetes.io/service-name': app.name },
    },
    addressType: 'IPv4',
    ports: [{ port: 8080, protocol: 'TCP' }],
    endpoints: podsOf(app).map((pod) => ({
      addresses: [`10.0.${hash(pod.metadata.name) % 250}.${hash(pod.metadata.uid) % 250}`],
      conditions: { ready: isReady(pod), serving: isReady(pod), terminating: false },
      nodeName: pod.spec.nodeName,
      targetRef: { kind: 'Pod', namespace: app.namespace, name: pod.metadata.name, uid: pod.metadata.uid },
    })),
  }));

  return {
    budgets,
    scalers,
    services,
    endpointSlices,
    webhooks: [webhook('policy-webhook', 'platform'), webhook('kyverno', 'kube-system')],
  };

  function budget(namespace, name, spec, matchLabels) {
    const matched = pods.filter(
      (pod) =>
        pod.metadata.namespace === namespace &&
        Object.entries(matchLabels).every(([key, value]) => pod.metadata.labels[key] === value),
    );
    const expected = matched.length;
    const healthy = matched.filter(isReady).length;
    const desired =
      spec.minAvailable !== undefined
        ? amount(spec.minAvailable, expected)
        : Math.max(0, expected - amount(spec.maxUnavailable, expected));
    return {
      metadata: meta('pdb', namespace, name),
      spec: { selector: { matchLabels }, ...spec },
      status: {
        observedGeneration: 1,
        expectedPods: expected,
        currentHealthy: healthy,
        desiredHealthy: desired,
        disruptionsAllowed: Math.max(0, healthy - desired),
      },
    };
  }

  function webhook(name, namespace) {
    return {
      metadata: { name, uid: uid(`webhook/${name}`), creationTimestamp: daysBefore(takenAt, 90), generation: 1 },
      webhooks: [
        {
          name: `${name}.shop.example`,
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          failurePolicy: 'Fail',
          matchPolicy: 'Equivalent',
          clientConfig: { service: { namespace, name, path: '/validate', port: 443 } },
          // Pods of kube-system are left out, or else nothing could repair the cluster while the webhook is down.
          namespaceSelector: {
            matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] }],
          },
          objectSelector: {},
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'], scope: '*' }],
        },
      ],
    };
  }
}

function amount(value, of) {
  // Kubernetes rounds percentages up in both fields.
  return typeof value === 'string' ? Math.ceil((Number.parseInt(value, 10) / 100) * of) : value;
}
