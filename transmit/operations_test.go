package transmit_test

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

type operation struct {
	Name, Method, Path, Host, Source, Confidence, State, Why, Go string
	Fake                                                         bool
}

func operations(t *testing.T) []operation {
	t.Helper()
	f, err := os.Open("../testdata/operations/transmit.yaml")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []operation
	dec := yaml.NewDecoder(f)
	dec.KnownFields(true)
	if err := dec.Decode(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

// The list of operations, the client's methods and the fake's routes say the same.
func TestOperations(t *testing.T) {
	var listed, served []string
	methods := map[string]bool{}
	for _, service := range []any{&transmit.SessionsService{}, &transmit.ImagesService{}, &transmit.FaceAuthService{}, &transmit.EventsService{}} {
		typ := reflect.TypeOf(service)
		for i := range typ.NumMethod() {
			if name := typ.Method(i).Name; name != "Format" && name != "LogValue" {
				methods["transmit."+typ.Elem().Name()+"."+name] = true
			}
		}
	}
	// A convenience over another method.
	delete(methods, "transmit.FaceAuthService.ResultOf")
	for _, op := range operations(t) {
		if !slices.Contains([]string{"done", "planned", "out of scope"}, op.State) || !slices.Contains([]string{"documented", "third-party", "uncertain"}, op.Confidence) || op.Source == "" || op.Host == "" {
			t.Errorf("%s is described wrongly", op.Name)
		}
		if op.State != "done" && op.Why == "" {
			t.Errorf("%s is not done and does not say why", op.Name)
		}
		if op.Go != "" {
			if !methods[op.Go] {
				t.Errorf("%s names %s, which is not there", op.Name, op.Go)
			}
			delete(methods, op.Go)
		} else if op.State == "done" && op.Name != "Token" {
			t.Errorf("%s is done and names no method", op.Name)
		}
		if op.Fake {
			listed = append(listed, op.Name+" "+op.Method+" "+op.Path)
		}
	}
	for m := range methods {
		t.Errorf("%s stands for no operation", m)
	}
	_, fake := start(t)
	for _, r := range fake.Operations() {
		served = append(served, r.Name+" "+r.Method+" "+r.Path)
	}
	slices.Sort(listed)
	slices.Sort(served)
	if diff := cmp.Diff(listed, served); diff != "" {
		t.Errorf("the fake differs from the list (-list +fake)\n%s", diff)
	}
}

// Every operation of the OpenAPI document is in the list, under the same method and path.
func TestOperationsOfTheDocument(t *testing.T) {
	data, err := os.ReadFile("../testdata/openapi/transmit.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]yaml.Node
	}
	if err := yaml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, op := range operations(t) {
		have[op.Method+" "+op.Path] = true
	}
	n := 0
	for path, item := range doc.Paths {
		full := "/verify" + path
		if strings.HasPrefix(path, "/activities") {
			full = transmit.DefaultEventsPath + path
		}
		if strings.HasPrefix(path, "/oidc") {
			full = path
		}
		for method := range item {
			if method == "servers" {
				continue
			}
			n++
			if !have[strings.ToUpper(method)+" "+full] {
				t.Errorf("%s %s is not listed", method, full)
			}
		}
	}
	if n != 15 {
		t.Errorf("%d operations in the document", n)
	}
}

// fixedJPEG is the head of a picture of 1024 by 768, the same with every version of the encoder.
func fixedJPEG() []byte {
	return append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
		0xff, 0xc0, 0, 11, 8, 768>>8, 768&0xff, 1024>>8, 1024&0xff, 1, 1, 0x11, 0)
}

var goVersion = regexp.MustCompile(`go1\.[0-9][^)]*\)`)

// Each operation goes out as its golden file says.
func TestGoldenRequests(t *testing.T) {
	client, fake := start(t, transmittest.Seed(1))
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(client.Events.Start(ctx))
	must(client.Events.Open(ctx, "reader-1", transmit.EventStreamRequest{Enrichment: new(false)}))
	hosted, err := client.Sessions.Create(ctx, transmit.SessionRequest{
		CallbackURL: "https://example.com/back", State: "state-1", TimeToLive: transmit.Duration(30 * transmit.Day), Context: transmit.SessionContextOnboarding,
		CustomerInformation: &transmit.CustomerInformation{OrganizationName: "Acme", OrganizationID: "acme-1", ExternalUserID: "onboarding-42"},
		MockBehavior:        &transmit.MockBehavior{Recommendation: transmit.RecommendationAllow, ProcessingTime: transmit.Duration(15e9), ForceRetry: new(false)},
	})
	must(err)
	session, err := client.Sessions.Create(ctx, startedSession())
	must(err)
	front := transmit.ImageUpload{Type: transmit.ImageTypeDocumentFront, File: kyc.FileBytes("a.jpg", "image/jpeg", fixedJPEG())}
	front.ImageID, front.Margins, front.Device = "mine-1", &transmit.CaptureMargins{Top: 10.5}, &transmit.DeviceInfo{Model: "kiosk"}
	_, err = client.Images.Add(ctx, session.SessionID, front)
	must(err)
	list, err := client.Images.List(ctx, session.SessionID)
	must(err)
	for _, format := range []transmit.ImageFormat{transmit.ImageRaw, transmit.ImageBase64} {
		_, err = client.Images.Get(ctx, session.SessionID, list.SessionImages[0].ID, format, new(countingWriter))
		must(err)
	}
	_, err = client.Sessions.Result(ctx, session.SessionID)
	must(err)
	_, err = client.Sessions.Consent(ctx, session.SessionID)
	must(err)
	must(client.Sessions.Delete(ctx, hosted.SessionID))
	auth, err := client.FaceAuth.Create(ctx, transmit.FaceReference{File: front.File, UseCase: transmit.FaceAuthUseCaseStepUp})
	must(err)
	_, err = client.FaceAuth.ResultOf(ctx, auth)
	must(err)
	_, err = read(t, client, transmit.EventsQuery{BatchSize: 1000})
	must(err)
	must(client.Events.Close(ctx, "reader-1"))
	must(client.Events.Stop(ctx))
	for _, op := range operations(t) {
		if op.State != "done" {
			continue
		}
		var all []string
		for _, r := range fake.RequestsOf(op.Name) {
			text := goVersion.ReplaceAllString(r.Golden(), "go)")
			if !slices.Contains(all, text) {
				all = append(all, text)
			}
		}
		if len(all) == 0 {
			t.Errorf("%s did not go out", op.Name)
		}
		golden(t, "requests/"+op.Name+".txt", []byte(strings.Join(all, "\n---\n\n")))
	}
}

var _ kyc.Provider = (*transmit.Client)(nil)
