package jumio_test

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
)

type operation struct {
	Name, Method, Path, Host, Source, Confidence, State, Why, Go string
	Fake                                                         bool
}

func operations(t testing.TB) []operation {
	t.Helper()
	f := must[*os.File](t)(os.Open("../testdata/operations/jumio.yaml"))
	defer func() { _ = f.Close() }()
	dec := yaml.NewDecoder(f)
	dec.KnownFields(true)
	var out []operation
	if err := dec.Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// helpers are methods that send what another method's operation says.
var helpers = []string{"CredentialsService.DownloadHref", "WorkflowsService.FinalizeRef"}

func TestOperationsFitTheClient(t *testing.T) {
	methods := make(map[string]bool)
	client := reflect.TypeFor[jumio.Client]()
	for i := range client.NumField() {
		service := client.Field(i).Type
		if !client.Field(i).IsExported() {
			continue
		}
		for j := range service.NumMethod() {
			if name := service.Method(j).Name; name != "Format" && name != "LogValue" {
				methods["jumio."+service.Elem().Name()+"."+name] = true
			}
		}
	}
	listed := make(map[string]bool)
	for _, op := range operations(t) {
		if op.Source == "" || !slices.Contains([]string{"documented", "third-party", "uncertain"}, op.Confidence) {
			t.Errorf("%s: no source or confidence", op.Name)
		}
		switch op.State {
		case "done":
			if op.Go != "jumio.NewClient" && !methods[op.Go] {
				t.Errorf("%s: there is no %s", op.Name, op.Go)
			}
			listed[op.Go] = true
		case "planned", "out of scope":
			if op.Why == "" || op.Go != "" {
				t.Errorf("%s: %s needs a reason and no method", op.Name, op.State)
			}
		default:
			t.Errorf("%s: state %q", op.Name, op.State)
		}
	}
	for m := range methods {
		if !listed[m] && !slices.Contains(helpers, strings.TrimPrefix(m, "jumio.")) {
			t.Errorf("%s is in no operation", m)
		}
	}
}

func TestOperationsFitTheFake(t *testing.T) {
	server := jumiotest.NewServer()
	defer server.Close()
	names := strings.NewReplacer("{accountId}", "{account}", "{workflowExecutionId}", "{execution}", "{credentialId}", "{credential}")
	var want []string
	for _, op := range operations(t) {
		if op.Fake {
			want = append(want, strings.Join([]string{op.Name, op.Method, op.Host, names.Replace(op.Path)}, " "))
		}
		if op.State == "done" && !op.Fake {
			t.Errorf("%s is done and the fake does not know it", op.Name)
		}
	}
	got := server.Routes()
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("routes (-want +got):\n%s", diff)
	}
}
