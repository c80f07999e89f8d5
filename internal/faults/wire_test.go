package faults

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// wire is a network of pipes with one server behind every host name. It lives inside a testing/synctest bubble, so that
// hours of waiting cost nothing and a goroutine that stays is a failure.
type wire struct {
	t     testing.TB
	op    *operation
	fault *fault
	armed atomic.Bool

	mu      sync.Mutex
	open    int // connections that the client has not closed
	conns   []*clientConn
	dials   int // since the fault was armed
	seen    []sighting
	tokens  int // requests for a token since the fault was armed
	foreign int // requests to a host that is not the vendor's
	secrets []string

	transport *http.Transport
	servers   sync.WaitGroup
}

// sighting is one request as the server saw it.
type sighting struct {
	at     time.Time
	method string
	host   string
	// credential tells whether the request carried any.
	credential bool
}

func newWire(t testing.TB, op *operation, f *fault) *wire {
	w := &wire{t: t, op: op, fault: f}
	w.transport = &http.Transport{DialContext: w.dial, DialTLSContext: w.dial, TLSHandshakeTimeout: time.Minute}
	if f.tls != nil || f.http2 != nil {
		w.transport.DialTLSContext = nil
		w.transport.TLSClientConfig = &tls.Config{RootCAs: authority().pool, MinVersion: tls.VersionTLS12}
		w.transport.ForceAttemptHTTP2 = f.http2 != nil
	}
	return w
}

func (w *wire) client() *http.Client { return &http.Client{Transport: w.transport} }

// arm lets the fault work and the counts begin. Kept connections end first, unless the fault is about them.
func (w *wire) arm() {
	if !w.fault.kept {
		w.transport.CloseIdleConnections()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dials, w.seen, w.tokens, w.foreign = 0, nil, 0, 0
	w.armed.Store(true)
}

func (w *wire) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	w.mu.Lock()
	if w.armed.Load() {
		w.dials++
	}
	w.mu.Unlock()
	if w.armed.Load() && w.fault.dial != nil && !strings.HasPrefix(addr, elsewhere) {
		if err := w.fault.dial(ctx, addr); err != nil {
			return nil, err
		}
	}
	near, far := net.Pipe()
	c := &clientConn{Conn: near, wire: w}
	w.mu.Lock()
	w.open++
	w.conns = append(w.conns, c)
	w.mu.Unlock()
	w.servers.Go(func() { w.serve(c, far, addr) })
	return c, nil
}

// serve is the server's side of one connection.
func (w *wire) serve(c *clientConn, far net.Conn, addr string) {
	defer func() { _ = far.Close() }()
	if w.fault.tls != nil || w.fault.http2 != nil {
		switch {
		case w.armed.Load() && w.fault.http2 != nil:
			w.serveHTTP2(far, addr)
			return
		case w.armed.Load():
			w.fault.tls(far)
			return
		}
		plain := tls.Server(far, &tls.Config{Certificates: []tls.Certificate{authority().good(addr)}})
		defer func() { _ = plain.Close() }()
		far = plain
	}
	if w.armed.Load() && w.fault.greet != nil {
		w.fault.greet(c, far)
		return
	}
	size := 4096
	if w.fault.first != nil {
		size = 16 // the rest of the request stays with the client
	}
	r := bufio.NewReaderSize(far, size)
	for {
		if _, err := r.Peek(1); err != nil {
			return
		}
		if w.armed.Load() && w.fault.first != nil {
			w.fault.first(c, r)
			return
		}
		req, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		w.note(req)
		x := &exchange{wire: w, conn: c, far: far, r: r, req: req}
		if !w.answer(x) || x.done {
			return
		}
		if _, err := io.Copy(io.Discard, req.Body); err != nil {
			return
		}
	}
}

// note remembers what no error may repeat of a request.
func (w *wire) note(req *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, name := range []string{"Authorization", "X-Api-Key", "X-Yoti-Auth-Digest", "Session-Token"} {
		if v := req.Header.Get(name); v != "" {
			w.secrets = append(w.secrets, strings.TrimPrefix(v, "Bearer "))
		}
	}
	for _, text := range append(strings.Split(req.URL.Path, "/"), req.URL.RawQuery) {
		if len(text) >= 8 && strings.ContainsAny(text, "0123456789") {
			w.secrets = append(w.secrets, text)
		}
	}
}

// answer gives one answer and tells whether the connection stays.
func (w *wire) answer(x *exchange) bool {
	armed := w.armed.Load()
	if strings.HasPrefix(x.req.Host, elsewhere) {
		w.mu.Lock()
		w.foreign++
		if x.credential() {
			w.t.Errorf("a credential went to another host")
		}
		w.mu.Unlock()
		x.readBody()
		return x.good()
	}
	token := strings.HasSuffix(x.req.URL.Path, "/token")
	if token != w.op.token {
		if !token {
			// A token's own operation is followed by a call that needs it.
			x.readBody()
			return x.good()
		}
		w.mu.Lock()
		w.tokens++
		x.n = w.tokens
		w.mu.Unlock()
		if armed && w.fault.onToken != nil {
			return w.fault.onToken(x)
		}
		x.readBody()
		return x.send(200, "application/json", []byte(newToken()))
	}
	w.mu.Lock()
	w.seen = append(w.seen, sighting{at: time.Now(), method: x.req.Method, host: x.req.Host, credential: x.credential()})
	x.n = len(w.seen)
	w.mu.Unlock()
	if armed && w.fault.answer != nil {
		return w.fault.answer(x)
	}
	x.readBody()
	return x.good()
}

// quiet ends what is idle and returns how many connections stay open, which it then ends too.
func (w *wire) quiet() int {
	synctest.Wait() // a stream that was given up is still being taken off its connection
	w.transport.CloseIdleConnections()
	synctest.Wait()
	w.mu.Lock()
	open, conns := w.open, w.conns
	w.mu.Unlock()
	for _, c := range conns {
		_ = c.Close()
	}
	w.servers.Wait()
	synctest.Wait()
	return open
}

// clientConn is the client's end of a pipe. It fails as a socket does.
type clientConn struct {
	net.Conn
	wire  *wire
	reset atomic.Bool
	once  sync.Once
}

func (c *clientConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	return n, c.fault("read", err)
}

func (c *clientConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	return n, c.fault("write", err)
}

func (c *clientConn) fault(op string, err error) error {
	if err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	if c.reset.Load() {
		return &net.OpError{Op: op, Net: "tcp", Addr: c.RemoteAddr(), Err: os.NewSyscallError(op, syscall.ECONNRESET)}
	}
	if op == "write" && errors.Is(err, io.ErrClosedPipe) {
		return &net.OpError{Op: op, Net: "tcp", Addr: c.RemoteAddr(), Err: os.NewSyscallError(op, syscall.EPIPE)}
	}
	return err
}

func (c *clientConn) Close() error {
	c.once.Do(func() {
		c.wire.mu.Lock()
		c.wire.open--
		c.wire.mu.Unlock()
	})
	return c.Conn.Close()
}

// exchange is one request and what the server does with it.
type exchange struct {
	wire *wire
	conn *clientConn
	far  net.Conn
	r    *bufio.Reader
	req  *http.Request
	n    int // the request's number among those of its operation
	done bool
}

func (x *exchange) credential() bool {
	h := x.req.Header
	return h.Get("Authorization") != "" || h.Get("X-Api-Key") != "" || h.Get("X-Yoti-Auth-Digest") != "" || h.Get("Session-Token") != ""
}

func (x *exchange) readBody() { _, _ = io.Copy(io.Discard, x.req.Body) }

// reset ends the connection as a TCP reset does.
func (x *exchange) reset() bool {
	x.conn.reset.Store(true)
	x.done = true
	_ = x.far.Close()
	return false
}

// cut ends the connection in order.
func (x *exchange) cut() bool {
	x.done = true
	_ = x.far.Close()
	return false
}

// raw writes bytes of any kind.
func (x *exchange) raw(text string) { _, _ = io.WriteString(x.far, text) }

// head writes a status line and headers.
func (x *exchange) head(status int, headers ...string) {
	var b strings.Builder
	b.WriteString("HTTP/1.1 " + strconv.Itoa(status) + " " + http.StatusText(status) + "\r\n")
	for i := 0; i+1 < len(headers); i += 2 {
		b.WriteString(headers[i] + ": " + headers[i+1] + "\r\n")
	}
	b.WriteString("\r\n")
	x.raw(b.String())
}

// send writes a whole answer.
func (x *exchange) send(status int, contentType string, body []byte, headers ...string) bool {
	headers = append(headers, "X-Request-Id", "request-0001")
	if status == 204 || status == 304 {
		x.head(status, headers...)
		return true
	}
	if contentType != "" {
		headers = append(headers, "Content-Type", contentType)
	}
	x.head(status, append(headers, "Content-Length", strconv.Itoa(len(body)))...)
	if x.req.Method != http.MethodHead {
		_, _ = x.far.Write(body)
	}
	return true
}

// good writes the recorded answer.
func (x *exchange) good() bool {
	a := x.wire.op.good
	if x.wire.op.token && !strings.HasSuffix(x.req.URL.Path, "/token") {
		a = x.wire.op.after
	}
	return x.send(a.status, a.contentType, a.body())
}
