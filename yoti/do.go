package yoti

import (
	"context"
	"io"
	"net/http"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// Do makes a call that this package has no method for. path is escaped text
// below the base URL that begins with a slash; it may hold a query. in is sent as
// JSON unless it is nil; out receives the JSON answer, or the bytes if it is an
// [io.Writer], and may be nil. GET, HEAD, PUT and DELETE are sent again after
// passing faults, anything else only if it was certainly not processed.
func (c *Client) Do(ctx context.Context, method, path string, in, out any, opts ...kyc.Option) error {
	const operation = "do"
	path, query, _ := strings.Cut(path, "?")
	if !strings.HasPrefix(path, "/") || strings.ContainsAny(path+query, "# \r\n\t") {
		return invalid(operation, "the path does not begin with a slash, or is not escaped")
	}
	class := transport.IfNotProcessed
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete:
		class = transport.Safe
	case "":
		return invalid(operation, "the method is empty")
	}
	call := transport.Call{
		Operation: transport.Operation{Name: operation, Class: class}, Method: method, Base: c.base, Path: path, Query: query,
		Out: out, EmptyOK: true,
	}
	if w, ok := out.(io.Writer); ok {
		call.Out, call.Sink, call.Accept = nil, w, "*/*"
	}
	if in != nil {
		body, err := transport.JSONBody(in)
		if err != nil {
			return invalid(operation, "the request cannot be written as JSON")
		}
		call.Body = body
	}
	_, err := c.http.Do(ctx, call, opts...)
	return err
}
