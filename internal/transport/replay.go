package transport

import (
	"io"
	"net/http"
	"net/url"
)

// SingleUse is an Authorizer whose credential fits one request on the wire, as
// a signature over a nonce does. net/http repeats a read by itself, byte for
// byte, when a kept connection breaks under it; such a read is left to the
// retry, which authorises anew.
type SingleUse interface{ SingleUse() }

// replayed tells whether net/http repeats requests of a method by itself.
func replayed(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions || method == http.MethodTrace
}

// unreplayable is an empty body that net/http can read only once, which keeps it from sending the request again. Nothing
// of it is on the wire.
type unreplayable struct{}

func (unreplayable) Read([]byte) (int, error) { return 0, io.EOF }
func (unreplayable) Close() error             { return nil }

// noteProtocol remembers the origins that answered by HTTP/1. Only there net/http repeats what may have been read, and only
// on a connection that carried an answer before. With HTTP/2 an empty body would be a frame of its own.
func (c *Client) noteProtocol(auth Authorizer, u *url.URL, resp *http.Response) {
	if _, ok := auth.(SingleUse); ok && resp.ProtoMajor == 1 {
		c.overHTTP1.LoadOrStore(origin(u), true)
	}
}

// onceOnly keeps net/http from repeating a request whose credential was used up.
func (c *Client) onceOnly(auth Authorizer, out *http.Request) {
	if out.Body != nil || out.ContentLength != 0 || !replayed(out.Method) {
		return
	}
	if _, ok := auth.(SingleUse); !ok {
		return
	}
	if _, ok := c.overHTTP1.Load(origin(out.URL)); ok {
		out.Body = unreplayable{}
	}
}
