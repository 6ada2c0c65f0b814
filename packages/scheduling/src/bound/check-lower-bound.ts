import type { ClusterState, LowerBoundCertificate, Market, Plan, Policy, Reason } from '@cloudoptim/core';
import { boundMethod, pricesOf } from './bound-certificate.js';
import { boundProblem } from './bound-problem.js';
import { dualBound } from './dual-bound.js';
import { outsideScope } from './outside-scope.js';

/** Whether the bound holds, and if not, why it is not proven. */
export type LowerBoundCheck =
  | { readonly holds: true; readonly usdPerHour: number }
  | { readonly holds: false; readonly reasons: readonly [Reason, ...Reason[]] };

/**
 * Whether no plan can bring the bill of priced nodes below what a certificate says, for these requests, offerings, prices, node
 * pools and policy. The problem is stated anew from state, market and policy, and the certificate's prices are put to it: they
 * prove what they prove, whoever made them, so a wrong certificate cannot pass. No solver is needed. Of a plan, its own
 * certificate is checked, and that the plan is one that the bound speaks of and costs no less.
 */
export function checkLowerBound(
  state: ClusterState,
  market: Market,
  policy: Policy,
  subject: LowerBoundCertificate | Plan,
): LowerBoundCheck {
  const plan = 'schema' in subject ? subject : undefined;
  const certificate = 'schema' in subject ? subject.lowerBound : subject;
  if (certificate === undefined) return fails('no-lower-bound', 'The plan has no certificate of a lower bound.');
  const { usdPerHour, method, counts, dualPrices } = certificate;
  if (method !== boundMethod)
    return fails('unknown-bound-method', `The certificate's method is ${method}; only ${boundMethod} can be checked.`);
  if (!Number.isFinite(usdPerHour) || Object.values(dualPrices).some((price) => !(price >= 0 && price < 1e12)))
    return fails(
      'bound-not-finite',
      'The bound and its prices must be numbers, and prices from 0 to 10^12 USD per hour.',
    );
  if (certificate.cuts.length > 0)
    return fails('unknown-bound-cut', `The certificate has cuts, of which ${boundMethod} knows none.`);
  const at = counts?.keptNodesAtMs;
  const now = plan?.createdAtMs ?? state.takenAtMs;
  if (at !== undefined && at !== now)
    return fails('bound-of-another-time', `Nodes are kept as of ${at}, but the question is about ${now}.`);
  const scope = { pendingPods: counts?.pendingPods === true, ...(at !== undefined && { keptNodesAtMs: at }) };
  const problem = boundProblem(state, market, policy, scope);
  const prices = pricesOf(problem, certificate);
  // Most certificates hold by their resource prices, which is quickly seen.
  const quick = dualBound(problem, prices, 'resources');
  const proven = usdPerHour > quick ? dualBound(problem, prices) : quick;
  if (usdPerHour > proven)
    return fails('bound-not-proven', `The certificate says ${usdPerHour} USD/h; its prices prove ${proven}.`, {
      usdPerHour,
      provenUsdPerHour: proven,
    });
  const outside = plan === undefined ? undefined : outsideScope(state, plan, usdPerHour, scope.pendingPods);
  return outside === undefined ? { holds: true, usdPerHour } : { holds: false, reasons: [outside] };
}

function fails(code: string, message: string, numbers?: Readonly<Record<string, number>>): LowerBoundCheck {
  return { holds: false, reasons: [{ code, message, ...(numbers && { numbers }) }] };
}
