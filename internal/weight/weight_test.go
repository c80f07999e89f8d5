package weight

import (
	"debug/buildinfo"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	// growth is what a vendor's package may add to a server that uses net/http and log/slog.
	growth = 2 << 20
	// slack is what it may add besides to a program without log/slog, which brings encoding/json with it.
	slack = 64 << 10
)

const module = "github.com/seed44d1d1b3/kyc-go"

// linked are the modules that a program with any vendor's package links, besides this one.
var linked = []string{
	"github.com/go-json-experiment/json",
	"github.com/hashicorp/go-cleanhttp",
	"github.com/hashicorp/go-retryablehttp",
	"golang.org/x/time",
}

// plain is what every program pays that uses net/http.
const plain = `package main

import "net/http"

func main() {
	resp, err := http.Get("https://example.com")
	println(resp, err)
}
`

// whole uses a vendor's client for all that a provider does.
const whole = `package main

import (
	"context"
	"net/http"

	"%[1]s/kyc"
	"%[1]s/%[2]s"
)

func main() {
	resp, err := http.Get("https://example.com")
	println(resp, err)
	client, err := %[2]s.NewClient(%[2]s.Config{})
	if err != nil {
		println(err.Error())
		return
	}
	var provider kyc.Provider = client
	session, err := provider.Start(context.Background(), kyc.StartRequest{Reference: "onboarding-42"})
	println(session, err)
	result, err := provider.Fetch(context.Background(), kyc.Ref{})
	println(result, err)
	println(provider.Delete(context.Background(), kyc.Ref{}))
}
`

// server is a backend without this module.
const server = `package main

import (
	"log/slog"
	"net/http"
)

func main() {
	resp, err := http.Get("https://example.com")
	slog.Info("asked", "resp", resp, "err", err)
	http.Handle("POST /notices", http.NotFoundHandler())
	slog.Error("ended", "err", http.ListenAndServe("127.0.0.1:8080", nil))
}
`

// integration is that backend with all that README shows: a check that is started, waited for and deleted, and the
// vendor's notices.
const integration = `package main

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"%[1]s/kyc"
	"%[1]s/%[2]s"
)

func main() {
	resp, err := http.Get("https://example.com")
	slog.Info("asked", "resp", resp, "err", err)
	client, err := %[2]s.NewClient(%[2]s.Config{}, kyc.WithLogger(slog.Default()))
	if err != nil {
		slog.Error("no client", "err", err)
		return
	}
	var provider kyc.Provider = client
	ctx := context.Background()
	session, err := provider.Start(ctx, kyc.StartRequest{Reference: "onboarding-42"})
	slog.Info("started", "session", session, "err", err)
	result, err := kyc.Wait(ctx, provider, session.Ref, kyc.WithBudget(20*time.Minute))
	slog.Info("waited", "result", result, "err", err)
	slog.Info("deleted", "err", provider.Delete(ctx, session.Ref))
	http.Handle("POST /notices", kyc.Handler(%[3]s, func(ctx context.Context, e kyc.Event) error {
		result, err := provider.Fetch(ctx, e.Ref)
		slog.Info("noticed", "result", result)
		return err
	}))
	slog.Error("ended", "err", http.ListenAndServe("127.0.0.1:8080", nil))
}
`

var sources = map[string]string{
	"jumio":    `jumio.Callbacks()`,
	"transmit": `(&transmit.States{}).Source(func(*http.Request) string { return "" })`,
	"didit":    `didit.Webhooks("secret")`,
	"yoti":     `yoti.Notifications(yoti.NotificationAuth{})`,
}

func TestWeight(t *testing.T) {
	if testing.Short() {
		t.Skip("builds ten programs")
	}
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("the go command is not there: a compiled test that runs elsewhere")
	}
	base, _ := build(t, "plain", plain)
	serving, _ := build(t, "server", server)
	for _, vendor := range []string{"jumio", "transmit", "didit", "yoti"} {
		t.Run(vendor, func(t *testing.T) {
			size, modules := build(t, vendor, fmt.Sprintf(whole, module, vendor))
			integrated, _ := build(t, vendor, fmt.Sprintf(integration, module, vendor, sources[vendor]))
			t.Logf("%.3f MiB more than net/http alone, %.3f MiB more than a server with net/http and log/slog", float64(size-base)/(1<<20), float64(integrated-serving)/(1<<20))
			if grown := integrated - serving; grown > growth {
				t.Errorf("a server grows by %d bytes, more than %d", grown, growth)
			}
			if grown := size - base; grown > growth+slack {
				t.Errorf("a program with net/http alone grows by %d bytes, more than %d", grown, growth+slack)
			}
			if diff := cmp.Diff(linked, modules); diff != "" {
				t.Errorf("linked modules (-want +got):\n%s", diff)
			}
		})
	}
}

// build compiles a program of a module of its own, as a user's is, and returns its size and the modules in it.
func build(t *testing.T, name, source string) (int64, []string) {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	for file, text := range map[string]string{
		"main.go": source,
		"go.mod":  fmt.Sprintf("module example.com/%s\n\ngo 1.26.0\n\nrequire %s v0.0.0\n\nreplace %s => %s\n", name, module, module, root),
		"go.sum":  string(sums),
	} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(dir, "program")
	cmd := exec.Command("go", "build", "-mod=mod", "-trimpath", "-ldflags=-s -w", "-o", program, ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-buildvcs=false")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	info, err := os.Stat(program)
	if err != nil {
		t.Fatal(err)
	}
	built, err := buildinfo.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	modules := make(map[string]bool)
	for _, dep := range built.Deps {
		if !strings.HasPrefix(dep.Path, module) {
			modules[dep.Path] = true
		}
	}
	return info.Size(), slices.Sorted(maps.Keys(modules))
}
