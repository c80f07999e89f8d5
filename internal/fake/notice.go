package fake

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"sync"
	"time"
)

// Notice is what a vendor posts to the caller's URL.
type Notice struct {
	// ID names the notice in Deliveries.
	ID     string
	URL    string
	Header http.Header
	Body   []byte
	// Prepare sets the headers that belong to one attempt, as a time stamp and a signature; it may be nil. Attempts
	// count from 1.
	Prepare func(attempt int, now time.Time, h http.Header)
}

// Attempt is one try to deliver a notice.
type Attempt struct {
	At     time.Time
	Status int // 0: no answer
	Err    error
}

// Delivery is what became of a notice.
type Delivery struct {
	ID       string
	Attempts []Attempt
	// Delivered is set when the receiver accepted it, Done when no attempt will follow.
	Delivered bool
	Done      bool
}

// PosterConfig describes how a vendor posts its notices.
type PosterConfig struct {
	// Client posts; nil: one without proxy and kept connections. Redirects are not followed.
	Client *http.Client
	// Schedule are the waits in front of the second, third ... attempt; empty: one attempt only.
	Schedule []time.Duration
	// Timeout bounds one attempt; 0: 10 s.
	Timeout time.Duration
	// Accept tells which status ends the delivery with success; nil: 2xx.
	Accept func(status int) bool
	// Retry tells whether an attempt that was not accepted is repeated; nil: always. A status of 0 is no answer.
	Retry func(status int) bool
	Clock func() time.Time
	// Sleep waits between attempts; nil: the runtime's clock, which testing/synctest moves.
	Sleep func(ctx context.Context, d time.Duration) error
}

// Poster posts notices in the background.
type Poster struct {
	cfg    PosterConfig
	client *http.Client
	ctx    context.Context
	cancel context.CancelFunc
	work   sync.WaitGroup

	mu         sync.Mutex
	idle       *sync.Cond // pending has become 0
	pending    int
	closed     bool
	deliveries []*Delivery
}

// NewPoster returns a poster. Close it, or hand its Close to Server.OnClose.
func NewPoster(cfg PosterConfig) *Poster {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.Sleep == nil {
		cfg.Sleep = sleep
	}
	if cfg.Accept == nil {
		cfg.Accept = func(status int) bool { return status/100 == 2 }
	}
	if cfg.Retry == nil {
		cfg.Retry = func(int) bool { return true }
	}
	cfg.Timeout = orDefault(cfg.Timeout, 10*time.Second)
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	if cfg.Client != nil {
		c := *cfg.Client
		client = &c
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	ctx, cancel := context.WithCancel(context.Background())
	p := &Poster{cfg: cfg, client: client, ctx: ctx, cancel: cancel}
	p.idle = sync.NewCond(&p.mu)
	return p
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Post delivers a notice in the background, attempt after attempt. After Close it does nothing.
func (p *Poster) Post(n Notice) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
	d := &Delivery{ID: n.ID}
	p.deliveries = append(p.deliveries, d)
	p.pending++
	p.work.Go(func() {
		p.deliver(n, d)
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.pending--; p.pending == 0 {
			p.idle.Broadcast()
		}
	})
}

// Wait returns when no notice is under way.
func (p *Poster) Wait() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.pending > 0 {
		p.idle.Wait()
	}
}

// Close gives up what is under way and returns when the poster's goroutines have ended.
func (p *Poster) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.cancel()
	p.work.Wait()
	p.client.CloseIdleConnections()
}

// Deliveries lists the notices in the order in which they were posted.
func (p *Poster) Deliveries() []Delivery {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := make([]Delivery, len(p.deliveries))
	for i, d := range p.deliveries {
		out[i] = *d
		out[i].Attempts = append([]Attempt(nil), d.Attempts...)
	}
	return out
}

func (p *Poster) deliver(n Notice, d *Delivery) {
	for i := 0; ; i++ {
		a := Attempt{At: p.cfg.Clock()}
		a.Status, a.Err = p.attempt(n, i+1, a.At)
		accepted := a.Err == nil && p.cfg.Accept(a.Status)
		last := accepted || i >= len(p.cfg.Schedule) || p.ctx.Err() != nil || !p.cfg.Retry(a.Status)
		p.mu.Lock()
		d.Attempts = append(d.Attempts, a)
		d.Delivered, d.Done = accepted, last
		p.mu.Unlock()
		if last {
			return
		}
		if p.cfg.Sleep(p.ctx, p.cfg.Schedule[i]) != nil {
			p.mu.Lock()
			d.Done = true
			p.mu.Unlock()
			return
		}
	}
}

func (p *Poster) attempt(n Notice, attempt int, now time.Time) (int, error) {
	ctx, cancel := context.WithTimeout(p.ctx, p.cfg.Timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, n.URL, bytes.NewReader(n.Body))
	if err != nil {
		return 0, err
	}
	maps.Copy(req.Header, n.Header.Clone())
	if n.Prepare != nil {
		n.Prepare(attempt, now, req.Header)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return 0, err
	}
	// read to the end so that the receiver's handler is not cut off; what it says does not matter
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	return resp.StatusCode, resp.Body.Close()
}
