package kyc

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"
)

// ChainVendor is the Vendor of a [Chain]. Sessions and their Refs name the
// vendor that holds them, never this one.
const ChainVendor Vendor = "chain"

// DefaultChainPause is how long a [Chain] leaves a failing provider alone, and
// MaxChainPause how long it does so at most, whatever the vendor's answer asks
// for.
const (
	DefaultChainPause = time.Minute
	MaxChainPause     = 15 * time.Minute
)

// Chain is a [Provider] made of several, in order of preference. Its rules:
//
//   - Start asks the first provider that is not failing. A provider counts as
//     failing once a Start of its own has ended with [ErrUnavailable],
//     [ErrRateLimited] or [ErrUnauthorized], for Pause or, if that is longer, for
//     as long as the vendor asks to be left alone, up to [MaxChainPause]. Then the
//     next one is asked. A caller's deadline that the client's own limiter could
//     not meet says nothing about the provider: the next one is asked, but it does
//     not count as failing.
//     Every other error is returned and nobody else is asked: what is wrong with
//     the request is wrong everywhere, and [ErrForbidden], with which vendors also
//     refuse an account without credits or a key without permission, needs someone
//     to fix it rather than being hidden by a more expensive vendor. A rejected key
//     is reported to Failed.
//   - One Reference has one session. The Reference is claimed in the store before
//     any provider is asked; a Start for a Reference that has a session returns
//     that session, expired or not, and sends nothing. A Start that comes while
//     another is under way fails with an error matching [ErrConflict].
//   - If nobody knows whether the vendor processed a create (see [Uncertain]),
//     Start ends with that error. The Reference stays claimed, and every later
//     Start for it fails with an error matching [ErrConflict], until someone has
//     looked at the vendor and calls Forget. ContinueUncertain turns this off, at
//     the price of paying twice now and then.
//   - When no provider is left, the error matches [ErrUnavailable] and its
//     RetryAfter says when the first of them will be asked again.
//   - Fetch and Delete go to the vendor that the Ref names, failing or not. A Ref
//     of any other vendor is an error matching [ErrInvalid]. Delete leaves the
//     Reference claimed.
//   - A store that fails before the create ends the Start. One that fails after it
//     does not cost the session, which is returned; the Reference is then claimed
//     without a session, and a later Start for it conflicts.
//
// Failures are remembered in this process only. Set the fields before first use.
type Chain struct {
	// Prepare, if set, makes the request of each vendor that is asked: its Workflow, or a NotifyURL for those that take one.
	// The Reference must stay.
	Prepare func(vendor Vendor, req StartRequest) StartRequest
	// Pause is how long a failing provider is left alone; 0 for DefaultChainPause.
	Pause time.Duration
	// ContinueUncertain lets Start ask the next provider even though the one before may have opened a session, and lets a
	// later Start for the same Reference try again.
	ContinueUncertain bool
	// Failed, if set, is called for every Start that a provider refused or failed, for logs and metrics.
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
	// Claim takes the Reference for one Start, atomically. If it is already taken, for now or for good, Claim returns
	// what is stored and false.
	Claim(ctx context.Context, reference string) (ChainEntry, bool, error)
	// Save replaces what is stored for a claimed Reference.
	Save(ctx context.Context, reference string, entry ChainEntry) error
	// Release frees the Reference, whatever is stored for it.
	Release(ctx context.Context, reference string) error
}

// ChainEntry is what a [ChainStore] holds for a Reference. The zero value stands
// for a Start that is under way, or was when its process ended.
type ChainEntry struct {
	// Session is the Reference's session.
	Session *Session
	// Uncertain is the vendor that may have opened a session that only the vendor knows of.
	Uncertain Vendor
}

// NewChain returns a chain. It sends nothing; an error matches [ErrInvalid].
func NewChain(store ChainStore, providers ...Provider) (*Chain, error) {
	const op = "client"
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
			return nil, Invalid(ChainVendor, op, "two providers have the same vendor, so a Ref would not say which of them it belongs to")
		}
		seen[p.Vendor()] = true
	}
	return &Chain{store: store, providers: slices.Clone(providers), paused: make(map[Vendor]time.Time)}, nil
}

// Vendor returns [ChainVendor].
func (c *Chain) Vendor() Vendor { return ChainVendor }

// Start opens a session at the first provider that is not failing, or returns
// the one that the Reference has; see [Chain] for the rules.
func (c *Chain) Start(ctx context.Context, req StartRequest) (*Session, error) {
	if c.store == nil {
		return nil, Invalid(ChainVendor, "start", "the chain was not made by NewChain")
	}
	if err := req.Validate(ChainVendor); err != nil {
		return nil, err
	}
	entry, claimed, err := c.store.Claim(ctx, req.Reference)
	switch {
	case err != nil:
		return nil, storeFault("store.claim", err)
	case claimed:
	case entry.Session != nil:
		session := entry.Session.clone()
		session.Reused = true
		return session, nil
	case entry.Uncertain != "":
		return nil, &Error{Vendor: ChainVendor, Operation: "start", Kind: ErrConflict, Detail: "an earlier Start for the Reference may have opened a session at " +
			plain(string(entry.Uncertain), "a vendor") + ": look there, then call Forget"}
	default:
		return nil, &Error{Vendor: ChainVendor, Operation: "start", Kind: ErrConflict,
			Detail: "a Start for the Reference is under way, or ended without recording how: look at the vendors, then call Forget"}
	}
	session, uncertain, err := c.start(ctx, req)
	// What happened must be recorded even if the caller has left.
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

// start asks one provider after another. With an error, uncertain is the vendor that may have opened a session all the same.
func (c *Chain) start(ctx context.Context, req StartRequest) (_ *Session, uncertain Vendor, _ error) {
	var soonest time.Duration
	for _, p := range c.providers {
		vendor := p.Vendor()
		wait := c.left(vendor)
		if wait == 0 {
			session, err := c.ask(ctx, p, req)
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

// ask starts at one provider.
func (c *Chain) ask(ctx context.Context, p Provider, req StartRequest) (*Session, error) {
	if c.Prepare != nil {
		reference := req.Reference
		if req = c.Prepare(p.Vendor(), req); req.Reference != reference {
			return nil, Invalid(ChainVendor, "start", "Prepare changed the Reference")
		}
	}
	return p.Start(ctx, req)
}

// pauseAfter returns how long the provider that failed with err is left alone; 0 if it is not to blame.
func (c *Chain) pauseAfter(err error) time.Duration {
	d := c.Pause
	if d <= 0 {
		d = DefaultChainPause
	}
	if e, ok := errors.AsType[*Error](err); ok {
		if errors.Is(err, ErrRateLimited) && e.StatusCode == 0 && e.RetryAfter == 0 {
			return 0 // the client's own limiter
		}
		d = max(d, min(e.RetryAfter, MaxChainPause))
	}
	return d
}

// left returns how much longer a provider is left alone.
func (c *Chain) left(vendor Vendor) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return max(0, time.Until(c.paused[vendor]))
}

// pause leaves a provider alone for d, and returns d; 0 ends the pause.
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

// Forget frees a Reference, whatever is stored for it: the next Start for it
// opens another session.
func (c *Chain) Forget(ctx context.Context, reference string) error {
	if reference == "" {
		return Invalid(ChainVendor, "forget", "the reference is empty")
	}
	if c.store == nil {
		return Invalid(ChainVendor, "forget", "the chain was not made by NewChain")
	}
	if err := c.store.Release(ctx, reference); err != nil {
		return storeFault("store.release", err)
	}
	return nil
}

// storeFault hides what a store's driver says, except that the caller's context ended.
func storeFault(op string, err error) error {
	e := &Error{Vendor: ChainVendor, Operation: op, Kind: ErrUnavailable, Err: errors.Join(err, ErrNotSent), Detail: "the chain's store failed; no vendor was asked"}
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
	return nil, Invalid(ChainVendor, operation, "the Ref's vendor is not in the chain")
}

// Format prints the type's name only; see [FormatRedacted].
func (c *Chain) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, c) }

// LogValue logs the type's name only; see [LogRedacted].
func (c *Chain) LogValue() slog.Value { return LogRedacted(c) }

// Format prints the session's Ref only; see [FormatRedacted].
func (e ChainEntry) Format(f fmt.State, verb rune) { FormatRedacted(f, verb, e) }

// LogValue logs the session's Ref only; see [LogRedacted].
func (e ChainEntry) LogValue() slog.Value { return LogRedacted(e) }
