package faults

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

var update = flag.Bool("update", false, "write MATRIX.md")

// cell is what a call ended in.
type cell struct {
	want
	elapsed time.Duration
}

// String writes the class of the outcome and the requests: "unavailable 4", or "unavailable 0/4" where 4 were sent and
// none arrived.
func (c cell) String() string {
	text := c.kind + " " + strconv.Itoa(c.seen)
	if c.sent != c.seen {
		text += "/" + strconv.Itoa(c.sent)
	}
	if c.foreign > 0 {
		text += " +" + strconv.Itoa(c.foreign) + " elsewhere"
	}
	return text
}

const notApplicable = "–"

var today = time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)

// Every operation meets every fault.
func TestMatrix(t *testing.T) {
	ops, rows := operations(), faults()
	cells := make(map[*operation][]string, len(ops))
	for _, op := range ops {
		cells[op] = make([]string, len(rows))
	}
	first := firstOfTheirKind(ops)
	t.Run("all", func(t *testing.T) {
		for number, op := range ops {
			mine := cells[op]
			t.Run(string(op.vendor)+"/"+op.name, func(t *testing.T) {
				t.Parallel()
				for i, f := range rows {
					mine[i] = "FAILED"
					if f.applies != nil && !f.applies(op) {
						mine[i] = notApplicable
						continue
					}
					if raceEnabled && !first[op] && (i+number)%raceSample != 0 {
						continue
					}
					t.Run(f.name, func(t *testing.T) { mine[i] = meet(t, op, f).String() })
				}
			})
		}
	})
	if raceEnabled {
		return // it saw a part only
	}
	got := render(ops, rows, cells)
	if *update {
		if err := os.WriteFile("MATRIX.md", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile("MATRIX.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" && !t.Failed() {
		t.Errorf("MATRIX.md is out of date (-file +now), go test ./internal/faults -update writes it:\n%s", diff)
	}
}

// raceSample is every how many meetings the race detector sees of an operation that goes the same way as another one.
const raceSample = 12

// firstOfTheirKind picks one operation of each vendor for each way through the code.
func firstOfTheirKind(ops []*operation) map[*operation]bool {
	type kind struct {
		vendor kyc.Vendor
		class  class
		output output
		traits trait
		tokens bool
		token  bool
	}
	seen, first := map[kind]bool{}, map[*operation]bool{}
	for _, op := range ops {
		k := kind{op.vendor, op.class, op.output, op.traits, op.tokens, op.token}
		first[op] = !seen[k]
		seen[k] = true
	}
	return first
}

// meet lets one operation meet one fault and checks all that is promised.
func meet(t *testing.T, op *operation, f *fault) (got cell) {
	t.Helper()
	leaves := op.good.leaves()
	synctest.Test(t, func(t *testing.T) {
		report := func(format string, args ...any) {
			t.Helper()
			t.Errorf(format, args...)
		}
		// The bubble's clock begins in the year 2000, which some headers take for a number of seconds.
		<-time.After(time.Until(today))
		before, _ := bubble()
		w := newWire(t, op, f)
		var records lockedBuffer
		var observed []error
		options := append([]kyc.Option{
			kyc.WithHTTPClient(w.client()), kyc.WithLimiter(kyc.NewLimiter(1e6, 1e6)),
			kyc.WithLogger(slog.New(slog.NewJSONHandler(&records, &slog.HandlerOptions{Level: slog.LevelDebug}))),
			kyc.WithObserver(func(_ context.Context, o kyc.Observation) {
				if o.Err != nil {
					w.mu.Lock()
					defer w.mu.Unlock()
					observed = append(observed, o.Err)
				}
			}),
		}, f.options...)
		client, err := op.client(options...)
		if err != nil {
			t.Fatal(err)
		}
		// A good call first fetches the token, or leaves a connection behind.
		if f.kept || usesToken(op) && !f.cold || op.method == "" && !op.token {
			if err := op.call(t.Context(), client, options...); err != nil {
				t.Fatalf("%s: the good call failed: %v", op, err)
			}
			op.method = w.seen[0].method
		}
		w.arm()
		ctx, cancel := t.Context(), context.CancelFunc(func() {})
		if f.context != nil {
			ctx, cancel = f.context(ctx)
		}
		start := time.Now()
		err = op.call(ctx, client, options...)
		got = w.outcome(err)
		got.elapsed = time.Since(start)
		cancel()

		w.check(report, f, got)
		w.verdict(report, f, err)
		if op.token || f.onToken != nil {
			// The request for a token serves everybody, so it goes on without the caller until its own end.
			<-time.After(time.Minute)
		}
		if open := w.quiet(); open != 0 {
			report("%d connections stay open", open)
		}
		if after, stacks := bubble(); after > before {
			report("%d goroutines stay:\n%s", after-before, stacks)
		}
		forbidden := append(slices.Clone(leaves), w.secrets...)
		told(report, err, forbidden)
		for i, o := range observed {
			if i == 0 || o.Error() != observed[i-1].Error() {
				told(report, o, forbidden)
			}
		}
		silent(report, "the log", records.String(), forbidden)
	})
	return got
}

var stackBuffers = sync.Pool{New: func() any {
	buf := make([]byte, 256<<10)
	return &buf
}}

// bubble counts the goroutines of the caller's bubble. runtime.NumGoroutine also counts some of the runtime's own.
func bubble() (n int, stacks string) {
	buf := stackBuffers.Get().(*[]byte)
	defer stackBuffers.Put(buf)
	text := (*buf)[:runtime.Stack(*buf, true)]
	own, _, _ := bytes.Cut(text, []byte("\n"))
	i := bytes.Index(own, []byte("synctest bubble "))
	if i < 0 {
		return 0, "not in a bubble"
	}
	return bytes.Count(text, own[i:]), string(text)
}

// outcome puts an error and what the server saw into a cell.
func (w *wire) outcome(err error) cell {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := cell{want: want{kind: kindOf(err), seen: len(w.seen), foreign: w.foreign}}
	c.sent = c.seen
	var e *kyc.Error
	if errors.As(err, &e) {
		c.sent = e.Attempts
		if (e.Operation == "oauth2.token") != w.op.token || e.Attempts == 0 || c.kind == canceled {
			// It is another operation's count, or none.
			c.sent = c.seen
		}
	}
	return c
}

// kindOf names the one class that an error matches.
func kindOf(err error) string {
	if err == nil {
		return fine
	}
	var kinds []string
	for _, s := range []error{
		kyc.ErrNotFound, kyc.ErrUnauthorized, kyc.ErrForbidden, kyc.ErrInvalid, kyc.ErrConflict, kyc.ErrRateLimited, kyc.ErrUnavailable,
		kyc.ErrMalformed, context.Canceled, context.DeadlineExceeded,
	} {
		if errors.Is(err, s) {
			kinds = append(kinds, s.Error())
		}
	}
	if len(kinds) == 0 {
		return "NO CLASS"
	}
	return strings.Join(kinds, " AND ")
}

// check holds a cell against the promises.
func (w *wire) check(report func(string, ...any), f *fault, got cell) {
	w.mu.Lock()
	defer w.mu.Unlock()
	expected := f.want(w.op)
	if expected.sent == 0 {
		expected.sent = expected.seen
	}
	if expected.kind == fine {
		expected.sent = got.sent // a success does not tell
	}
	if diff := cmp.Diff(expected, got.want, cmp.AllowUnexported(want{})); diff != "" {
		report("(-promised +got):\n%s", diff)
	}
	// The rule that costs money when it is broken.
	if w.op.class != safe && f.processed && len(w.seen) > 1 && !(got.kind == unauthorized && usesToken(w.op)) {
		report("the vendor saw a create %d times that it may have acted on", len(w.seen))
	}
	for i := 1; i < len(w.seen); i++ {
		d := w.seen[i].at.Sub(w.seen[i-1].at)
		if d < f.gap[0] || (f.gap[1] > 0 && d > f.gap[1]) {
			report("%v between two requests, want %v to %v", d, f.gap[0], f.gap[1])
		}
	}
}

// verdict holds what is said of a failed create against what happened: whether it may have been carried out.
func (w *wire) verdict(report func(string, ...any), f *fault, err error) {
	if err == nil || w.op.class == safe {
		return
	}
	uncertain, text := kyc.Uncertain(err), err.Error()
	if said := strings.Contains(text, "may have processed") || strings.Contains(text, "check whether a create took effect"); said != uncertain {
		report("uncertain: %v, the text: %s", uncertain, text)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if f.processed && len(w.seen) > 0 && !uncertain && (errors.Is(err, kyc.ErrUnavailable) || errors.Is(err, kyc.ErrMalformed) || kindOf(err) == late || kindOf(err) == canceled) {
		report("the vendor may have acted, and the error denies it: %s", text)
	}
	if len(w.seen) > 0 && errors.Is(err, kyc.ErrNotSent) && f.http2 == nil {
		report("the vendor saw the request that was not sent: %s", text)
	}
}

// lockedBuffer takes the log of goroutines at once.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// told prints an error in the ways of programs and looks for what it may not tell.
func told(report func(string, ...any), err error, forbidden []string) {
	if err == nil {
		return
	}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+"\n", err)
		fmt.Fprintf(&out, verb+"\n", struct{ Err error }{err})
	}
	fmt.Fprintln(&out, fmt.Errorf("wrapped: %w", err), errors.Join(err, err))
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Error("failed", "error", err, "wrapped", fmt.Errorf("wrapped: %w", err), slog.Group("g", "error", err))
	}
	if b, jsonErr := json.Marshal(err); jsonErr == nil {
		out.Write(b)
	}
	silent(report, "the error", out.String(), forbidden)
}

// silent looks for values in a text.
func silent(report func(string, ...any), what, text string, forbidden []string) {
	for _, v := range append(forbidden, "Wilhelmina", "Nachtigall", "PN-4711", clientID, clientSecret, tokenText, "access-token-", elsewhere) {
		if strings.Contains(text, v) {
			report("%s tells %q: %s", what, v, text)
		}
	}
}

// leaves lists the texts of a good answer.
func (r recorded) leaves() []string {
	var v any
	if json.Unmarshal(r.body(), &v) != nil {
		return nil
	}
	var all []string
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case string:
			// Words of the vendor's are no secret, and some are words of the errors too.
			if len(v) >= 8 && strings.Trim(v, "abcdefghijklmnopqrstuvwxyz_") != "" && !slices.Contains(all, v) {
				all = append(all, v)
			}
		case []any:
			for _, one := range v {
				walk(one)
			}
		case map[string]any:
			for _, one := range v {
				walk(one)
			}
		}
	}
	walk(v)
	return all
}

// quietLog takes what a server says of connections that the tests end.
func quietLog() *log.Logger { return log.New(io.Discard, "", 0) }
