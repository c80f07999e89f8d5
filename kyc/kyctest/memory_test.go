package kyctest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const memoryVendor kyc.Vendor = "memory"

const (
	memoryToken = "TOKEN-4711-SECRET"
	memoryName  = "Erika Mustermann"
)

// memory is a vendor, its fake and its Provider in one, without a network. What is in flaws is done wrong.
type memory struct {
	flaw  string
	setup Setup

	mu       sync.Mutex
	sessions map[string]string // id to word
	creates  int
	requests int
	faults   []*memoryFault
	closed   chan struct{}
}

type memoryFault struct {
	n, seen int
	fault   Fault
}

func (m *memory) Provider() kyc.Provider {
	if m.flaw == "prints its token" {
		return chatty{m, memoryToken}
	}
	return memoryProvider{m}
}

// chatty shows its token when it is printed.
type chatty struct {
	kyc.Provider
	Token string
}

func (m *memory) Vendor() kyc.Vendor { return memoryVendor }

// memoryProvider prints nothing of what it points to.
type memoryProvider struct{ *memory }

func (memoryProvider) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("memory")) }

func (m *memory) Creates() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.creates
}

func (m *memory) Requests() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.requests
}

func (m *memory) Inject(n int, f Fault) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.faults = append(m.faults, &memoryFault{n: n, fault: f})
}

func (m *memory) Secrets() []string { return []string{memoryToken, memoryName} }
func (m *memory) Close()            { close(m.closed) }

func (m *memory) Complete(_ context.Context, ref kyc.Ref) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, ok := m.sessions[ref.Session]; !ok {
		return errors.New("no such session")
	}
	word := map[kyc.Decision]string{kyc.Approved: "yes", kyc.Declined: "no"}[m.setup.Outcome]
	if m.setup.Word != "" {
		word = m.setup.Word
	}
	m.sessions[ref.Session] = word
	return nil
}

func (m *memory) next() Fault {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.requests++
	fault := NoFault
	for _, f := range m.faults {
		if f.seen++; f.n == 0 || f.n == f.seen {
			fault = f.fault
		}
	}
	return fault
}

// request is one exchange with the vendor.
func (m *memory) request(ctx context.Context, process func() (any, error)) ([]byte, error) {
	fail := func(kind, cause error, attempts int) error {
		return &kyc.Error{Vendor: memoryVendor, Operation: "request", Kind: kind, Err: cause, Attempts: attempts}
	}
	if m.flaw == "ignores the context" {
		ctx = context.Background()
	}
	if ctx.Err() != nil {
		return nil, fail(nil, ctx.Err(), 0)
	}
	fault := m.next()
	switch fault {
	case Throttle, ThrottleRetryAfter, ThrottleLong:
		err := fail(kyc.ErrRateLimited, nil, 1).(*kyc.Error)
		err.StatusCode = 429
		if fault == ThrottleLong && m.flaw != "forgets RetryAfter" {
			err.RetryAfter = time.Hour
		}
		return nil, err
	case ServerError, BadGatewayHTML, Reset, Unavailable:
		return nil, fail(kyc.ErrUnavailable, nil, 1)
	case EmptyNotFound:
		return nil, fail(kyc.ErrNotFound, nil, 1)
	case StaleToken:
		return nil, fail(kyc.ErrUnauthorized, nil, 1)
	case Hang:
		timer := time.NewTimer(kyc.NewSettings(m.setup.Options...).AttemptTimeout)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return nil, fail(nil, ctx.Err(), 1)
		case <-m.closed:
		case <-timer.C:
		}
		return nil, fail(kyc.ErrUnavailable, nil, 1)
	}
	v, err := process()
	if err != nil {
		return nil, err
	}
	switch fault {
	case ResetAfterRead:
		return nil, fail(kyc.ErrUnavailable, nil, 1)
	case Truncate, InvalidJSON, DuplicateMember, InvalidUTF8, OversizedBody:
		if m.flaw == "wrong class" {
			return nil, fail(kyc.ErrForbidden, nil, 1)
		}
		if m.flaw == "tells the token" {
			return nil, fmt.Errorf("broken answer to %s: %w", memoryToken, kyc.ErrMalformed)
		}
		return nil, fail(kyc.ErrMalformed, nil, 1)
	}
	return json.Marshal(v)
}

func (m *memory) Start(ctx context.Context, req kyc.StartRequest) (*kyc.Session, error) {
	if err := req.Validate(memoryVendor); err != nil {
		return nil, err
	}
	create := func() (any, error) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.creates++
		id := fmt.Sprint("s", m.creates)
		m.sessions[id] = ""
		return map[string]string{"id": id, "token": memoryToken}, nil
	}
	raw, err := m.request(ctx, create)
	switch {
	case err != nil && m.flaw == "creates twice" && errors.Is(err, kyc.ErrUnavailable):
		raw, err = m.request(ctx, create)
	case err != nil && m.flaw == "denies the create" && errors.Is(err, kyc.ErrUnavailable):
		return nil, &kyc.Error{Vendor: memoryVendor, Kind: kyc.ErrUnavailable, Err: kyc.ErrNotSent, Attempts: 1}
	case err == nil && m.flaw == "leaves a goroutine":
		go func() { select {} }()
	}
	if err != nil {
		return nil, err
	}
	var answer struct{ ID string }
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, err
	}
	if settings := kyc.NewSettings(m.setup.Options...); m.flaw == "logs the token" && settings.Logger != nil {
		settings.Logger.Info("started", "token", memoryToken)
	}
	return &kyc.Session{Ref: kyc.Ref{Vendor: memoryVendor, Session: answer.ID}, Token: memoryToken, Raw: raw}, nil
}

func (m *memory) Fetch(ctx context.Context, ref kyc.Ref) (*kyc.Result, error) {
	if (ref.Vendor != memoryVendor || ref.Session == "") && m.flaw != "takes any Ref" {
		return nil, kyc.Invalid(memoryVendor, "fetch", "the Ref is not of this vendor")
	}
	raw, err := m.request(ctx, func() (any, error) {
		m.mu.Lock()
		defer m.mu.Unlock()
		word, ok := m.sessions[ref.Session]
		if !ok {
			return nil, &kyc.Error{Vendor: memoryVendor, Kind: kyc.ErrNotFound, StatusCode: 404, Attempts: 1}
		}
		if word == "" {
			return map[string]string{"id": ref.Session, "state": "open"}, nil
		}
		return map[string]string{"id": ref.Session, "state": "done", "word": word, "name": memoryName}, nil
	})
	if err != nil && m.flaw == "a result beside an error" {
		return &kyc.Result{}, err
	}
	if err != nil {
		return nil, err
	}
	r, err := m.parse(raw)
	if err == nil && m.flaw == "another result when fetched" {
		r.CompletedAt = time.Now()
	}
	return r, err
}

func (m *memory) Delete(ctx context.Context, ref kyc.Ref) error {
	if ref.Vendor != memoryVendor || ref.Session == "" {
		return kyc.Invalid(memoryVendor, "delete", "the Ref is not of this vendor")
	}
	_, err := m.request(ctx, func() (any, error) {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.sessions, ref.Session)
		return nil, nil
	})
	return err
}

func (m *memory) parse(raw []byte) (*kyc.Result, error) {
	var v struct {
		ID    string `json:"id"`
		State string `json:"state"`
		Word  string `json:"word"`
		Name  string `json:"name"`
	}
	if err := kyc.Unmarshal(raw, &v); err != nil {
		return nil, kyc.Malformed(memoryVendor, "parse", "broken", err)
	}
	r := &kyc.Result{Ref: kyc.Ref{Vendor: memoryVendor, Session: v.ID}, Status: v.State, Raw: raw}
	if v.Name != "" {
		r.Person = &kyc.Person{FullName: v.Name}
	}
	if v.State == "open" {
		r.Decision = kyc.Pending
		r.Cite("/state", "state", true)
		return r, nil
	}
	decision, known := map[string]kyc.Decision{"yes": kyc.Approved, "no": kyc.Declined}[v.Word]
	if !known && m.flaw == "approves unknown words" {
		decision = kyc.Approved
	}
	r.Decision = decision
	if m.flaw == "cites what is not there" {
		r.Evidence = append(r.Evidence, kyc.Evidence{Pointer: "/verdict", Value: json.RawMessage(`"yes"`), Rule: "x", Deciding: true})
	}
	if m.flaw != "names no evidence" {
		r.Cite("/word", "word", true)
	}
	return r, nil
}

func memorySubject(flaw string) Subject {
	parser := &memory{flaw: flaw}
	return Subject{
		Vendor: memoryVendor, Outcomes: []kyc.Decision{kyc.Approved, kyc.Declined}, Words: []string{"yes"},
		New: func(setup Setup) (Fake, error) {
			return &memory{flaw: flaw, setup: setup, sessions: map[string]string{}, closed: make(chan struct{})}, nil
		},
		ParseResult: parser.parse,
	}
}
