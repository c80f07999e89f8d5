package faults

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

func networkFaults() []*fault {
	lookup := func(e net.DNSError) func(context.Context, string) error {
		return func(_ context.Context, addr string) error {
			e := e
			e.Name = addr
			return &net.OpError{Op: "dial", Net: "tcp", Err: &e}
		}
	}
	creates := func(op *operation) bool { return op.class != safe }
	return []*fault{
		{name: "none", want: once(fine)},
		{name: "DNS: no such host", dial: lookup(net.DNSError{Err: "no such host", IsNotFound: true}), want: unreached(false)},
		{name: "DNS: resolver does not answer", dial: lookup(net.DNSError{Err: "i/o timeout", IsTimeout: true, IsTemporary: true}), want: unreached(true)},
		{name: "connection refused", dial: func(context.Context, string) error {
			return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
		}, want: unreached(true)},
		{name: "connection not answered", dial: func(ctx context.Context, _ string) error {
			<-ctx.Done()
			return ctx.Err()
		}, want: stalled(unreached(true), 0)},
		{name: "TLS: certificate of nobody known", tls: authority().present(func(ca *ca) tls.Certificate { return ca.stranger }), want: unreached(false)},
		{name: "TLS: certificate of another host", tls: authority().present(func(ca *ca) tls.Certificate { return ca.good("wrong.example:443") }), want: unreached(false)},
		{name: "TLS: certificate run out", tls: authority().present(func(ca *ca) tls.Certificate { return ca.old }), want: unreached(false)},
		{name: "TLS: no TLS spoken", tls: func(far net.Conn) {
			_, _ = far.Read(make([]byte, 8192))
			_, _ = io.WriteString(far, "220 mail.example ESMTP\r\n")
		}, want: unreached(false)},
		{name: "TLS: plain HTTP spoken", tls: func(far net.Conn) {
			_, _ = far.Read(make([]byte, 8192))
			_, _ = io.WriteString(far, "HTTP/1.1 400 Bad Request\r\n\r\n")
		}, want: unreached(false)},
		{name: "TLS: closed in the handshake", tls: func(far net.Conn) { _, _ = far.Read(make([]byte, 8)) }, want: unreached(true)},
		{name: "reset before the request", greet: func(c *clientConn, far net.Conn) {
			c.reset.Store(true)
			_ = far.Close()
		}, want: broken()},
		{name: "closed before the request", greet: func(_ *clientConn, far net.Conn) { _ = far.Close() }, want: broken()},
		{name: "reset while the request is sent", first: func(c *clientConn, r *bufio.Reader) {
			_, _ = r.Discard(min(r.Buffered(), 60))
			c.reset.Store(true)
		}, want: broken()},
		{name: "reset while the body is sent", processed: true, applies: creates, answer: (*exchange).reset, want: repeated(unavailable)},
		{name: "reset after the request", processed: true, answer: func(x *exchange) bool {
			x.readBody()
			return x.reset()
		}, want: repeated(unavailable)},
		{name: "closed after the request", processed: true, answer: func(x *exchange) bool {
			x.readBody()
			return x.cut()
		}, want: repeated(unavailable)},
		{name: "kept connection: reset after the request", processed: true, kept: true, applies: func(op *operation) bool { return !op.token }, answer: func(x *exchange) bool {
			x.readBody()
			return x.reset()
			// net/http repeats a read by itself, once, where a kept connection ends so. That is one of the attempts.
		}, want: repeated(unavailable)},
		{name: "reset in the headers of the answer", processed: true, answer: func(x *exchange) bool {
			x.readBody()
			x.raw("HTTP/1.1 200 OK\r\nContent-Le")
			return x.reset()
		}, want: repeated(unavailable)},
		{name: "no HTTP in the answer", processed: true, answer: func(x *exchange) bool {
			x.readBody()
			x.raw("220 mail.example ESMTP\r\n")
			return x.cut()
		}, want: repeated(unavailable)},
		{name: "hang before the answer", processed: true, answer: hang, want: stalled(repeated(unavailable), 1)},
		{name: "hang beyond the caller's deadline", processed: true, answer: hang, context: within(10 * time.Second), want: once(late)},
		{name: "hang until the caller cancels", processed: true, answer: hang, context: func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(5*time.Second, cancel)
			return ctx, cancel
		}, want: once(canceled)},
		{name: "the caller's context has ended", context: func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			return ctx, cancel
		}, want: func(*operation) want { return want{kind: canceled} }},
		{name: "server error until the caller's deadline", answer: func(x *exchange) bool {
			x.readBody()
			return x.send(503, "", nil, "Retry-After", "4")
		}, context: within(10 * time.Second), want: func(op *operation) want {
			switch {
			case op.token:
				// Somebody else may wait for the token longer.
				return want{kind: late, seen: 3}
			case op.class == never:
				return want{kind: unavailable, seen: 1}
			default:
				return want{kind: unavailable, seen: 3}
			}
		}},
		{name: "one reset after the request, then good", processed: true, answer: func(x *exchange) bool {
			x.readBody()
			if x.n == 1 {
				return x.reset()
			}
			return x.good()
		}, want: func(op *operation) want {
			if op.class == safe {
				return want{kind: fine, seen: 2}
			}
			return want{kind: unavailable, seen: 1}
		}},
	}
}

func within(d time.Duration) func(context.Context) (context.Context, context.CancelFunc) {
	return func(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithTimeout(ctx, d) }
}

// hang reads the request and never answers.
func hang(x *exchange) bool {
	x.readBody()
	x.done = true
	_, _ = x.r.Peek(1)
	return false
}

// ca is a certificate authority of the tests with the certificates that the faults show.
type ca struct {
	pool          *x509.CertPool
	root          *x509.Certificate
	key           *ecdsa.PrivateKey
	stranger, old tls.Certificate
	mu            sync.Mutex
	issued        map[string]tls.Certificate
}

var (
	longAgo = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
	farOff  = time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)
)

var authority = sync.OnceValue(func() *ca {
	c := &ca{pool: x509.NewCertPool(), issued: map[string]tls.Certificate{}}
	c.key = must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	c.root = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "tests"}, NotBefore: longAgo, NotAfter: farOff,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	c.root = must(x509.ParseCertificate(must(x509.CreateCertificate(rand.Reader, c.root, c.root, c.key.Public(), c.key))))
	c.pool.AddCert(c.root)
	c.stranger = c.issue("stranger.example", farOff, false)
	c.old = c.issue("old.example", longAgo.AddDate(1, 0, 0), true)
	return c
})

func (c *ca) issue(host string, until time.Time, signed bool) tls.Certificate {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), DNSNames: []string{host}, NotBefore: longAgo, NotAfter: until}
	parent, signer := leaf, key
	if signed {
		parent, signer = c.root, c.key
	}
	der := must(x509.CreateCertificate(rand.Reader, leaf, parent, key.Public(), signer))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// good returns a certificate that a client takes for the host of addr.
func (c *ca) good(addr string) tls.Certificate {
	host, _, _ := net.SplitHostPort(addr)
	c.mu.Lock()
	defer c.mu.Unlock()
	if cert, ok := c.issued[host]; ok {
		return cert
	}
	cert := c.issue(host, farOff, true)
	c.issued[host] = cert
	return cert
}

// present shows a certificate and goes on as far as the client lets it.
func (c *ca) present(choose func(*ca) tls.Certificate) func(net.Conn) {
	return func(far net.Conn) {
		s := tls.Server(far, &tls.Config{Certificates: []tls.Certificate{choose(c)}})
		_ = s.Handshake()
		_ = s.Close()
	}
}
