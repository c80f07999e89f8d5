package kyc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"
)

// ChainVendor is the Vendor of a [Chain]. Sessions and their Refs name the
// vendor that holds them, never this one.
const ChainVendor Vendor = "chain"

// DefaultChainPause is how long a [Chain] leaves a failing provider alone.
const DefaultChainPause = time.Minute

// Chain is a [Provider] made of several, in the order of preference. Its rules:
//
//   - Start asks the first provider that is not failing. One is failing for
//     Pause, or as long as the vendor asks to be left alone if that is longer,
//     after a Start of its own that ended with [ErrUnavailable],
//     [ErrRateLimited] or [ErrUnauthorized]. Then the next one is asked. Every
//     other error is returned, and nobody else is asked: what is wrong with the
//     request is wrong everywhere, and [ErrForbidden], by which vendors also refuse
//     an account without credits or a key without permission, is for somebody to
//     mend, not to be hidden by a dearer vendor. A key that is refused altogether
//     is told to Failed.
//   - One Reference has one session. Before anybody is asked the Reference is
//     claimed in the store; a Start for a Reference that has a session returns
//     that session, expired or not, and sends nothing. One that comes while
//     another is under way is an error matching [ErrConflict].
//   - A create of which nobody knows whether the vendor processed it (see
//     [Uncertain]) ends the Start with its error. The Reference stays claimed, and
//     every later Start for it is an error matching [ErrConflict], until
//     somebody has looked at the vendor and calls Forget. ContinueUncertain turns
//     this off, at the price of paying twice now and then.
//   - Where no provider is left, the error matches [ErrUnavailable] and its
//     RetryAfter says when the first of them is asked again.
//   - Fetch and Delete go to the vendor that the Ref names, failing or not. A Ref
//     of any other vendor is an error matching [ErrInvalid]. Delete leaves the
//     Reference claimed.
//   - A store that fails before the create ends the Start; one that fails after
//     it does not cost the session, which is returned: the Reference is then
//     claimed without one, and a later Start for it conflicts.
//
// Failures are remembered in this process only. Set the fields before the first
// use.
type Chain struct {
	// Pause is how long a failing provider is left alone; 0 for DefaultChainPause.
	Pause time.Duration
	// ContinueUncertain lets Start ask the next provider although the one before may have opened a session, and lets a
	// later Start for the same Reference try again.
	ContinueUncertain bool
	// Failed, if set, is told of every Start that a provider refused or failed, for logs and metrics.
	Failed func(ctx context.Context, vendor Vendor, err error)

	store     ChainStore
	providers []Provider

	mu     sync.Mutex
	paused map[Vendor]time.Time // until when
}

// ChainStore remembers which Reference has which session. Implementations are
// safe for use by many goroutines and may be shared by many processes. Sessions
// hold links and tokens, which the store must keep as secret as the caller would.
type ChainStore interface {
	// Claim takes the Reference for one Start, atomically. Where somebody has it, now or for good, it returns what is
	// stored and false.
	Claim(ctx context.Context, reference string) (ChainEntry, bool, error)
	// Save replaces what is stored for a claimed Reference.
	Save(ctx context.Context, reference string, entry ChainEntry) error
	// Release gives the Reference up, whatever is stored for it.
	Release(ctx context.Context, reference string) error
}

// ChainEntry is what a [ChainStore] holds for a Reference. The zero value stands
// for a Start that is under way, or was when its process ended.
type ChainEntry struct {
	// Session is the Reference's session.
	Session *Session
	// Uncertain is the vendor that may have opened a session of which only the vendor knows.
	Uncertain Vendor
}

// NewChain returns a chain. It sends nothing; an error matches [ErrInvalid].
func NewChain(store ChainStore, providers ...Provider) (*Chain, error) {
	const op = "new"
	if store == nil {
		return nil, Invalid(ChainVendor, op, "the store is nil")
	}
	if len(providers) == 0 {
		return nil, Invalid(ChainVendor, op, "there is no provider")
	}
	seen := map[Vendor]bool{}
	for _, p := range providers {
		switch {
		case p == nil:
			return nil, Invalid(ChainVendor, op, "a provider is nil")
		case p.Vendor() == "" || p.Vendor() == ChainVendor:
			return nil, Invalid(ChainVendor, op, "a provider has no vendor, or is a chain itself")
		case seen[p.Vendor()]:
			return nil, Invalid(ChainVendor, op, "two providers are of one vendor, so that a Ref would not say which")
		}
		seen[p.Vendor()] = true
	}
	return &Chain{store: store, providers: append([]Provider(nil), providers...), paused: make(map[Vendor]time.Time)}, nil
}

// Vendor returns [ChainVendor].
func (c *Chain) Vendor() Vendor { return ChainVendor }

// Start opens a session at the first provider that is not failing, or returns
// the one that the Reference has; see [Chain] for the rules.
func (c *Chain) Start(ctx context.Context, req StartRequest) (*Session, error) {
	if err := req.Validate(ChainVendor); err != nil {
		return nil, err
	}
	entry, claimed, err := c.store.Claim(ctx, req.Reference)
	switch {
	case err != nil:
		return nil, storeFault(err)
	case claimed:
	case entry.Session != nil:
		return entry.Session.clone(), nil
	case entry.Uncertain != "":
		return nil, &Error{Vendor: ChainVendor, Operation: "start", Kind: ErrConflict, Detail: "an earlier Start for the Reference may have opened a session at " +
			plain(string(entry.Uncertain), "a vendor") + ": look there, then call Forget"}
	default:
		return nil, &Error{Vendor: ChainVendor, Operation: "start", Kind: ErrConflict,
			Detail: "a Start for the Reference is under way, or ended without saying how: look at the vendors, then call Forget"}
	}
	session, uncertain, err := c.start(ctx, req)
	// What happened must be written down although the caller may have left.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	switch {
	case err == nil:
		_ = c.store.Save(ctx, req.Reference, ChainEntry{Session: session.clone()})
		return session, nil
	case uncertain != "":
		_ = c.store.Save(ctx, req.Reference, ChainEntry{Uncertain: uncertain})
	default:
		_ = c.store.Release(ctx, req.Reference)
	}
	return nil, err
}

const storeTimeout = 10 * time.Second

// start asks one provider after the other. uncertain is the vendor that may have opened a session beside an error.
func (c *Chain) start(ctx context.Context, req StartRequest) (_ *Session, uncertain Vendor, _ error) {
	var soonest time.Duration
	for _, p := range c.providers {
		vendor := p.Vendor()
		wait := c.left(vendor)
		if wait == 0 {
			session, err := p.Start(ctx, req)
			if err == nil && (session == nil || session.Ref.Vendor != vendor || session.Ref.Session == "") {
				err = Malformed(vendor, "start", "the provider returned no session of its vendor", nil)
			}
			if err == nil {
				c.pause(vendor, 0)
				return session, "", nil
			}
			if c.Failed != nil {
				c.Failed(ctx, vendor, err)
			}
			failing := errors.Is(err, ErrUnavailable) || errors.Is(err, ErrRateLimited) || errors.Is(err, ErrUnauthorized)
			if failing {
				wait = c.pause(vendor, c.pauseAfter(err))
			}
			switch unsure := Uncertain(err); {
			case unsure && !c.ContinueUncertain:
				return nil, vendor, err
			case !unsure && !failing, ctx.Err() != nil:
				return nil, "", err
			}
		}
		if wait > 0 && (soonest == 0 || wait < soonest) {
			soonest = wait
		}
	}
	return nil, "", &Error{Vendor: ChainVendor, Operation: "start", Kind: ErrUnavailable, RetryAfter: soonest, Detail: "every provider is failing"}
}

func (c *Chain) pauseAfter(err error) time.Duration {
	d := c.Pause
	if d <= 0 {
		d = DefaultChainPause
	}
	var e *Error
	if errors.As(err, &e) {
		d = max(d, e.RetryAfter)
	}
	return d
}

// left is how long a provider is still left alone.
func (c *Chain) left(vendor Vendor) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return max(0, time.Until(c.paused[vendor]))
}

// pause leaves a provider alone for d, not at all with 0.
func (c *Chain) pause(vendor Vendor, d time.Duration) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if d <= 0 {
		delete(c.paused, vendor)
	} else {
		c.paused[vendor] = time.Now().Add(d)
	}
	return d
}

// Forget lets the next Start for a Reference open another session, whatever was
// stored for it: this is how the chain is told to.
func (c *Chain) Forget(ctx context.Context, reference string) error {
	if reference == "" {
		return Invalid(ChainVendor, "forget", "the reference is empty")
	}
	if err := c.store.Release(ctx, reference); err != nil {
		return storeFault(err)
	}
	return nil
}

// storeFault hides what a store's driver says, except that the caller's context ended.
func storeFault(err error) error {
	e := &Error{Vendor: ChainVendor, Operation: "store", Kind: ErrUnavailable, Err: errors.Join(err, ErrNotSent), Detail: "the chain's store failed; no vendor was asked"}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		e.Kind = nil
	}
	return e
}

// Fetch reads from the vendor that holds the verification.
func (c *Chain) Fetch(ctx context.Context, ref Ref) (*Result, error) {
	p, err := c.holder("fetch", ref)
	if err != nil {
		return nil, err
	}
	return p.Fetch(ctx, ref)
}

// Delete deletes at the vendor that holds the verification.
func (c *Chain) Delete(ctx context.Context, ref Ref) error {
	p, err := c.holder("delete", ref)
	if err != nil {
		return err
	}
	return p.Delete(ctx, ref)
}

func (c *Chain) holder(operation string, ref Ref) (Provider, error) {
	for _, p := range c.providers {
		if p.Vendor() == ref.Vendor {
			return p, nil
		}
	}
	return nil, Invalid(ChainVendor, operation, "the Ref is of no vendor in the chain")
}

// Format prints the type's name only.
func (c *Chain) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "*kyc.Chain{}") }

// LogValue logs the type's name only.
func (c *Chain) LogValue() slog.Value { return slog.StringValue("*kyc.Chain{}") }

// Format prints the session's Ref only; see [FormatRedacted].
func (e ChainEntry) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, e) }

// LogValue logs the session's Ref only; see [LogRedacted].
func (e ChainEntry) LogValue() slog.Value { return LogRedacted(e) }
