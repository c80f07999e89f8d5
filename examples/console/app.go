package main

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

//go:embed templates assets
var files embed.FS

// keepChecks bounds the memory; the oldest check goes first.
const keepChecks = 200

// app is the console.
type app struct {
	ctx     context.Context // ends with the program
	base    *url.URL        // where browsers on this machine reach it
	public  *url.URL        // where vendors reach publicRoutes; nil if they cannot
	vendors []*vendor
	pace    pace
	keep    int // how many checks are kept
	log     *slog.Logger
	key     []byte // signs the forms
	pages   map[string]*template.Template
	running sync.WaitGroup

	mu       sync.Mutex
	checks   []*check // the newest last
	backends map[string]*opened
}

// opened is a backend that is in use, with the handler of its notices.
type opened struct {
	*backend
	handler http.Handler
}

func newApp(ctx context.Context, base, public *url.URL, all []*vendor, p pace, log *slog.Logger) (*app, error) {
	a := &app{ctx: ctx, base: base, public: public, vendors: all, pace: p, keep: keepChecks, log: log, key: make([]byte, 32), backends: map[string]*opened{}}
	_, _ = rand.Read(a.key) // it never fails
	var err error
	a.pages, err = parsePages()
	return a, err
}

// close waits for the checks, whose context has ended by now, and stops the fakes.
func (a *app) close() {
	a.running.Wait()
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, b := range a.backends {
		if b.close != nil {
			b.close()
		}
	}
}

func (a *app) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", a.home)
	mux.HandleFunc("POST /checks", a.form(a.start))
	mux.HandleFunc("GET /checks/{id}", a.showCheck)
	mux.HandleFunc("GET /checks/{id}/events", a.events)
	mux.HandleFunc("POST /checks/{id}/reveal", a.form(a.reveal))
	mux.HandleFunc("POST /checks/{id}/hide", a.form(a.hide))
	mux.HandleFunc("POST /checks/{id}/delete", a.form(a.remove))
	mux.HandleFunc("GET /mappings", a.mappings)
	assets, err := fs.Sub(files, "assets")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	mux.Handle("GET /assets/{file}", http.StripPrefix("/assets/", http.FileServerFS(assets)))
	// The fakes post here. Real services post to publicRoutes.
	mux.HandleFunc("POST /notices/{vendor}/{backend}", func(w http.ResponseWriter, r *http.Request) {
		a.notices(w, r, r.PathValue("backend"))
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		a.fail(w, r, http.StatusNotFound, "There is no such page.")
	})
	return a.logged(a.hardened(mux))
}

// publicRoutes are for a listener of their own, which a tunnel may lead to: they take notices of real services and have
// nothing else, whatever name they are reached by.
func (a *app) publicRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /notices/{vendor}/"+liveBackend, func(w http.ResponseWriter, r *http.Request) { a.notices(w, r, liveBackend) })
	return a.logged(mux)
}

// liveBackend is the name of the real service among a vendor's backends; fakes have numbers.
const liveBackend = "live"

// vendor returns the one with that id, or nil.
func (a *app) vendor(id string) *vendor {
	for _, v := range a.vendors {
		if string(v.ID) == id {
			return v
		}
	}
	return nil
}

// backend returns where a check of a vendor runs. Each outcome has a fake of its own, which starts when it is first used.
func (a *app) backend(v *vendor, index int) (*opened, error) {
	name, open, base := liveBackend, v.open, a.public
	if v.Live == "" {
		name, open, base = strconv.Itoa(index), v.Outcomes[index].open, a.base
	}
	key := string(v.ID) + "/" + name
	a.mu.Lock()
	defer a.mu.Unlock()
	if b := a.backends[key]; b != nil {
		return b, nil
	}
	notify := ""
	if base != nil {
		notify = base.JoinPath("notices", string(v.ID), name).String()
	}
	b, err := open(a.pace, notify)
	if err != nil {
		return nil, err
	}
	o := &opened{backend: b}
	if b.notices != nil {
		o.handler = kyc.Handler(b.notices, a.notice, kyc.WithHandlerLogger(a.log))
	}
	a.backends[key] = o
	return o, nil
}

// notices takes what vendors post.
func (a *app) notices(w http.ResponseWriter, r *http.Request, backend string) {
	a.mu.Lock()
	b := a.backends[r.PathValue("vendor")+"/"+backend]
	a.mu.Unlock()
	if b == nil && backend == liveBackend {
		// The vendor may post about what was started before this program was.
		if v := a.vendor(r.PathValue("vendor")); v != nil && v.Live != "" {
			b, _ = a.backend(v, 0)
		}
	}
	if b == nil || b.handler == nil {
		http.NotFound(w, r)
		return
	}
	b.handler.ServeHTTP(w, r)
}

func (a *app) notice(_ context.Context, e kyc.Event) error {
	a.mu.Lock()
	i := slices.IndexFunc(a.checks, func(c *check) bool { return c.Session.Ref == e.Ref })
	var c *check
	if i >= 0 {
		c = a.checks[i]
	}
	a.mu.Unlock()
	if c != nil {
		c.notice(e)
	}
	return nil
}

// order is a check that somebody asks for.
type order struct {
	owner     string
	vendor    *vendor
	index     int // of the outcome, with a fake
	workflow  string
	reference string // of an earlier press that left it open whether there is a session; else empty
}

// uncertainStart is the error of a start after which there may be a session.
type uncertainStart struct {
	reference string
	err       error
}

// Error implements error.
func (e *uncertainStart) Error() string { return e.err.Error() }

// Unwrap returns the fault.
func (e *uncertainStart) Unwrap() error { return e.err }

// begin starts a verification and follows it in the background.
func (a *app) begin(ctx context.Context, o order) (*check, error) {
	v := o.vendor
	b, err := a.backend(v, o.index)
	if err != nil {
		return nil, err
	}
	id := rand.Text()
	req := kyc.StartRequest{Reference: o.reference, Workflow: o.workflow, NotifyURL: b.notifyURL}
	if req.Reference == "" {
		req.Reference = "console-" + id[:8]
	}
	if !b.noRedirect {
		req.RedirectURL = a.base.JoinPath("checks", id).String()
	}
	session, err := b.provider.Start(ctx, req)
	if kyc.Uncertain(err) {
		return nil, &uncertainStart{req.Reference, err}
	}
	if err != nil {
		return nil, err
	}
	following, stop := context.WithCancel(a.ctx)
	c := &check{
		ID: id, Reference: req.Reference, Owner: o.owner, Vendor: v, Started: time.Now(), Session: session,
		provider: b.provider, wake: make(chan kyc.Event, 1), stop: stop, changed: make(chan struct{}),
	}
	if v.Live == "" {
		c.Outcome = v.Outcomes[o.index].Word
	}
	a.mu.Lock()
	a.checks = append(a.checks, c)
	if len(a.checks) > a.keep {
		a.checks[0].stop()
		a.checks = slices.Delete(a.checks, 0, 1)
	}
	a.mu.Unlock()
	a.running.Go(func() {
		defer stop()
		c.follow(following, b.backend, a.pace)
	})
	return c, nil
}

// find returns a check of this owner.
func (a *app) find(owner, id string) *check {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, c := range a.checks {
		if c.ID == id && c.Owner == owner {
			return c
		}
	}
	return nil
}

// owned lists the checks of an owner, the newest first.
func (a *app) owned(owner string) []*check {
	a.mu.Lock()
	defer a.mu.Unlock()
	var out []*check
	for _, c := range slices.Backward(a.checks) {
		if c.Owner == owner {
			out = append(out, c)
		}
	}
	return out
}

// forget drops a check once the vendor has deleted it, or does not know it any more.
func (a *app) forget(ctx context.Context, c *check) error {
	if err := c.provider.Delete(ctx, c.Session.Ref); err != nil && !errors.Is(err, kyc.ErrNotFound) {
		return fmt.Errorf("delete: %w", err)
	}
	c.stop()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.checks = slices.DeleteFunc(a.checks, func(other *check) bool { return other == c })
	return nil
}
