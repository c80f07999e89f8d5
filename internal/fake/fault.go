package fake

import (
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc/kyctest"
)

// FaultRule says which requests meet which fault. Each rule counts the requests it applies to on its own, from the
// moment it is injected. The first rule that fires decides.
//
// net/http repeats a GET, PUT or DELETE by itself when a kept connection drops before the answer begins; such a request
// counts twice, and a Reset that fires once may pass unseen.
type FaultRule struct {
	// Operation limits the rule to one operation; empty: all requests, those for a token too.
	Operation string
	// From and To are the first and the last request that the rule fires on, counted from 1; To 0: all that follow.
	From, To int
	// Probability below 1 makes the rule fire on that part of the requests only; 0 counts as 1.
	Probability float64
	// Seed makes the choice repeatable.
	Seed uint64
	// Faults are the faults it gives; with several, one is drawn.
	Faults []kyctest.Fault
}

// FaultAt gives the nth request, counted from 1, a fault.
func FaultAt(n int, f kyctest.Fault) FaultRule {
	return FaultRule{From: n, To: n, Faults: []kyctest.Fault{f}}
}

// FaultOn gives the nth request of an operation a fault.
func FaultOn(operation string, n int, f kyctest.Fault) FaultRule {
	return FaultRule{Operation: operation, From: n, To: n, Faults: []kyctest.Fault{f}}
}

// FaultEvery gives every request of an operation a fault; with "" every request.
func FaultEvery(operation string, f kyctest.Fault) FaultRule {
	return FaultRule{Operation: operation, From: 1, Faults: []kyctest.Fault{f}}
}

// FaultRandom gives that part of all requests one of the faults. The same seed chooses the same requests.
func FaultRandom(probability float64, seed uint64, f ...kyctest.Fault) FaultRule {
	return FaultRule{From: 1, Probability: probability, Seed: seed, Faults: f}
}

type faults struct {
	mu    sync.Mutex
	rules []*faultState
}

type faultState struct {
	FaultRule
	seen int
	rand *rand.Rand
}

func (f *faults) add(rules []FaultRule) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range rules {
		f.rules = append(f.rules, &faultState{FaultRule: r, rand: rand.New(rand.NewPCG(r.Seed, 0))})
	}
}

func (f *faults) clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rules = nil
}

func (f *faults) next(operation string) kyctest.Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	fault := kyctest.NoFault
	for _, r := range f.rules {
		// every rule counts, also behind one that has fired
		if got := r.next(operation); fault == kyctest.NoFault {
			fault = got
		}
	}
	return fault
}

func (r *faultState) next(operation string) kyctest.Fault {
	if r.Operation != "" && r.Operation != operation || len(r.Faults) == 0 {
		return kyctest.NoFault
	}
	r.seen++
	if r.seen < r.From || r.To != 0 && r.seen > r.To {
		return kyctest.NoFault
	}
	if r.Probability > 0 && r.Probability < 1 && r.rand.Float64() >= r.Probability {
		return kyctest.NoFault
	}
	if len(r.Faults) == 1 {
		return r.Faults[0]
	}
	return r.Faults[r.rand.IntN(len(r.Faults))]
}

const badGatewayPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n" +
	"<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"

// before applies the faults that keep a request from being processed; true means that the answer is ready.
func (s *Server) before(c *Call, f kyctest.Fault) bool {
	refuse := func(status int, retryAfter string) {
		s.cfg.WriteError(c, Refusal{Status: status, Rule: RuleFault, Detail: f.String()})
		c.answer.header.Del("Retry-After")
		if retryAfter != "" {
			c.answer.header.Set("Retry-After", retryAfter)
		}
	}
	switch f {
	case kyctest.Throttle:
		refuse(http.StatusTooManyRequests, "")
	case kyctest.ThrottleRetryAfter:
		refuse(http.StatusTooManyRequests, "1")
	case kyctest.ThrottleLong:
		refuse(http.StatusTooManyRequests, "3600")
	case kyctest.ServerError:
		refuse(http.StatusInternalServerError, "")
	case kyctest.Unavailable:
		refuse(http.StatusServiceUnavailable, "")
	case kyctest.BadGatewayHTML:
		c.ReplyBytes(http.StatusBadGateway, "text/html", []byte(badGatewayPage))
	case kyctest.EmptyNotFound:
		c.ReplyEmpty(http.StatusNotFound)
	case kyctest.StaleToken:
		s.stale(c)
		refuse(http.StatusUnauthorized, "")
	case kyctest.Hang:
		select {
		case <-c.Request.Context().Done():
		case <-s.done:
		}
		panic(http.ErrAbortHandler)
	default:
		return false
	}
	return true
}

func (s *Server) stale(c *Call) {
	if s.cfg.Stale != nil {
		s.cfg.Stale(c)
		return
	}
	token, _ := bearer(c.Request.Header)
	for _, t := range s.cfg.Tokens {
		t.Revoke(token)
	}
}

// finish sends the answer, changed as the fault demands.
func (s *Server) finish(c *Call, w http.ResponseWriter, f kyctest.Fault) {
	a := c.answer
	switch f {
	case kyctest.ResetAfterRead:
		reset(w)
	case kyctest.InvalidJSON:
		a.replaceJSON(cutJSON(a.body))
	case kyctest.DuplicateMember:
		a.replaceJSON(repeatMember(a.body))
	case kyctest.InvalidUTF8:
		a.replaceJSON(spoilUTF8(a.body))
	case kyctest.Truncate:
		if a.bodyless() || len(a.body) < 2 {
			a.replaceJSON([]byte(`{"truncated":true}`))
		}
		s.truncate(a, w)
	case kyctest.SlowBody:
		if !a.bodyless() {
			s.slow(c, w)
			return
		}
	case kyctest.OversizedBody:
		if a.bodyless() || len(a.body) == 0 {
			a.replaceJSON([]byte(`{}`))
		}
		s.oversized(c, w)
		return
	}
	a.send(w)
}

// replaceJSON gives the answer a JSON body, also where the status allowed none.
func (a *answer) replaceJSON(body []byte) {
	if a.bodyless() {
		a.status = http.StatusOK
	}
	if a.header.Get("Content-Type") == "" {
		a.header.Set("Content-Type", "application/json")
	}
	a.body = body
}

// start sends status and headers; a negative length leaves it open.
func (a *answer) start(w http.ResponseWriter, length int) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	if length >= 0 {
		w.Header().Set("Content-Length", strconv.Itoa(length))
	}
	w.WriteHeader(a.status)
}

func (s *Server) truncate(a *answer, w http.ResponseWriter) {
	a.start(w, len(a.body))
	_, _ = w.Write(a.body[:len(a.body)/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func (s *Server) slow(c *Call, w http.ResponseWriter) {
	a := c.answer
	a.start(w, len(a.body))
	step := max(1, (len(a.body)+15)/16)
	for rest := a.body; len(rest) > 0; {
		n := min(step, len(rest))
		if _, err := w.Write(rest[:n]); err != nil {
			panic(http.ErrAbortHandler)
		}
		rest = rest[n:]
		_ = http.NewResponseController(w).Flush()
		timer := time.NewTimer(s.cfg.SlowPause)
		select {
		case <-timer.C:
			continue
		case <-c.Request.Context().Done():
		case <-s.done:
		}
		timer.Stop()
		panic(http.ErrAbortHandler)
	}
}

func (s *Server) oversized(c *Call, w http.ResponseWriter) {
	c.answer.start(w, -1)
	_, err := w.Write(c.answer.body)
	if err == nil {
		_, err = io.CopyN(w, blanks{}, s.cfg.Oversize)
	}
	if err != nil {
		panic(http.ErrAbortHandler)
	}
}

// blanks is an endless source of spaces, which JSON allows after a value.
type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// reset drops the connection with a TCP reset and ends the handler.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		if tcp, ok := conn.(*net.TCPConn); ok {
			// without lingering, closing sends a reset in place of a FIN
			_ = tcp.SetLinger(0)
		}
		_ = conn.Close()
	}
	panic(http.ErrAbortHandler)
}
