package jumio_test

import (
	"bytes"
	"context"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/time/rate"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

var update = flag.Bool("update", false, "rewrite golden files")

const (
	fixtures = "../testdata/fixtures/jumio"
	goldens  = "../testdata/golden/jumio"
)

// start returns a fake and a client of it without budgets, and fails the test where the client did something wrong.
func start(t testing.TB, opts ...jumiotest.Option) (*jumiotest.Server, *jumio.Client) {
	t.Helper()
	server := jumiotest.NewServer(opts...)
	t.Cleanup(server.Close)
	return server, connect(t, server)
}

func connect(t testing.TB, server *jumiotest.Server, opts ...kyc.Option) *jumio.Client {
	t.Helper()
	opts = append([]kyc.Option{
		kyc.WithHTTPClient(server.HTTPClient()), kyc.WithLimiter(rate.NewLimiter(rate.Inf, 1)), kyc.WithUserAgent("Acme Onboarding/1.0"),
		kyc.WithRetry(kyc.RetryPolicy{MinBackoff: 1, MaxBackoff: 2}),
	}, opts...)
	client, err := jumio.NewClient(server.Config(), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func noProblems(t testing.TB, server *jumiotest.Server) {
	t.Helper()
	if p := server.Problems(); len(p) > 0 {
		t.Errorf("the fake complains: %q", p)
	}
}

// picture draws an image of the given size.
func picture(t testing.TB, width, height int) []byte {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, width, height))
	for x := range width {
		img.SetGray(x, height/2, color.Gray{Y: uint8(x)})
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func photo(t testing.TB) kyc.File {
	t.Helper()
	return kyc.FileBytes("photo.png", "image/png", recorded(t))
}

func request() jumio.AccountRequest {
	return jumio.AccountRequest{
		CustomerInternalReference: "onboarding-42", Workflow: jumio.Workflow{Key: jumio.WorkflowIDAndIdentity}, UserReference: "user-7",
		UserConsent: &jumio.UserConsent{
			UserIP: "192.0.2.7", UserLocation: &jumio.UserLocation{Country: "GBR"},
			Consent: &jumio.Consent{Obtained: jumio.ConsentAnswerYes, ObtainedAt: "2026-01-02T03:04:05.678Z"},
		},
	}
}

// deliver uploads what the API channel wants and finalizes.
func deliver(ctx context.Context, t testing.TB, client *jumio.Client, account *jumio.Account) {
	t.Helper()
	for _, credential := range account.Credentials(jumio.ChannelAPI) {
		for part := range credential.Parts() {
			if part == jumio.PartPreparedData {
				continue
			}
			if _, err := client.Credentials.Upload(ctx, credential, part, photo(t)); err != nil {
				t.Fatalf("upload %s: %v", part, err)
			}
		}
	}
	if _, err := client.Workflows.Finalize(ctx, account); err != nil {
		t.Fatalf("finalize: %v", err)
	}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// fixture reads one file; list names those that fit a pattern.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	return must[[]byte](t)(os.ReadFile(filepath.Join(fixtures, name)))
}

func list(t testing.TB, pattern string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(fixtures, pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixtures %s: %v", pattern, err)
	}
	for i, p := range paths {
		paths[i] = filepath.Base(p)
	}
	slices.Sort(paths)
	return paths
}

// golden compares text with a golden file, or writes it with -update.
func golden(t testing.TB, path, got string) {
	t.Helper()
	path = filepath.Join(goldens, path)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(must[[]byte](t)(os.ReadFile(path))), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// recorded is a picture whose bytes stay: golden files hold its digest, and encoders change with the Go release.
func recorded(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/photo.png")
	if err != nil {
		t.Fatal(err)
	}
	return data
}
