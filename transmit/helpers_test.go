package transmit_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/transmit/transmittest"
)

var update = flag.Bool("update", false, "write the golden files anew")

const (
	fixtureDir = "../testdata/fixtures/transmit"
	goldenDir  = "../testdata/golden/transmit"
)

// start returns a fake and a client of it. At the end of the test the client must not have sent anything that the
// vendor would refuse.
func start(t testing.TB, opts ...transmittest.Option) (*transmit.Client, *transmittest.Server) {
	t.Helper()
	client, fake := startLoose(t, opts...)
	t.Cleanup(func() {
		for _, p := range fake.Problems() {
			t.Errorf("the vendor would refuse: %v", p)
		}
	})
	return client, fake
}

// startLoose is start without a look at the problems, for tests that provoke them.
func startLoose(t testing.TB, opts ...transmittest.Option) (*transmit.Client, *transmittest.Server) {
	t.Helper()
	fake := transmittest.NewServer(opts...)
	t.Cleanup(fake.Close)
	return newClient(t, fake), fake
}

func newClient(t testing.TB, fake *transmittest.Server, opts ...kyc.Option) *transmit.Client {
	t.Helper()
	client, err := transmit.NewClient(fake.Config(), append(fake.Options(), opts...)...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// quick are options that do not wait between attempts for long.
func quick() kyc.Option {
	return kyc.WithRetry(kyc.RetryPolicy{MinBackoff: 1, MaxBackoff: 1})
}

func fixture(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(fixtureDir, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// fixtures lists the documents whose name fits.
func fixtures(t testing.TB, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(fixtureDir, pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixture fits %s: %v", pattern, err)
	}
	names := make([]string, len(paths))
	for i, p := range paths {
		names[i] = filepath.Base(p)
	}
	return names
}

// golden compares got with a file, or writes it with -update.
func golden(t testing.TB, name string, got []byte) {
	t.Helper()
	path := filepath.Join(goldenDir, name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run go test with -update)", err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s differs (-want +got)\n%s", name, cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")))
	}
}

func startedSession() transmit.SessionRequest {
	return transmit.SessionRequest{Start: &transmit.SessionStart{Consent: &transmit.Consent{Granted: true, DocumentID: "consent-7"}}}
}
