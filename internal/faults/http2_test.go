package faults

import (
	"bufio"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net"
	"time"
)

// The codes of HTTP/2 with which a stream is reset.
const (
	protocolError = 1
	refusedStream = 7
)

// http2Faults happen to streams that the server has read to their end. net/http sends some of them again by itself.
func http2Faults() []*fault {
	reset := func(code uint32) func(int) (kind byte, stream bool, payload []byte) {
		return func(int) (byte, bool, []byte) { return 3, true, binary.BigEndian.AppendUint32(nil, code) }
	}
	declined := func(op *operation) want {
		if op.has(bodiless) {
			// net/http would send it again itself, and does not say why; so it is left at one sending.
			return want{kind: unavailable, seen: 1}
		}
		return refused(unavailable)(op)
	}
	return []*fault{
		{name: "HTTP/2: protocol error after the request", processed: true, http2: reset(protocolError), want: repeated(unavailable)},
		{name: "HTTP/2: stream declined", http2: reset(refusedStream), want: declined},
		{name: "HTTP/2: shut down before the request", http2: func(int) (byte, bool, []byte) { return 7, false, make([]byte, 8) }, want: declined},
	}
}

// serveHTTP2 reads requests and answers each with one frame, of the stream or of the connection.
func (w *wire) serveHTTP2(far net.Conn, addr string) {
	c := tls.Server(far, &tls.Config{Certificates: []tls.Certificate{authority().good(addr)}, NextProtos: []string{"h2"}})
	defer func() { _ = c.Close() }()
	r := bufio.NewReader(c)
	if _, err := r.Discard(24); err != nil { // the client's preface
		return
	}
	// A pipe holds nothing, so that reading must not wait for what is written.
	frames := make(chan []byte, 100)
	defer close(frames)
	go func() {
		for b := range frames {
			_, _ = c.Write(b)
		}
	}()
	write := func(kind, flags byte, stream uint32, payload []byte) {
		frames <- append(binary.BigEndian.AppendUint32([]byte{0, 0, byte(len(payload)), kind, flags}, stream), payload...)
	}
	write(4, 0, 0, nil) // SETTINGS
	for {
		var head [9]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return
		}
		if _, err := io.CopyN(io.Discard, r, int64(head[0])<<16|int64(head[1])<<8|int64(head[2])); err != nil {
			return
		}
		switch kind, end := head[3], head[4]&1 != 0; {
		case kind == 4 && !end:
			write(4, 1, 0, nil)
		case kind <= 1 && end: // the last DATA, or HEADERS without any
			w.mu.Lock()
			w.seen = append(w.seen, sighting{at: time.Now()})
			n := len(w.seen)
			w.mu.Unlock()
			kind, own, payload := w.fault.http2(n)
			stream := uint32(0)
			if own {
				stream = binary.BigEndian.Uint32(head[5:])
			}
			write(kind, 0, stream, payload)
		}
	}
}
