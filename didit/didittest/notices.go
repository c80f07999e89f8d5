package didittest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// The vendor waits five seconds for an answer and sends a notice twice more.
const deliveryTimeout = 5 * time.Second

var retryWaits = []time.Duration{time.Minute, 4 * time.Minute}

// Delivery is what became of a notice.
type Delivery struct {
	// Type and Session say what it was about.
	Type    didit.EventType
	Session string
	// Statuses are the answers to its attempts, 0 for none.
	Statuses []int
	// Delivered is set when the receiver took it, Done when no attempt follows.
	Delivered bool
	Done      bool
}

// poster sends notices. Unlike that of other vendors its body changes with each attempt: the time stamp inside is new.
type poster struct {
	s      *Server
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

func newPoster(s *Server) *poster {
	p := &poster{s: s}
	p.idle = sync.NewCond(&p.mu)
	p.ctx, p.cancel = context.WithCancel(context.Background())
	p.client = &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return p
}

func (p *poster) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.cancel()
	p.work.Wait()
}

// Deliveries lists the notices in the order of their events.
func (s *Server) Deliveries() []Delivery {
	s.poster.mu.Lock()
	defer s.poster.mu.Unlock()
	out := make([]Delivery, len(s.poster.deliveries))
	for i, d := range s.poster.deliveries {
		out[i] = *d
		out[i].Statuses = append([]int(nil), d.Statuses...)
	}
	return out
}

// WaitWebhooks returns when no notice is under way, repeats included.
func (s *Server) WaitWebhooks() {
	p := s.poster
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.pending > 0 {
		p.idle.Wait()
	}
}

// notify sends a notice about a session as it stands; the caller holds Server.mu.
func (s *Server) notify(x *session, event didit.EventType, trigger string) {
	if s.cfg.hookURL == "" && s.cfg.hook == nil {
		return
	}
	now := s.cfg.clock()
	n := didit.SessionNotice{
		EventID: s.srv.IDs().UUID(), WebhookType: string(event), CreatedAt: new(now.Unix()), ApplicationID: Application, Environment: didit.EnvironmentLive,
		SessionID: x.id, Status: x.status, WorkflowID: x.workflow, WorkflowVersion: new(int64(1)), VendorData: x.vendorData, Metadata: x.metadata,
		Trigger: trigger, ResubmitInfo: x.lastResubmitted,
	}
	if s.cfg.sandbox {
		n.Environment = didit.EnvironmentSandbox
	}
	if x.kind == didit.SessionKindBusiness {
		n.SessionKind, n.BusinessSessionID, n.VendorBusinessID = x.kind, x.id, x.vendorData
	}
	switch x.status {
	case didit.StatusApproved, didit.StatusDeclined, didit.StatusInReview, didit.StatusAbandoned:
		d := s.render(x, false)
		n.Decision = &d
	}
	d := &Delivery{Type: event, Session: x.id}
	s.poster.post(n, d)
}

func (p *poster) post(n didit.SessionNotice, d *Delivery) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return
	}
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

func (p *poster) deliver(n didit.SessionNotice, d *Delivery) {
	for i := 0; ; i++ {
		if i > 0 && p.s.cfg.moving {
			n.EventID = p.s.srv.IDs().UUID()
		}
		status := p.attempt(n)
		delivered := status/100 == 2
		again := !delivered && i < len(retryWaits) && (status == 0 || status == http.StatusNotFound || status >= 500)
		p.mu.Lock()
		d.Statuses = append(d.Statuses, status)
		d.Delivered, d.Done = delivered, !again
		p.mu.Unlock()
		if !again {
			return
		}
		timer := time.NewTimer(retryWaits[i])
		select {
		case <-timer.C:
		case <-p.ctx.Done():
			timer.Stop()
			p.mu.Lock()
			d.Done = true
			p.mu.Unlock()
			return
		}
	}
}

// attempt sends a notice once and returns the answer's status, 0 for none.
func (p *poster) attempt(n didit.SessionNotice) int {
	now := p.s.cfg.clock()
	n.Timestamp = new(now.Unix())
	body, err := kyc.Marshal(n)
	if err != nil {
		panic(err)
	}
	header := didit.SignWebhook(webhookSecret, body, now)
	for signature, name := range map[didit.Signature]string{
		didit.SignatureV2: "X-Signature-V2", didit.SignatureRaw: "X-Signature", didit.SignatureSimple: "X-Signature-Simple",
	} {
		if p.s.cfg.signatures&signature == 0 {
			header.Del(name)
		}
	}
	ctx, cancel := context.WithTimeout(p.ctx, deliveryTimeout)
	defer cancel()
	target := p.s.cfg.hookURL
	if target == "" {
		target = "https://webhook.invalid/"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return 0
	}
	req.Header = header
	if p.s.cfg.hook != nil {
		return p.direct(ctx, req)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10))
	_ = resp.Body.Close()
	return resp.StatusCode
}

// direct calls the handler without a connection. Like a server it closes only when the handler has returned.
func (p *poster) direct(ctx context.Context, req *http.Request) int {
	answer := make(chan int, 1)
	p.work.Go(func() {
		w := httptest.NewRecorder()
		p.s.cfg.hook.ServeHTTP(w, req)
		answer <- w.Code
	})
	select {
	case status := <-answer:
		return status
	case <-ctx.Done():
		return 0
	}
}

// Notice signs a body as the vendor would at the server's time, for a test of
// a handler: a webhook of any event, or one that should be refused.
func (s *Server) Notice(body []byte) http.Header {
	return didit.SignWebhook(webhookSecret, body, s.cfg.clock())
}
