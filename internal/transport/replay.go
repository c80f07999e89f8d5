package transport

import (
	"io"
	"net/http"
	"net/url"
)

// SingleUse is an Authorizer whose credential is good for one request on the
// wire, as a signature over a nonce is. When a kept connection breaks, net/http
// repeats a read by itself, byte for byte; with such a credential it is kept from
// that, and the retry authorises the read again.
type SingleUse interface{ SingleUse() }

// replayed reports whether net/http repeats requests of a method by itself.
func replayed(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions || method == http.MethodTrace
}

// unreplayable is an empty body that net/http can read only once, which keeps it from sending the request again. It adds
// nothing to the wire.
type unreplayable struct{}

func (unreplayable) Read([]byte) (int, error) { return 0, io.EOF }
func (unreplayable) Close() error             { return nil }

// noteProtocol remembers the origins that answered over HTTP/1. With HTTP/2 an empty body would be a frame of its own, and
// sending keeps net/http from a repeat there.
func (c *Client) noteProtocol(auth Authorizer, u *url.URL, resp *http.Response) {
	if _, ok := auth.(SingleUse); ok && resp.ProtoMajor == 1 {
		c.overHTTP1.LoadOrStore(Origin(u), true)
	}
}

// onceOnly keeps net/http from repeating a request whose credential is used up by the first sending.
func (c *Client) onceOnly(auth Authorizer, out *http.Request) {
	if out.Body != nil || out.ContentLength != 0 || !replayed(out.Method) {
		return
	}
	if _, ok := auth.(SingleUse); !ok {
		return
	}
	if _, ok := c.overHTTP1.Load(Origin(out.URL)); ok {
		out.Body = unreplayable{}
	}
}
