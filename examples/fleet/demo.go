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
		level = slog.LevelWarn // the summary says what was processed
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	s := &stage{}
	defer s.close()
	if err := s.open(logs); err != nil {
		return err
	}
	address, workers, err := s.hire(level)
	if err != nil {
		return err
	}
	began := time.Now()
	refs, err := s.send(ctx, address)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d people are through; the vendor sends its notices to %s\n", len(refs), address)
	history, err := s.watch(ctx, len(refs), workers[0], out)
	if err != nil {
		return err
	}
	return summary(out, history, refs, time.Since(began), s.vendor.Count("Token.Create"))
}

// stage is what the demo takes place on.
type stage struct {
	dir         string
	redis, nats *child
	vendor      *jumiotest.Server
	signer      *jumio.ReferenceSigner
	crew        *crew
}

// open starts the servers and the fake vendor.
func (s *stage) open(logs io.Writer) (err error) {
	if s.dir, err = os.MkdirTemp("", "fleet"); err != nil {
		return err
	}
	if s.redis, err = startRedis(s.dir, ""); err != nil {
		return err
	}
	if s.nats, err = startNATS(s.dir, ""); err != nil {
		return err
	}
	s.vendor = jumiotest.NewServer(jumiotest.CallbackRetries(slices.Repeat([]time.Duration{200 * time.Millisecond}, 50)...))
	env, signer, err := vendorEnv(s.vendor.Config())
	s.signer = signer
	s.crew = &crew{redis: s.redis.addr, nats: s.nats.addr, env: env, logs: logs}
	return err
}

// close ends whatever was started.
func (s *stage) close() {
	if s.crew != nil {
		s.crew.dismiss()
	}
	if s.vendor != nil {
		s.vendor.Close()
	}
	for _, c := range []*child{s.nats, s.redis} {
		if c != nil {
			c.kill()
		}
	}
	_ = os.RemoveAll(s.dir)
}

// hire starts the receiver and the workers, and returns where notices go.
func (s *stage) hire(level slog.Level) (address string, workers []*member, err error) {
	receiver, err := s.crew.start("receiver", "-listen", "127.0.0.1:0", "-log", level.String())
	if err != nil {
		return "", nil, err
	}
	if address, err = receiver.word("notices at "); err != nil {
		return "", nil, err
	}
	for _, name := range []string{"ann", "ben", "cem"} {
		w, err := s.crew.start("worker", "-name", name, "-parallel", "2", "-rate", fmt.Sprint(demoRate), "-burst", fmt.Sprint(demoBurst),
			"-lease", demoTakeover.String(), "-ack-wait", demoTakeover.String(), "-log", level.String())
		if err != nil {
			return "", nil, err
		}
		workers = append(workers, w)
	}
	return address, workers, nil
}

// send sends people through, whose notices go to address.
func (s *stage) send(ctx context.Context, address string) ([]kyc.Ref, error) {
	client, err := jumio.NewClient(s.vendor.Config(), kyc.WithLimiter(unlimited{}), jumio.WithUserReferenceSigner(s.signer))
	if err != nil {
		return nil, err
	}
	outcomes := []jumio.DecisionType{jumio.DecisionPassed, jumio.DecisionWarning, jumio.DecisionRejected}
	var refs []kyc.Ref
	for i := range demoVerifications {
		s.vendor.Script(jumiotest.Outcome(outcomes[i%len(outcomes)]))
		session, err := client.Start(ctx, kyc.StartRequest{Reference: fmt.Sprintf("onboarding-%02d", i+1), NotifyURL: address})
		if err != nil {
			return nil, err
		}
		if !s.vendor.CompleteJourney(session.Ref) {
			return nil, errors.New("the fake vendor does not know the session")
		}
		refs = append(refs, session.Ref)
	}
	return refs, nil
}

// watch waits until n notices are processed, and kills the victim on the way. It returns what was done.
func (s *stage) watch(ctx context.Context, n int, victim *member, out io.Writer) ([]string, error) {
	rdb := dialRedis(s.redis.addr)
	defer func() { _ = rdb.Close() }()
	book := &ledger{rdb}
	killed := false
	every := time.NewTicker(50 * time.Millisecond)
	defer every.Stop()
	for {
		history, err := book.history(ctx)
		if err != nil {
			return nil, err
		}
		if !killed && len(history) >= n/3 {
			killed = true
			victim.kill()
			fmt.Fprintf(out, "%d are processed; ann is killed in the middle of her work\n", len(history))
		}
		if len(history) >= n {
			return history, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%d of %d are processed: %w", len(history), n, ctx.Err())
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
			return errors.New("the history has a line that cannot be read")
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

// vendorEnv is the environment that leads receivers and workers to a fake vendor, with keys of its own, and the signer of
// the references that the receivers ask for.
func vendorEnv(cfg jumio.Config) (env []string, signer *jumio.ReferenceSigner, err error) {
	tokens, references := make([]byte, 32), kyc.Secret(rand.Text())
	_, _ = rand.Read(tokens) // it never fails
	if signer, err = jumio.NewReferenceSigner(references); err != nil {
		return nil, nil, err
	}
	endpoints, err := json.Marshal(cfg.Endpoints)
	return []string{
		"FLEET_TOKEN_KEY=" + hex.EncodeToString(tokens), "FLEET_REFERENCE_KEY=" + references.Reveal(),
		"JUMIO_CLIENT_ID=" + cfg.ClientID, "JUMIO_CLIENT_SECRET=" + cfg.ClientSecret.Reveal(), "JUMIO_ENDPOINTS=" + string(endpoints),
	}, signer, err
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
