package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/jumio/jumiotest"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// What the demo does.
const (
	demoVerifications = 30
	demoRate          = 6
	demoBurst         = 2
	demoTakeover      = 2 * time.Second
)

// demo plays a day in a few seconds: a fake vendor, Redis and NATS, one receiver and three workers as processes of their
// own, one of which is killed in the middle.
func demo(ctx context.Context, level slog.Level, out, logs io.Writer) error {
	if level == slog.LevelInfo {
		level = slog.LevelWarn // what was worked off is told at the end
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	dir, err := os.MkdirTemp("", "fleet")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	redis, err := startRedis(dir, "")
	if err != nil {
		return err
	}
	defer redis.kill()
	queue, err := startNATS(dir, "")
	if err != nil {
		return err
	}
	defer queue.kill()
	vendor := jumiotest.NewServer(jumiotest.CallbackRetries(slices.Repeat([]time.Duration{200 * time.Millisecond}, 50)...))
	defer vendor.Close()
	crew := &crew{redis: redis.addr, nats: queue.addr, env: vendorEnv(vendor.Config()), logs: logs}
	defer crew.dismiss()

	receiver, err := crew.start("receiver", "-listen", "127.0.0.1:0", "-log", level.String())
	if err != nil {
		return err
	}
	address, err := receiver.word("notices at ")
	if err != nil {
		return err
	}
	var workers []*member
	for _, name := range []string{"ann", "ben", "cem"} {
		w, err := crew.start("worker", "-name", name, "-parallel", "2", "-rate", fmt.Sprint(demoRate), "-burst", fmt.Sprint(demoBurst),
			"-lease", demoTakeover.String(), "-ack-wait", demoTakeover.String(), "-log", level.String())
		if err != nil {
			return err
		}
		workers = append(workers, w)
	}

	client, err := jumio.NewClient(vendor.Config(), kyc.WithLimiter(unlimited{}))
	if err != nil {
		return err
	}
	outcomes := []jumio.DecisionType{jumio.DecisionPassed, jumio.DecisionWarning, jumio.DecisionRejected}
	var refs []kyc.Ref
	began := time.Now()
	for i := range demoVerifications {
		vendor.Script(jumiotest.Outcome(outcomes[i%len(outcomes)]))
		session, err := client.Start(ctx, kyc.StartRequest{Reference: fmt.Sprintf("onboarding-%02d", i+1), NotifyURL: address})
		if err != nil {
			return err
		}
		if !vendor.CompleteJourney(session.Ref) {
			return errors.New("the fake vendor does not know the session")
		}
		refs = append(refs, session.Ref)
	}
	fmt.Fprintf(out, "%d people are through; the vendor sends its notices to %s\n", len(refs), address)

	rdb := dialRedis(redis.addr)
	defer func() { _ = rdb.Close() }()
	book := &ledger{rdb}
	killed := false
	every := time.NewTicker(50 * time.Millisecond)
	defer every.Stop()
	for {
		history, err := book.history(ctx)
		if err != nil {
			return err
		}
		if !killed && len(history) >= demoVerifications/3 {
			killed = true
			workers[0].kill()
			fmt.Fprintf(out, "%d are worked off; ann is killed in the middle of her work\n", len(history))
		}
		if len(history) >= len(refs) {
			return summary(out, history, refs, time.Since(began), vendor.Count("Token.Create"))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d of %d are worked off: %w", len(history), len(refs), ctx.Err())
		case <-every.C:
		}
	}
}

// summary prints who did what, and fails where something was lost or done twice.
func summary(out io.Writer, history []string, refs []kyc.Ref, took time.Duration, tokens int) error {
	times := make(map[string]int)
	by := make(map[string]map[string]int)
	for _, line := range history {
		words := strings.Fields(line)
		if len(words) != 3 {
			return errors.New("a line of the history is broken")
		}
		ref, decision, worker := words[0], words[1], words[2]
		times[ref]++
		if by[worker] == nil {
			by[worker] = make(map[string]int)
		}
		by[worker][decision]++
	}
	for _, worker := range slices.Sorted(maps.Keys(by)) {
		fmt.Fprintf(out, "%s:", worker)
		for _, decision := range slices.Sorted(maps.Keys(by[worker])) {
			fmt.Fprintf(out, " %d %s", by[worker][decision], decision)
		}
		fmt.Fprintln(out)
	}
	for _, ref := range refs {
		if times[ref.String()] != 1 {
			return fmt.Errorf("a verification was acted on %d times", times[ref.String()])
		}
	}
	fmt.Fprintf(out, "%d of %d were acted on, each once, in %.1f s at no more than %d calls a second with %d token(s) in all\n",
		len(history), len(refs), took.Seconds(), demoRate, tokens)
	return nil
}

// unlimited lets the demo's own client start sessions as fast as the fake answers.
type unlimited struct{}

// Wait implements [kyc.Limiter].
func (unlimited) Wait(context.Context) error { return nil }

// vendorEnv is the environment that leads workers to a fake vendor, with a token key of its own.
func vendorEnv(cfg jumio.Config) []string {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	endpoints, _ := json.Marshal(cfg.Endpoints)
	return []string{
		"FLEET_TOKEN_KEY=" + hex.EncodeToString(key), "JUMIO_CLIENT_ID=" + cfg.ClientID, "JUMIO_CLIENT_SECRET=" + cfg.ClientSecret.Reveal(),
		"JUMIO_ENDPOINTS=" + string(endpoints),
	}
}

// crew starts this program again in other roles.
type crew struct {
	redis, nats string
	env         []string
	logs        io.Writer
	members     []*member
}

// member is a process of the crew.
type member struct {
	cmd   *exec.Cmd
	lines *bufio.Scanner
}

func (c *crew) start(role string, args ...string) (*member, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	m := &member{cmd: exec.Command(self, append([]string{"-role", role, "-redis", c.redis, "-nats", c.nats}, args...)...)}
	m.cmd.Env = append(os.Environ(), c.env...)
	m.cmd.Stderr = c.logs
	out, err := m.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	m.lines = bufio.NewScanner(out)
	if err := m.cmd.Start(); err != nil {
		return nil, err
	}
	c.members = append(c.members, m)
	return m, nil
}

// word returns what follows prefix in the next line that the process prints.
func (m *member) word(prefix string) (string, error) {
	if !m.lines.Scan() {
		return "", errors.New("the process ended without a word")
	}
	rest, ok := strings.CutPrefix(m.lines.Text(), prefix)
	if !ok {
		return "", errors.New("the process prints something else")
	}
	return rest, nil
}

// kill ends the process as kill -9 does.
func (m *member) kill() {
	_ = m.cmd.Process.Kill()
	_ = m.cmd.Wait()
}

// stop asks the process to end, and waits for it.
func (m *member) stop() error {
	_ = m.cmd.Process.Signal(os.Interrupt)
	return m.cmd.Wait()
}

func (c *crew) dismiss() {
	for _, m := range c.members {
		if m.cmd.ProcessState == nil {
			m.kill()
		}
	}
}
