// Command karpenter runs Karpenter's own provisioning scheduler on pods, DaemonSet pods and offerings given as JSON on standard
// input, all pods waiting at once and no cluster behind it, and prints the nodes that it would launch with their price in USD
// per hour. It is what the benchmark of the binpack engine calls "the real Karpenter". A NodePool, NodeOverlays and the labels
// of NodeClaims may be given too: Karpenter's own code then validates them, applies the prices, and tells what has drifted.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/record"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
	fakeclient "sigs.k8s.io/controller-runtime/pkg/client/fake"
	controllerlog "sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	v1 "sigs.k8s.io/karpenter/pkg/apis/v1"
	"sigs.k8s.io/karpenter/pkg/apis/v1alpha1"
	"sigs.k8s.io/karpenter/pkg/cloudprovider"
	"sigs.k8s.io/karpenter/pkg/cloudprovider/fake"
	"sigs.k8s.io/karpenter/pkg/controllers/nodeoverlay"
	provisioning "sigs.k8s.io/karpenter/pkg/controllers/provisioning/scheduling"
	"sigs.k8s.io/karpenter/pkg/controllers/state"
	"sigs.k8s.io/karpenter/pkg/events"
	"sigs.k8s.io/karpenter/pkg/operator/injection"
	"sigs.k8s.io/karpenter/pkg/operator/options"
	"sigs.k8s.io/karpenter/pkg/scheduling"
	"sigs.k8s.io/karpenter/pkg/test"
)

type offering struct {
	Zone         string  `json:"zone"`
	CapacityType string  `json:"capacityType"`
	UsdPerHour   float64 `json:"usdPerHour"`
}

type instanceType struct {
	Name         string              `json:"name"`
	Architecture string              `json:"architecture"`
	Allocatable  corev1.ResourceList `json:"allocatable"`
	Offerings    []offering          `json:"offerings"`
}

type question struct {
	Pods          []*corev1.Pod  `json:"pods"`
	Daemons       []*corev1.Pod  `json:"daemons"`
	InstanceTypes []instanceType `json:"instanceTypes"`
	// What differs from a pool without requirements.
	NodePool     *v1.NodePool            `json:"nodePool"`
	NodeOverlays []*v1alpha1.NodeOverlay `json:"nodeOverlays"`
	// Labels of NodeClaims of the pool.
	Claims []map[string]string `json:"claims"`
}

type node struct {
	InstanceType string  `json:"instanceType"`
	Zone         string  `json:"zone"`
	CapacityType string  `json:"capacityType"`
	UsdPerHour   float64 `json:"usdPerHour"`
	Pods         int     `json:"pods"`
}

type answer struct {
	Nodes       []node  `json:"nodes"`
	UsdPerHour  float64 `json:"usdPerHour"`
	Unscheduled int     `json:"unscheduled"`
	// Of the claims asked about, by position.
	Drifted []bool `json:"drifted"`
	// Seconds that the scheduler took, without reading and building what it is asked about.
	Seconds float64 `json:"seconds"`
}

func main() {
	controllerlog.SetLogger(logr.Discard())
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var asked question
	decoder := json.NewDecoder(os.Stdin)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&asked); err != nil {
		return fmt.Errorf("the question on standard input cannot be read: %w", err)
	}
	given, err := schedule(asked)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(given)
}

func schedule(asked question) (*answer, error) {
	ctx := options.ToContext(injection.WithControllerName(context.Background(), "provisioner"), test.Options())
	for index, pod := range append(append([]*corev1.Pod{}, asked.Pods...), asked.Daemons...) {
		// Karpenter keeps pods by UID.
		pod.UID = types.UID(fmt.Sprintf("pod-%d", index))
	}

	pool, err := nodePoolOf(ctx, asked)
	if err != nil {
		return nil, err
	}
	instanceTypes := make([]*cloudprovider.InstanceType, 0, len(asked.InstanceTypes))
	for _, entry := range asked.InstanceTypes {
		instanceTypes = append(instanceTypes, instanceTypeOf(entry))
	}
	provider := fake.NewCloudProvider()
	provider.InstanceTypes = instanceTypes
	client := clientWith(pool, asked.NodeOverlays)
	now := clock.RealClock{}
	cluster := state.NewCluster(now, client, provider)
	store := nodeoverlay.NewInstanceTypeStore()
	overlays := nodeoverlay.NewController(now, client, provider, store, cluster)
	if _, err := overlays.Reconcile(ctx, reconcile.Request{}); err != nil {
		return nil, fmt.Errorf("the overlays cannot be applied: %w", err)
	}
	if err := invalidOverlay(ctx, client); err != nil {
		return nil, err
	}
	instanceTypes, err = store.ApplyAll(pool.Name, instanceTypes)
	if err != nil {
		return nil, fmt.Errorf("the overlays cannot be applied: %w", err)
	}
	byPool := map[string][]*cloudprovider.InstanceType{pool.Name: instanceTypes}
	pools := []*v1.NodePool{pool}
	// As the provisioner sets it (pkg/controllers/provisioning/provisioner.go).
	option := provisioning.NumConcurrentReconciles(5)

	start := time.Now()
	topology, err := provisioning.NewTopology(ctx, client, cluster, nil, pools, byPool, asked.Pods, option)
	if err != nil {
		return nil, fmt.Errorf("the topology cannot be built: %w", err)
	}
	recorder := events.NewRecorder(&record.FakeRecorder{})
	results, err := provisioning.NewScheduler(
		ctx, client, pools, cluster, nil, topology, byPool, asked.Daemons, recorder, now, nil, nil, option,
	).Solve(ctx, asked.Pods)
	if err != nil {
		return nil, fmt.Errorf("the scheduler gave up: %w", err)
	}
	results = results.TruncateInstanceTypes(ctx, provisioning.MaxInstanceTypes)
	seconds := time.Since(start).Seconds()

	given := &answer{
		Nodes: []node{}, Unscheduled: len(results.PodErrors), Drifted: driftedOf(pool, asked.Claims), Seconds: seconds,
	}
	for _, claim := range results.NewNodeClaims {
		cheapest, err := cheapestOf(claim)
		if err != nil {
			return nil, err
		}
		given.Nodes = append(given.Nodes, cheapest)
		given.UsdPerHour += cheapest.UsdPerHour
	}
	return given, nil
}

func nodePoolOf(ctx context.Context, asked question) (*v1.NodePool, error) {
	if asked.NodePool == nil {
		asked.NodePool = &v1.NodePool{}
	}
	pool := test.NodePool(*asked.NodePool)
	pool.Spec.Limits = nil
	if err := pool.RuntimeValidate(ctx); err != nil {
		return nil, fmt.Errorf("the NodePool is not valid: %w", err)
	}
	return pool, nil
}

func clientWith(pool *v1.NodePool, overlays []*v1alpha1.NodeOverlay) client.Client {
	builder := fakeclient.NewClientBuilder().WithStatusSubresource(&v1alpha1.NodeOverlay{}).WithObjects(pool)
	for _, overlay := range overlays {
		builder = builder.WithObjects(overlay)
	}
	return builder.Build()
}

// invalidOverlay tells of an overlay that Karpenter passes over: it does not fail for one.
func invalidOverlay(ctx context.Context, from client.Client) error {
	overlays := &v1alpha1.NodeOverlayList{}
	if err := from.List(ctx, overlays); err != nil {
		return err
	}
	for _, overlay := range overlays.Items {
		valid := overlay.StatusConditions().Get(v1alpha1.ConditionTypeValidationSucceeded)
		if valid.IsFalse() {
			return fmt.Errorf("the NodeOverlay %s is not valid: %s", overlay.Name, valid.Message)
		}
	}
	return nil
}

// driftedOf is areRequirementsDrifted of pkg/controllers/nodeclaim/disruption/drift.go, which is not exported.
func driftedOf(pool *v1.NodePool, claims []map[string]string) []bool {
	requirements := scheduling.NewNodeSelectorRequirementsWithMinValues(pool.Spec.Template.Spec.Requirements...)
	drifted := make([]bool, 0, len(claims))
	for _, labels := range claims {
		drifted = append(drifted, scheduling.NewLabelRequirements(labels).Compatible(requirements) != nil)
	}
	return drifted
}

// instanceTypeOf describes a type whose allocatable is what is given: overhead is taken off already.
func instanceTypeOf(entry instanceType) *cloudprovider.InstanceType {
	offerings := make([]cloudprovider.Offering, 0, len(entry.Offerings))
	for _, own := range entry.Offerings {
		offerings = append(offerings, cloudprovider.Offering{
			Available: true,
			Price:     own.UsdPerHour,
			Requirements: scheduling.NewLabelRequirements(map[string]string{
				v1.CapacityTypeLabelKey:  own.CapacityType,
				corev1.LabelTopologyZone: own.Zone,
			}),
		})
	}
	described := fake.NewInstanceType(entry.Name,
		fake.WithResources(entry.Allocatable),
		fake.WithArchitecture(entry.Architecture),
		fake.WithOperatingSystems("linux"),
		fake.WithOfferings(offerings...),
	)
	described.Overhead = &cloudprovider.InstanceTypeOverhead{
		KubeReserved: corev1.ResourceList{
			corev1.ResourceCPU:    resource.MustParse("0"),
			corev1.ResourceMemory: resource.MustParse("0"),
		},
	}
	return described
}

// cheapestOf is what EC2 Fleet would give at list price: the cheapest offering that the claim still allows.
func cheapestOf(claim *provisioning.NodeClaim) (node, error) {
	best := node{UsdPerHour: -1, Pods: len(claim.Pods)}
	for _, candidate := range claim.InstanceTypeOptions {
		for _, own := range candidate.Offerings.Available() {
			if !claim.Requirements.IsCompatible(own.Requirements, scheduling.AllowUndefinedWellKnownLabels) {
				continue
			}
			if best.UsdPerHour >= 0 && own.Price >= best.UsdPerHour {
				continue
			}
			best.InstanceType = candidate.Name
			best.Zone = own.Requirements.Get(corev1.LabelTopologyZone).Any()
			best.CapacityType = own.Requirements.Get(v1.CapacityTypeLabelKey).Any()
			best.UsdPerHour = own.Price
		}
	}
	if best.UsdPerHour < 0 {
		return best, fmt.Errorf("a claim of %d pods has no offering left", best.Pods)
	}
	return best, nil
}
