package kycredis_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// roleEnv makes the test binary play another process; see roles.
const (
	roleEnv = "KYCREDIS_TEST_ROLE"
	addrEnv = "KYCREDIS_TEST_ADDR"
)

// roles are what the test binary does in place of tests, told by its environment.
var roles = map[string]func(ctx context.Context, rdb redis.UniversalClient) error{"limiter": playLimiter, "claim": playClaim}

// quiet keeps the client's remarks on servers that were killed on purpose out of the tests' output.
type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

func TestMain(m *testing.M) {
	redis.SetLogger(quiet{})
	if role := os.Getenv(roleEnv); role != "" {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		if err := roles[role](ctx, client(os.Getenv(addrEnv))); err != nil {
			fmt.Fprintln(os.Stderr, role, err)
			os.Exit(1)
		}
		cancel()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func client(addr string) *redis.Client {
	return redis.NewClient(&redis.Options{
		Addr: addr, ContextTimeoutEnabled: true, DialTimeout: time.Second, ReadTimeout: 5 * time.Second, DialerRetries: 1, MaxRetries: 1,
	})
}

// server starts a Redis of the test's own and returns a client of it, its address and what kills it.
func server(t *testing.T) (rdb *redis.Client, addr string, kill func()) {
	t.Helper()
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		if os.Getenv("KYC_FLEET_OPTIONAL") == "1" {
			t.Skip("redis-server is not installed, and KYC_FLEET_OPTIONAL=1 allows that")
		}
		t.Fatal("redis-server is not installed: run .ci/install-services, or set KYC_FLEET_OPTIONAL=1 to do without")
	}
	// Another program may take the port between the look and the start; then another one is tried.
	for range 5 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		addr = l.Addr().String()
		_, port, _ := net.SplitHostPort(addr)
		_ = l.Close()
		cmd := exec.Command(binary, "--bind", "127.0.0.1", "--port", port, "--save", "", "--appendonly", "no", "--dir", t.TempDir())
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended := make(chan struct{})
		go func() { _ = cmd.Wait(); close(ended) }()
		rdb = client(addr)
		kill = func() {
			_ = cmd.Process.Kill()
			<-ended
		}
		if up(rdb, ended) {
			t.Cleanup(func() { _ = rdb.Close(); kill() })
			return rdb, addr, kill
		}
		_ = rdb.Close()
		kill()
	}
	t.Fatal("redis-server does not start")
	return nil, "", nil
}

func up(rdb *redis.Client, ended <-chan struct{}) bool {
	every := time.NewTicker(10 * time.Millisecond)
	defer every.Stop()
	limit := time.After(20 * time.Second)
	for rdb.Ping(context.Background()).Err() != nil {
		select {
		case <-ended:
			return false
		case <-limit:
			return false
		case <-every.C:
		}
	}
	return true
}

// until polls f until it returns true.
func until(t *testing.T, what string, f func() bool) {
	t.Helper()
	every := time.NewTicker(5 * time.Millisecond)
	defer every.Stop()
	limit := time.After(20 * time.Second)
	for !f() {
		select {
		case <-limit:
			t.Fatalf("never: %s", what)
		case <-every.C:
		}
	}
}

// process is another OS process that plays a role.
type process struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
}

func start(t *testing.T, role, addr string, env ...string) *process {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(append(os.Environ(), roleEnv+"="+role, addrEnv+"="+addr), env...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return &process{cmd, bufio.NewScanner(out)}
}

// line returns the next line that the process prints, "" at the end.
func (p *process) line() string {
	if !p.lines.Scan() {
		return ""
	}
	return strings.TrimSpace(p.lines.Text())
}

// kill ends the process without a word, as kill -9 does.
func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := p.cmd.Wait(); !errors.As(err, &exit) {
		t.Fatalf("killed: %v", err)
	}
}
