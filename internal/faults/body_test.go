package faults

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// small keeps the cases of too much data cheap. A request for a token has a cap of its own, which is wider.
const small = 64 << 10

func bodyFaults() []*fault {
	capped := []kyc.Option{kyc.WithMaxBody(small)}
	reading := func(op *operation) bool { return op.output != written && !op.token }
	return []*fault{
		{name: "reset in the body", processed: true, answer: part(func(x *exchange) bool { return x.reset() }), want: damaged(unavailable)},
		{name: "cut short, length declared", processed: true, answer: part((*exchange).cut), want: damaged(malformed)},
		{name: "cut short, chunked", processed: true, answer: func(x *exchange) bool {
			x.readBody()
			b := x.wire.op.good.payload()
			x.head(200, "Content-Type", x.wire.op.good.kind(), "Transfer-Encoding", "chunked")
			x.raw(fmt.Sprintf("%x\r\n%s\r\n", len(b), b))
			return x.cut()
		}, want: damaged(malformed)},
		{name: "hang in the body", processed: true, answer: part(hang), want: stalled(damaged(unavailable), 1)},
		{name: "one byte a second", processed: true, answer: func(x *exchange) bool {
			x.readBody()
			b := x.wire.op.good.payload()
			if x.wire.op.output != written {
				b = append(b, bytes.Repeat([]byte(" "), small)...)
			}
			x.head(200, "Content-Type", x.wire.op.good.kind(), "Content-Length", strconv.Itoa(len(b)))
			for _, c := range b {
				<-time.After(time.Second)
				if _, err := x.far.Write([]byte{c}); err != nil {
					break
				}
			}
			return true
		}, want: func(op *operation) want {
			if op.output == written {
				// Slow is not stalled: each piece renews the time of a download.
				return want{kind: fine, seen: 1}
			}
			return stalled(repeated(unavailable), 1)(op)
		}},
		{name: "gzip announced, none sent", processed: true, answer: zipped(func(b []byte) []byte { return b }), want: repeated(malformed)},
		{name: "gzip cut short", processed: true, answer: zipped(func(b []byte) []byte { z := zip(b); return z[:len(z)-9] }), want: damaged(malformed)},
		{name: "gzip with a wrong checksum", processed: true, answer: zipped(func(b []byte) []byte { z := zip(b); z[len(z)-6] ^= 1; return z }), want: damaged(malformed)},
		{name: "gzip of more than the cap", processed: true, options: capped, applies: reading, answer: zipped(func([]byte) []byte { return zip(bytes.Repeat([]byte(" "), 1<<20)) }), want: once(malformed)},
		{name: "longer than the cap, length declared", processed: true, options: capped, applies: reading, answer: body(func(b []byte) []byte {
			return append(b, bytes.Repeat([]byte(" "), small)...)
		}), want: once(malformed)},
		{name: "longer than the cap, no length", processed: true, options: capped, applies: reading, answer: func(x *exchange) bool {
			x.readBody()
			x.head(200, "Content-Type", "application/json", "Connection", "close")
			_, _ = x.far.Write(append(x.wire.op.good.payload(), bytes.Repeat([]byte(" "), small)...))
			return x.cut()
		}, want: once(malformed)},
		{name: "status 206", processed: true, applies: func(op *operation) bool { return op.output == written }, answer: func(x *exchange) bool {
			x.readBody()
			return x.send(206, x.wire.op.good.kind(), x.wire.op.good.payload(), "Content-Range", "bytes 0-9/100")
		}, want: once(malformed)},
		{name: "JSON without its end", processed: true, answer: body(func(b []byte) []byte { return bytes.TrimRight(b, "}] \r\n\t") }), want: content(malformed)},
		{name: "JSON with more behind it", processed: true, answer: body(func(b []byte) []byte { return append(b, `{"more":1}`...) }), want: content(malformed)},
		{name: "broken UTF-8", processed: true, answer: member(`"broken":"` + "\xff\xfe" + `"`), want: content(malformed)},
		{name: "a member twice", processed: true, answer: member(`"twice":1,"twice":2`), want: content(malformed)},
		{name: "nested too deep", processed: true, answer: member(`"deep":` + strings.Repeat("[", 20000) + strings.Repeat("]", 20000)), want: content(malformed)},
		{name: "HTML with status 200", processed: true, answer: func(x *exchange) bool {
			x.readBody()
			return x.send(200, "text/html", []byte("<html><body>Maintenance for "+personName+"</body></html>"))
		}, want: func(op *operation) want {
			if op.has(typed) {
				return want{kind: malformed, seen: 1}
			}
			return content(malformed)(op)
		}},
		{name: "empty with status 200", processed: true, answer: body(func([]byte) []byte { return nil }), want: func(op *operation) want {
			switch {
			case op.has(emptyOK):
				return want{kind: fine, seen: 1}
			case op.output == written:
				return want{kind: malformed, seen: 1}
			}
			return content(malformed)(op)
		}},
		{name: "status 204", processed: true, answer: func(x *exchange) bool {
			x.readBody()
			return x.send(204, "", nil)
		}, want: func(op *operation) want {
			if op.output == written && op.vendor != kyc.Yoti {
				// Yoti says so that there is no such medium.
				return want{kind: malformed, seen: 1}
			}
			return bare(op)
		}},
		{name: "an empty object", processed: true, answer: body(func([]byte) []byte { return []byte("{}") }), want: noList},
		{name: "null", processed: true, answer: body(func([]byte) []byte { return []byte("null") }), want: noList},
		{name: "a text", processed: true, answer: body(func([]byte) []byte { return []byte(`"` + personName + `"`) }), want: noList},
	}
}

// bare: JSON that says nothing is an empty value, except where the call is of no use without an id.
func bare(op *operation) want {
	if op.has(identified) {
		return want{kind: malformed, seen: 1}
	}
	return want{kind: fine, seen: 1}
}

// noList is bare for answers other than 204: a stream of events is a list or nothing.
func noList(op *operation) want {
	if op.has(listed) && op.has(emptyOK) {
		return want{kind: malformed, seen: 1}
	}
	return bare(op)
}

// part sends half of a good answer and ends it in some way.
func part(end func(x *exchange) bool) func(x *exchange) bool {
	return func(x *exchange) bool {
		x.readBody()
		b := x.wire.op.good.payload()
		x.head(200, "Content-Type", x.wire.op.good.kind(), "Content-Length", strconv.Itoa(len(b)))
		_, _ = x.far.Write(b[:len(b)/2])
		return end(x)
	}
}

// body sends the good answer with another body.
func body(change func(b []byte) []byte) func(x *exchange) bool {
	return func(x *exchange) bool {
		x.readBody()
		return x.send(200, x.wire.op.good.kind(), change(bytes.Clone(x.wire.op.good.payload())))
	}
}

// member sends an object that differs from the good answer by some text at its end. A list gets such an object at its end.
func member(text string) func(x *exchange) bool {
	return body(func(b []byte) []byte {
		b = bytes.TrimSpace(b)
		switch {
		case string(b) == "[]":
			return []byte(`[{` + text + `}]`)
		case b[0] == '[':
			return []byte(strings.TrimSuffix(string(b), "]") + `,{` + text + `}]`)
		case b[0] == '{':
			return []byte(strings.TrimSuffix(string(b), "}") + `,` + text + `}`)
		default:
			return append(b, text...)
		}
	})
}

func zip(b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}

func zipped(change func(b []byte) []byte) func(x *exchange) bool {
	return func(x *exchange) bool {
		x.readBody()
		return x.send(200, x.wire.op.good.kind(), change(bytes.Clone(x.wire.op.good.payload())), "Content-Encoding", "gzip")
	}
}
