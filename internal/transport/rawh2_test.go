package transport

import (
	"bufio"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// The frames and codes of HTTP/2 that the tests use.
const (
	frameData, frameHeaders, frameReset, frameSettings, framePing, frameGoAway = 0, 1, 3, 4, 6, 7

	codeProtocol, codeInternal, codeRefused, codeCancel = 1, 2, 7, 8
)

// rawServer speaks just enough HTTP/2 to go wrong in ways that net/http's own server does not.
type rawServer struct {
	listener net.Listener
	client   *http.Client
	answer   func(n int, s *rawStream) // for request n, when the whole of it has come

	mu    sync.Mutex
	seen  int
	conns []net.Conn
	done  sync.WaitGroup
}

// rawStream is one request.
type rawStream struct {
	server *rawServer
	conn   net.Conn
	id     uint32
	body   []byte
}

func serveRaw(t *testing.T, answer func(n int, s *rawStream)) *rawServer {
	t.Helper()
	// Only the certificate of this server is of use, and the client that trusts it.
	lender := httptest.NewTLSServer(http.NotFoundHandler())
	defer lender.Close()
	trusted := lender.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: lender.TLS.Certificates, NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	tr := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}, ForceAttemptHTTP2: true}
	s := &rawServer{listener: l, client: &http.Client{Transport: tr}, answer: answer}
	s.done.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns = append(s.conns, c)
			s.mu.Unlock()
			s.done.Go(func() { s.serve(c) })
		}
	})
	t.Cleanup(func() {
		tr.CloseIdleConnections()
		_ = l.Close()
		s.mu.Lock()
		for _, c := range s.conns {
			_ = c.Close()
		}
		s.mu.Unlock()
		s.done.Wait()
	})
	return s
}

// call returns a client of the server and a create, which retries without waiting.
func (s *rawServer) call(t *testing.T, cfg Config, opts ...kyc.Option) (*Client, Call) {
	t.Helper()
	cfg.Options = append([]kyc.Option{fast, kyc.WithHTTPClient(s.client)}, opts...)
	c, call := client(t, "https://"+s.listener.Addr().String(), cfg)
	call.Method, call.Operation.Class, call.Body = http.MethodPost, IfNotProcessed, BytesBody("text/plain", []byte("person"))
	return c, call
}

func (s *rawServer) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen
}

func (s *rawServer) serve(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	if _, err := r.Discard(24); err != nil { // the client's preface
		return
	}
	frame(c, frameSettings, 0, 0, nil)
	bodies := map[uint32][]byte{}
	for {
		var head [9]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return
		}
		payload := make([]byte, int(head[0])<<16|int(head[1])<<8|int(head[2]))
		if _, err := io.ReadFull(r, payload); err != nil {
			return
		}
		kind, flags, id := head[3], head[4], binary.BigEndian.Uint32(head[5:])&0x7fffffff
		switch {
		case (kind == frameSettings || kind == framePing) && flags&1 == 0:
			frame(c, kind, 1, 0, payload[:len(payload)*int(kind/framePing)])
		case kind == frameData:
			bodies[id] = append(bodies[id], payload...)
		}
		if (kind == frameData || kind == frameHeaders) && flags&1 != 0 {
			s.mu.Lock()
			s.seen++
			n := s.seen
			s.mu.Unlock()
			s.answer(n, &rawStream{server: s, conn: c, id: id, body: bodies[id]})
		}
	}
}

func frame(c net.Conn, kind, flags byte, id uint32, payload []byte) {
	b := []byte{byte(len(payload) >> 16), byte(len(payload) >> 8), byte(len(payload)), kind, flags}
	_, _ = c.Write(append(binary.BigEndian.AppendUint32(b, id), payload...))
}

func (s *rawStream) reset(code uint32) {
	frame(s.conn, frameReset, 0, s.id, binary.BigEndian.AppendUint32(nil, code))
}

func (s *rawStream) goAway(last, code uint32) {
	frame(s.conn, frameGoAway, 0, 0, binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, last), code))
}

// ok answers with status 200 and a JSON document.
func (s *rawStream) ok() {
	frame(s.conn, frameHeaders, 4, s.id, []byte{0x88})
	frame(s.conn, frameData, 1, s.id, []byte(`{"name":"x"}`))
}
